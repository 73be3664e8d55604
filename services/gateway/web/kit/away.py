"""The page while the database or a disk is away: nothing was registered, and what was typed can be sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import Request

from services.gateway.web.kit.form_expired import typed_in


@dataclass(frozen=True)
class AwayView:
    """What was asked for cannot be answered now (503).

    `address`: what was asked for. `sent`: a form was sent, and `kept` is what was typed in it with its token, to be
    sent to `address` once more; nothing if it could not be kept, such as a file. `trace` is what the reader can give
    to whoever helps.
    """

    template: ClassVar[str] = "kit/away.html"

    address: str
    sent: bool = False
    kept: Sequence[tuple[str, str]] = ()
    trace: str | None = None


async def away_view(request: Request, trace: str | None) -> AwayView:
    """Build the page that answers this request; nothing is asked of the database for it."""
    if request.method != "POST":
        query = f"?{request.url.query}" if request.url.query else ""
        return AwayView(request.url.path + query, trace=trace)
    return AwayView(request.url.path, sent=True, kept=await typed_in(request), trace=trace)
