"""What every service can be asked: its status, its parked keys, and a rehearsal (`shared/http`)."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from services.gateway.questions.transport import Transport
from shared.access.scope import Scope

Answer = TypeVar("Answer")


class ServiceQuestions:
    """The questions to one service. A client of a service adds its own, one method a route."""

    def __init__(self, service: str, transport: Transport) -> None:
        self.service = service
        self.transport = transport

    async def status(self, scope: Scope) -> dict[str, Any] | None:
        """Ask for throughput, lag, parked records, outbox and health; None: the scope is no operator's."""
        return await self._get(dict[str, Any], "/internal/status", scope)

    async def parked(self, scope: Scope) -> dict[str, Any] | None:
        """Ask for the parked keys, longest first; None: the scope is no operator's."""
        return await self._get(dict[str, Any], "/internal/parked", scope)

    async def release(self, scope: Scope, topic: str, key: str) -> dict[str, Any] | None:
        """Have a parked key tried again; None: nothing is parked under it."""
        return await self._post(dict[str, Any], "/internal/parked/release", scope, {"topic": topic, "key": key})

    async def drop(self, scope: Scope, topic: str, key: str, reason: str) -> dict[str, Any] | None:
        """Have the first record of a parked key given up; None: nothing is parked under it."""
        return await self._post(
            dict[str, Any], "/internal/parked/drop", scope, {"topic": topic, "key": key, "reason": reason}
        )

    async def rehearse(self, scope: Scope, topic: str, events: Sequence[bytes]) -> dict[str, Any] | None:
        """Ask what would be decided on these encoded events of a topic; nothing comes of it. None: not decided here."""
        body = b'{"topic":"%s","events":[%s]}' % (topic.encode(), b",".join(events))
        return _decoded(dict[str, Any], await self.transport.post(self.service, "/internal/rehearsals", scope, body))

    async def _get(self, answer: type[Answer], path: str, scope: Scope, **parameters: Any) -> Answer | None:
        """Ask by GET and decode the answer; parameters that are None are not sent."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return _decoded(answer, await self.transport.get(self.service, path, scope, given))

    async def _post(self, answer: type[Answer], path: str, scope: Scope, body: Any) -> Answer | None:
        """Ask by POST and decode the answer."""
        return _decoded(answer, await self.transport.post(self.service, path, scope, msgspec.json.encode(body)))


def _decoded(answer: type[Answer], content: bytes | None) -> Answer | None:
    return None if content is None else msgspec.json.decode(content, type=answer)
