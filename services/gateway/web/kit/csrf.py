"""Reading a posted form only if it comes from a page of this session (CSRF)."""

import secrets

from fastapi import Request
from starlette.datastructures import FormData

from services.gateway.web.kit.form_expired import MOST_FIELDS, FormExpiredError
from services.gateway.web.kit.visitor import ForbiddenError, Reader

MOST_BYTES = 4 * 1024 * 1024


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
