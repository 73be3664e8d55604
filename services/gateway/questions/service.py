"""What every service can be asked: its status, its parked keys, and a rehearsal (`shared/http`)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from services.gateway.questions.transport import Answer, Transport
from shared.access.scope import Scope
from shared.contracts.answers import service as answers


class ServiceQuestions:
    """The questions to one service. A client of a service adds its own, one method a route."""

    def __init__(self, service: str, transport: Transport) -> None:
        self.service = service
        self.transport = transport

    async def status(self, scope: Scope) -> answers.ServiceStatus | None:
        """Ask for throughput, lag, parked records, outbox and health; None: the scope is no operator's."""
        return await self._get(answers.ServiceStatus, "/internal/status", scope)

    async def parked(self, scope: Scope) -> answers.ParkedKeys | None:
        """Ask for the parked keys, longest first; None: the scope is no operator's."""
        return await self._get(answers.ParkedKeys, "/internal/parked", scope)

    async def release(self, scope: Scope, topic: str, key: str) -> answers.Done | None:
        """Have a parked key tried again; None: nothing is parked under it."""
        parked = {"topic": topic, "key": key}
        return await self._post(answers.Done, "/internal/parked/release", scope, parked, acts=True)

    async def drop(self, scope: Scope, topic: str, key: str, reason: str) -> answers.Done | None:
        """Have the first record of a parked key given up; None: nothing is parked under it."""
        parked = {"topic": topic, "key": key, "reason": reason}
        return await self._post(answers.Done, "/internal/parked/drop", scope, parked, acts=True)

    async def rehearse(self, scope: Scope, topic: str, events: Sequence[bytes]) -> answers.Decisions | None:
        """Ask what would be decided on these encoded events of a topic; nothing comes of it. None: not decided here."""
        body = b'{"topic":"%s","events":[%s]}' % (topic.encode(), b",".join(events))
        return await self.transport.post(self.service, "/internal/rehearsals", scope, body, answers.Decisions)

    async def _get(self, answer: type[Answer], path: str, scope: Scope, **parameters: Any) -> Answer | None:
        """Ask by GET and decode the answer; parameters that are None are not sent."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return await self.transport.get(self.service, path, scope, given, answer)

    async def _post(
        self, answer: type[Answer], path: str, scope: Scope, body: Any, *, acts: bool = False
    ) -> Answer | None:
        """Ask by POST and decode the answer. `acts`: it changes something, and is not to be sent twice."""
        return await self.transport.post(self.service, path, scope, msgspec.json.encode(body), answer, acts=acts)
