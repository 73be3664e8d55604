"""Signing out (OpenID Connect RP-Initiated Logout 1.0). There is no session to end: it leads back, or says so."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from deploy.identity_provider.pages import page
from deploy.identity_provider.provider import DemoIdentityProvider


def routes(provider: DemoIdentityProvider) -> APIRouter:
    router = APIRouter()

    @router.api_route("/end_session", methods=["GET", "POST"])
    async def end_session(request: Request) -> Response:
        asked = {**request.query_params}
        if request.method == "POST":
            asked |= {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        client = provider.clients.web(asked.get("client_id", ""))
        target = asked.get("post_logout_redirect_uri")
        if target is None:
            return page(request, "signed_out.html")
        if client is None or target not in client.post_logout_redirect_uris:
            return page(request, "refused.html", status=400, reason="post_logout_redirect_uri")
        state = f"?{urlencode({'state': asked['state']})}" if "state" in asked else ""
        return RedirectResponse(f"{target}{state}", status_code=303)

    return router
