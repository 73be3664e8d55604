"""What holds for every answer of the gateway, whoever makes it.

Safe headers, what is left of the rate limit, HEAD wherever there is GET, and a refusal that its sender can still read.
"""

import asyncio
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.limits import LINGERING_BYTES, LINGERING_SECONDS
from services.gateway.rate_limits import Quota

_ALWAYS: Final = ((b"x-content-type-options", b"nosniff"),)
_UNLESS_SAID: Final = ((b"cache-control", b"no-store"),)
_OVER_HTTPS: Final = ((b"strict-transport-security", b"max-age=31536000"),)
_REFUSED: Final = 400


class _AnsweredError(BaseException):
    """The headers are sent, and HEAD wants nothing else. Not an Exception: nobody is to answer it once more."""


class Edge:
    """Answers HEAD as GET without its body, and lets no answer be stored or taken for another type by default."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, HEAD as GET, and complete the headers of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        only_headers = scope["method"] == "HEAD"
        asked = {**scope, "method": "GET"} if only_headers else scope
        state = asked.setdefault("state", {})
        expects = dict(scope["headers"]).get(b"expect", b"").lower()
        body = _Body(receive, waits=expects == b"100-continue")

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message.get("headers", ())), scope["scheme"], state.get("quota"))
                if message["status"] >= _REFUSED:
                    await body.linger()
            await send(message)
            if only_headers:
                # What would follow may be long, or (a stream of changes) never end.
                await send({"type": "http.response.body", "body": b""})
                raise _AnsweredError

        try:
            await self._app(asked, body.receive, completed)
        except _AnsweredError:
            return


class _Body:
    """The body of a request, as far as it was read."""

    def __init__(self, receive: Receive, *, waits: bool) -> None:
        """Take what reads it. `waits`: its sender waits until it is asked for (`Expect: 100-continue`)."""
        self._receive = receive
        self._waits = waits
        self._ended = False

    async def receive(self) -> Message:
        """Hand on the next part."""
        self._waits = False
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def linger(self) -> None:
        """Read on for a while and keep nothing: a sender that is cut off in the middle never sees why.

        One that waits to be asked is not asked for what is refused already.
        """
        if self._waits:
            return
        left = LINGERING_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGERING_SECONDS):
                while not self._ended and left > 0:
                    left -= len((await self.receive()).get("body", b""))


def _completed(headers: list[tuple[bytes, bytes]], scheme: str, quota: Quota | None) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    left = quota.headers().items() if quota is not None else ()
    wanted = [
        *_ALWAYS,
        *_UNLESS_SAID,
        *(_OVER_HTTPS if scheme == "https" else ()),
        *((name.lower().encode(), value.encode()) for name, value in left),
    ]
    return headers + [(name, value) for name, value in wanted if name not in there]
