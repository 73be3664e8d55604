"""The catalogue of topics: what each holds, how long it is kept and how its bytes are read."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from shared.contracts import (
    employer_submissions,
    employments,
    entitlements,
    outcomes,
    training_submissions,
    trainings,
)

FOR_EVER = -1
NINETY_DAYS = 90 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Topic:
    """`event` is the union of all event types; `retention_ms` as Kafka takes it, -1 for ever."""

    name: str
    event: Any
    retention_ms: int
    adapter: TypeAdapter[Any]
    many: TypeAdapter[list[Any]]


def _topic(name: str, event: Any, retention_ms: int) -> Topic:
    return Topic(name, event, retention_ms, TypeAdapter(event), TypeAdapter(list[event]))


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        _topic(training_submissions.TOPIC, training_submissions.Event, NINETY_DAYS),
        _topic(employer_submissions.TOPIC, employer_submissions.Event, NINETY_DAYS),
        _topic(trainings.TOPIC, trainings.Event, FOR_EVER),
        _topic(employments.TOPIC, employments.Event, FOR_EVER),
        _topic(entitlements.TOPIC, entitlements.Event, FOR_EVER),
        _topic(outcomes.TOPIC, outcomes.Event, NINETY_DAYS),
    )
}
