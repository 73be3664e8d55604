"""Stands for the services behind the gateway where a test answers itself: through the gateway's own clients."""

from datetime import date
from typing import Any
from uuid import UUID

import orjson

from services.gateway.questions import Questions


def questions_to(answers: Any) -> Questions:
    """The gateway's questions, answered by `answers.ask(service, path, scope, **query)`, and posts by its
    `tell(service, path, scope, body)`: values as JSON has them, None for what is not there."""
    return Questions(_Transport(answers))


class _Transport:
    def __init__(self, answers: Any) -> None:
        self._answers = answers

    async def get(self, service: str, path: str, scope: Any, parameters: Any) -> bytes | None:
        query = {name: _text(value) for name, value in parameters.items()}
        return _json(await self._answers.ask(service, path, scope, **query))

    async def post(self, service: str, path: str, scope: Any, body: bytes) -> bytes | None:
        return _json(await self._answers.tell(service, path, scope, orjson.loads(body)))

    def stream(self, service: str, path: str, scope: Any, parameters: Any) -> Any:
        raise AssertionError(f"nothing is streamed here: {service} {path} {scope} {parameters}")


def _json(answer: Any) -> bytes | None:
    return None if answer is None else orjson.dumps(answer)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, date | UUID) else value
