"""Reading a posted form only if it comes from a page of this session (CSRF)."""

import secrets
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from services.gateway.web.kit.form_expired import MOST_FIELDS, FormExpiredError
from services.gateway.web.kit.masking import unmasked
from services.gateway.web.kit.visitor import CurrentVisitor, ForbiddenError, Visitor

MOST_BYTES = 4 * 1024 * 1024


async def read_form(request: Request, visitor: Visitor, most_bytes: int = MOST_BYTES) -> FormData:
    """Read the posted form and check that it comes from a page of this session. FormExpiredError otherwise.

    Nothing is read here of who has no session, and never more than `most_bytes`: what is typed lies in memory whole,
    files lie on disk. Browsers always send the length.
    """
    session = visitor.session
    length = request.headers.get("content-length", "")
    if session is None:
        raise FormExpiredError
    if not length.isdecimal() or int(length) > most_bytes:
        raise ForbiddenError
    form = await request.form(max_fields=MOST_FIELDS, max_files=1)
    token = form.get("csrf_token")
    if not isinstance(token, str) or not secrets.compare_digest(unmasked(token), session.csrf_token.encode()):
        raise FormExpiredError
    return form


async def posted_form(request: Request, visitor: CurrentVisitor) -> FormData:
    """Read the posted form of a route; see `read_form`."""
    return await read_form(request, visitor)


PostedForm = Annotated[FormData, Depends(posted_form)]
"""A route parameter of this type is a form of this session. It stands after who may: that is asked first."""
