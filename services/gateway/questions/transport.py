"""Internal HTTP to the services behind the gateway, always in somebody's scope."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

import httpx
import msgspec

from shared.access.internal_tokens import InternalTokens
from shared.access.scope import Scope
from shared.observability import tracing

TIMEOUT_SECONDS = 10.0
_STALE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""What becomes of a question on a pooled connection that the service closed meanwhile."""
MAX_STREAMS = 5_000

Answer = TypeVar("Answer")
Parameters = Mapping[str, Any]
"""Query parameters by name; a list is sent as the same parameter several times."""


class UnavailableError(Exception):
    """The service did not answer; the visitor may try again in a moment."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


class QuestionRefusedError(Exception):
    """The service says that the question itself is wrong: a value that nobody checked before it was passed on."""


class Transport(Protocol):
    """How a client asks its service; `answer`: the type that the JSON is decoded into.

    None: there is nothing for this scope (403, 404). A field that the type does not know is ignored.

    Raises UnavailableError when the service does not answer, QuestionRefusedError when it refuses the question.
    """

    async def get(
        self, service: str, path: str, scope: Scope, parameters: Parameters, answer: type[Answer]
    ) -> Answer | None:
        """Send `GET path`."""

    async def post(
        self, service: str, path: str, scope: Scope, body: bytes, answer: type[Answer], *, acts: bool = False
    ) -> Answer | None:
        """Send `POST path` with a JSON body: a question whose input is sensitive or long; `acts`: an operator's act."""

    def stream(
        self, service: str, path: str, scope: Scope, parameters: Parameters
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Open `GET path` as a stream of server-sent events that has no end of its own."""

    async def close(self) -> None:
        """Close all connections."""


class HttpTransport:
    """The transport by HTTP. `addresses`: service name -> base URL.

    A question is asked once more where the connection it went out on was closed on the other side (a service that was
    restarted); an act never. Beyond that whoever reads the page asks again, and sees that it did not work.
    """

    def __init__(self, addresses: Mapping[str, str], tokens: InternalTokens) -> None:
        self._tokens = tokens
        self._addresses = addresses
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=httpx.Limits(max_connections=100))
        # Streams have connections of their own: a hundred open pages must not leave the questions without any.
        self._streams = httpx.AsyncClient(limits=httpx.Limits(max_connections=MAX_STREAMS, max_keepalive_connections=0))

    async def get(
        self, service: str, path: str, scope: Scope, parameters: Parameters, answer: type[Answer]
    ) -> Answer | None:
        """Send `GET path`."""
        return _decoded(answer, await self._send("GET", service, path, scope, params=dict(parameters)))

    async def post(
        self, service: str, path: str, scope: Scope, body: bytes, answer: type[Answer], *, acts: bool = False
    ) -> Answer | None:
        """Send `POST path` with a JSON body."""
        return _decoded(answer, await self._send("POST", service, path, scope, acts=acts, content=body))

    async def _send(
        self, method: str, service: str, path: str, scope: Scope, *, acts: bool = False, **options: Any
    ) -> bytes | None:
        headers = self._headers(scope)
        if "content" in options:
            headers = {**headers, "Content-Type": "application/json"}
        try:
            address = self._addresses[service] + path
            try:
                response = await self._http.request(method, address, headers=headers, **options)
            except _STALE:
                if acts:
                    raise
                response = await self._http.request(method, address, headers=headers, **options)
        except httpx.HTTPError as error:
            raise UnavailableError(service) from error
        if response.status_code in (403, 404):
            return None
        if response.status_code >= 500:
            raise UnavailableError(service)
        if response.is_client_error:
            raise QuestionRefusedError(f"{service} refuses {method} {path}: {response.status_code}")
        return response.content

    def stream(
        self, service: str, path: str, scope: Scope, parameters: Parameters
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Open `GET path` as a stream; only its beginning has a time-out."""
        return self._streams.stream(
            "GET",
            self._addresses[service] + path,
            headers=self._headers(scope),
            params=dict(parameters),
            timeout=httpx.Timeout(TIMEOUT_SECONDS, read=None),
        )

    def _headers(self, scope: Scope) -> dict[str, str]:
        """Make the headers of a question: for whom it is asked, and the trace that it belongs to."""
        traceparent = tracing.current()
        return {**self._tokens.authorization(scope), **({tracing.HEADER: traceparent} if traceparent else {})}

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()
        await self._streams.aclose()


def _decoded(answer: type[Answer], content: bytes | None) -> Answer | None:
    return None if content is None else msgspec.json.decode(content, type=answer)
