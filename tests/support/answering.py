"""Stands for the services behind the gateway where a test answers itself: through the gateway's own clients."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from services.gateway.questions import Questions

DAY = "2026-01-01"
MOMENT = f"{DAY}T00:00:00+00:00"


def questions_to(answers: Any) -> Questions:
    """The gateway's questions, answered by `answers.ask(service, path, scope, **query)`, and posts by its
    `tell(service, path, scope, body)`: values as JSON has them, None for what is not there. What an answer leaves out
    is made up, as nothing, zero or a day."""
    return Questions(_Transport(answers))


def whole(type_: Any, partial: Any) -> Any:
    """The answer of this type that a test says a part of, as the gateway's clients give it."""
    return msgspec.convert(whole_json(type_, partial), type_, strict=False)


def whole_json(type_: Any, partial: Any) -> Any:
    """The same, as JSON has it."""
    return _whole(inspect.type_info(type_), partial, "")


class _Transport:
    def __init__(self, answers: Any) -> None:
        self._answers = answers

    async def get(self, service: str, path: str, scope: Any, parameters: Any, answer: Any) -> Any:
        query = {name: _text(value) for name, value in parameters.items()}
        told = await self._answers.ask(service, path, scope, **query)
        return None if told is None else whole(answer, told)

    async def post(self, service: str, path: str, scope: Any, body: bytes, answer: Any, *, acts: bool = False) -> Any:
        told = await self._answers.tell(service, path, scope, msgspec.json.decode(body))
        return None if told is None else whole(answer, told)

    def stream(self, service: str, path: str, scope: Any, parameters: Any) -> Any:
        raise AssertionError(f"nothing is streamed here: {service} {path} {scope} {parameters}")

    async def close(self) -> None:
        """Nothing is open."""


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, date | UUID) else value


def _whole(type_: inspect.Type, partial: Any, name: str) -> Any:
    if isinstance(type_, inspect.StructType | inspect.TypedDictType):
        told = {} if partial is None else partial
        made = {
            field.encode_name: _whole(field.type, told.get(field.encode_name), field.encode_name)
            for field in type_.fields
            if field.required or told.get(field.encode_name) is not None
        }
        return told | made
    if partial is None:
        return _nothing(type_, name)
    if isinstance(type_, inspect.ListType):
        return [_whole(type_.item_type, item, "") for item in partial]
    if isinstance(type_, inspect.UnionType):
        of = [one for one in type_.types if isinstance(one, inspect.StructType | inspect.ListType)]
        return _whole(of[0], partial, name) if of else partial
    return partial


_NOTHING: dict[type[inspect.Type], Callable[[Any], Any]] = {
    inspect.IntType: lambda _: 0,
    inspect.FloatType: lambda _: 0.0,
    inspect.BoolType: lambda _: False,
    inspect.DecimalType: lambda _: "0",
    inspect.DateType: lambda _: DAY,
    inspect.DateTimeType: lambda _: MOMENT,
    inspect.ListType: lambda _: [],
    inspect.DictType: lambda _: {},
    inspect.LiteralType: lambda type_: type_.values[0],
}


def _nothing(type_: inspect.Type, name: str) -> Any:
    if isinstance(type_, inspect.StrType):
        return MOMENT if name.endswith(("At", "asOf")) else DAY if name.endswith("From") else ""
    return _NOTHING[type(type_)](type_)
