"""Questions to the services behind the gateway: internal HTTP, read-only, always in somebody's scope."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from shared.access.internal_tokens import InternalTokens
from shared.access.scope import Scope

SECONDS = 10.0
MOST_STREAMS = 5_000


class UnavailableError(Exception):
    """The service did not answer; the reader may try again in a moment."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


class QuestionRefusedError(Exception):
    """The service says that the question itself is wrong: a value that nobody checked before it was passed on."""


class Questions:
    """Asks other services. `addresses`: service name -> base URL."""

    def __init__(self, addresses: dict[str, str], tokens: InternalTokens) -> None:
        self._tokens = tokens
        self._addresses = addresses
        self._http = httpx.AsyncClient(timeout=SECONDS, limits=httpx.Limits(max_connections=100))
        # Streams have connections of their own: a hundred open pages must not leave the questions without any.
        self._streams = httpx.AsyncClient(
            limits=httpx.Limits(max_connections=MOST_STREAMS, max_keepalive_connections=0)
        )

    async def ask(self, service: str, path: str, scope: Scope, **query: Any) -> Any:
        """The JSON answer to `GET path`, or None where there is nothing (404) for this scope."""
        parameters = {name: value for name, value in query.items() if value is not None}
        return await self._send("GET", service, path, scope, params=parameters)

    async def tell(self, service: str, path: str, scope: Scope, body: Any) -> Any:
        """The JSON answer to `POST path`: a question whose input is sensitive or long, or an operator's act."""
        return await self._send("POST", service, path, scope, json=body)

    async def rehearse(self, service: str, topic: str, values: Sequence[bytes], scope: Scope) -> Any:
        """What the service would decide on these encoded events of a topic: nothing comes of it."""
        body = b'{"topic":"%s","events":[%s]}' % (topic.encode(), b",".join(values))
        headers = {"Content-Type": "application/json"}
        return await self._send("POST", service, "/internal/rehearsals", scope, content=body, more_headers=headers)

    async def _send(
        self,
        method: str,
        service: str,
        path: str,
        scope: Scope,
        more_headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        headers = {**self._tokens.authorization(scope), **(more_headers or {})}
        try:
            answer = await self._http.request(method, self._addresses[service] + path, headers=headers, **options)
        except httpx.HTTPError as error:
            raise UnavailableError(service) from error
        if answer.status_code in (403, 404):
            return None
        if answer.status_code >= 500:
            raise UnavailableError(service)
        if answer.is_client_error:
            raise QuestionRefusedError(f"{service} refuses {method} {path}: {answer.status_code}")
        return answer.json()

    def stream(self, service: str, path: str, scope: Scope, **query: Any) -> Any:
        """An open stream of `GET path`, for server-sent events; an async context manager."""
        return self._streams.stream(
            "GET",
            self._addresses[service] + path,
            headers=self._tokens.authorization(scope),
            params=query,
            timeout=httpx.Timeout(SECONDS, read=None),
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()
        await self._streams.aclose()
