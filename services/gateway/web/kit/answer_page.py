"""Answering with a page: rendering, security headers, caching, language cookie."""

from typing import cast

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from services.gateway.web.kit.cookies import set_cookie
from services.gateway.web.kit.frame import Frame
from services.gateway.web.kit.notices import NoticedAddress, forget_notice, send_notice
from services.gateway.web.kit.rendering import FragmentView, View, render_fragment, render_page
from services.gateway.web.kit.security_headers import security_headers
from services.gateway.web.kit.visitor import LANGUAGE_COOKIE
from services.gateway.wiring import gateway_of

_YEAR_SECONDS = 31_536_000


def page(request: Request, frame: Frame, view: View, status: int = 200) -> HTMLResponse:
    """Render a view as the answer: the whole page, or only its fragment when htmx asks for that."""
    partial = request.headers.get("hx-request") == "true" and hasattr(view, "fragment")
    html = render_fragment(frame, cast("FragmentView", view)) if partial else render_page(frame, view)
    response = HTMLResponse(html, status, headers=security_headers([gateway_of(request).issuer]))
    response.headers["Cache-Control"] = "no-store" if frame.user_name else "no-cache"
    response.headers["Vary"] = "HX-Request, Accept-Language, Cookie"
    if request.query_params.get("lang"):
        set_cookie(request, response, LANGUAGE_COOKIE, frame.language.value, _YEAR_SECONDS)
    forget_notice(request, response)
    return response


def see_other(request: Request, address: str) -> RedirectResponse:
    """Redirect with 303: the browser fetches the next page with GET, and brings the notice along if there is one."""
    response = RedirectResponse(address, 303)
    if isinstance(address, NoticedAddress):
        send_notice(request, response, address)
    return response
