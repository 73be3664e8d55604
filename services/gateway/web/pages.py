"""Answering with a page: rendering off the request's way, headers, language cookie, and forms read safely."""

import secrets
from collections.abc import Mapping
from typing import Annotated, Any, cast

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from services.gateway.api.parameters import LAST_PAGE
from services.gateway.web.expired import MOST_FIELDS, FormExpiredError
from services.gateway.web.reader import LANGUAGE_COOKIE, ForbiddenError, Reader
from services.gateway.web.rendering import FragmentView, View, render_fragment, render_page
from services.gateway.web.security_headers import security_headers
from services.gateway.web.views.frame import CONFIRMED_COMMITTEES, FieldError, FormState, Frame
from services.gateway.wiring import gateway_of
from shared.anomalies import sentence
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language
from shared.numbers import without_national_numbers

MOST_BYTES = 4 * 1024 * 1024

PageNumber = Annotated[int, Query(alias="page", ge=1, le=LAST_PAGE)]
"""The page of a list, from 1."""


def page(request: Request, frame: Frame, view: View, status: int = 200) -> HTMLResponse:
    """The page, or only its part when htmx asks for that."""
    partial = request.headers.get("hx-request") == "true" and hasattr(view, "fragment")
    html = render_fragment(frame, cast("FragmentView", view)) if partial else render_page(frame, view)
    response = HTMLResponse(html, status, headers=security_headers([gateway_of(request).issuer]))
    response.headers["Cache-Control"] = "no-store" if frame.user_name else "no-cache"
    response.headers["Vary"] = "HX-Request, Accept-Language, Cookie"
    if request.query_params.get("lang"):
        response.set_cookie(LANGUAGE_COOKIE, frame.language.value, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def see_other(address: str) -> RedirectResponse:
    """After a form: the next page, fetched with GET."""
    return RedirectResponse(address, 303)


async def form_of(request: Request, reader: Reader, most_bytes: int = MOST_BYTES) -> FormData:
    """The posted form, checked to come from a page of this session. FormExpiredError otherwise.

    Nothing is read here of who has no session, and never more than `most_bytes`: what is typed lies in memory whole,
    files lie on disk. Browsers always tell the length.
    """
    session = reader.session
    length = request.headers.get("content-length", "")
    if session is None:
        raise FormExpiredError
    if not length.isdecimal() or int(length) > most_bytes:
        raise ForbiddenError
    form = await request.form(max_fields=MOST_FIELDS, max_files=1)
    token = form.get("csrf_token")
    if not isinstance(token, str) or not secrets.compare_digest(token.encode(), session.csrf_token.encode()):
        raise FormExpiredError
    return form


def new_form(
    values: Mapping[str, str] | None = None, choices: Mapping[str, tuple[str, ...]] | None = None
) -> FormState:
    """An untouched form."""
    return FormState(secrets.token_urlsafe(16), values or {}, choices or {})


def state_of(
    form: FormData, fields: tuple[str, ...], several: tuple[str, ...] = (), errors: tuple[FieldError, ...] = ()
) -> FormState:
    """The form as it was sent, to be shown again; a national number only in the field that is made for it."""
    return FormState(
        str(form.get("submission_key", "")) or secrets.token_urlsafe(16),
        {
            name: str(form[name]) if name == "ssin" else without_national_numbers(str(form[name]))
            for name in (*fields, CONFIRMED_COMMITTEES)
            if name in form and name not in several
        },
        {name: tuple(str(value) for value in form.getlist(name)) for name in several},
        errors,
    )


def typed(form: FormData, name: str) -> str:
    """What was typed, without the blanks of a keyboard around it; empty when nothing was."""
    value = form.get(name, "")
    return value.strip(" \t\r\n") if isinstance(value, str) else ""


def errors_of(
    anomalies: list[Anomaly], language: Language, names: Mapping[str, str] | None = None
) -> tuple[FieldError, ...]:
    """Anomalies as errors of a form's fields. `names`: the API's field -> the form's, where they differ."""
    return tuple(
        FieldError(
            (names or {}).get(found.get("field", ""), found.get("field")),
            sentence(found, language),
        )
        for found in anomalies
    )


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """`{"provider.name": "X"}` -> `{"provider": {"name": "X"}}`, without what is empty."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        if value in ("", None):
            continue
        *parents, leaf = path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return tree
