"""A form that came too late: its session ended, or someone signed in anew since it was opened.

Nothing of it is done, and nothing that was typed is lost: the page that says so holds it, and sends it once more when
the reader asks for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import Request

from services.gateway.wiring import gateway_of

MOST_BYTES = 200_000
MOST_FIELDS = 20_000
CSRF_FIELD = "csrf_token"


class FormExpiredError(Exception):
    """The form does not come from a page of this session."""


@dataclass(frozen=True)
class ExpiredFormView:
    """A form that came too late (419). `kept` is what was typed, to be sent to `action` once more; none if it could
    not be kept. `signed_in`: whether that can be done at once, or only after signing in again.
    """

    template: ClassVar[str] = "kit/form_expired.html"

    action: str
    kept: Sequence[tuple[str, str]]
    signed_in: bool


async def expired_view(request: Request, *, signed_in: bool) -> ExpiredFormView:
    """Build the page that holds what was sent: not a file, and not what another site made this browser send."""
    kept = tuple((name, value) for name, value in await typed_in(request) if name != CSRF_FIELD)
    return ExpiredFormView(request.url.path, kept, signed_in=signed_in)


async def typed_in(request: Request) -> tuple[tuple[str, str], ...]:
    """Read what was typed in the form that was sent, to be sent once more; nothing of what is not for us to keep."""
    if not (_is_own(request) and _is_small(request)):
        return ()
    form = await request.form(max_fields=MOST_FIELDS)
    return tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))


def _is_own(request: Request) -> bool:
    """Check that one of our pages sent it: another site could have its own content sent by a tired visitor."""
    headers = request.headers
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    return headers.get("origin") == gateway_of(request).settings.address


def _is_small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    plain = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return plain and length.isdecimal() and int(length) <= MOST_BYTES
