"""What holds for every answer of the gateway, whoever makes it: safe headers, and HEAD wherever there is GET."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = ((b"x-content-type-options", b"nosniff"),)
_UNLESS_SAID: Final = ((b"cache-control", b"no-store"),)
_OVER_HTTPS: Final = ((b"strict-transport-security", b"max-age=31536000"),)


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

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message.get("headers", ())), scope["scheme"])
            await send(message)
            if only_headers:
                # What would follow may be long, or (a stream of changes) never end.
                await send({"type": "http.response.body", "body": b""})
                raise _AnsweredError

        try:
            await self._app(asked, receive, completed)
        except _AnsweredError:
            return


def _completed(headers: list[tuple[bytes, bytes]], scheme: str) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    wanted = [*_ALWAYS, *_UNLESS_SAID, *(_OVER_HTTPS if scheme == "https" else ())]
    return headers + [(name, value) for name, value in wanted if name not in there]
