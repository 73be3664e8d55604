"""What every service answers an operator, and whoever rehearses declarations."""

from datetime import datetime
from typing import Literal

from shared.contracts.answers.parts import Answer
from shared.contracts.outcomes import Decision


class Health(Answer, frozen=True, kw_only=True):
    """`details`: what is not as it should be, by part of the service. DOWN: no progress without help."""

    status: Literal["UP", "DEGRADED", "DOWN"]
    details: dict[str, str]


class TopicStatus(Answer, frozen=True, kw_only=True):
    """How far a consumer is with a topic: records handled since it started, a second, waiting, and parked.

    `oldest_seconds`: the age of the oldest record that waits.
    """

    topic: str
    handled: int
    per_second: float
    lag: int
    oldest_seconds: float
    parked: int


class OutboxStatus(Answer, frozen=True, kw_only=True):
    """Rows of the outbox that are not sent yet, and the age of the oldest."""

    rows: int
    oldest_seconds: float


class ServiceStatus(Answer, frozen=True, kw_only=True):
    """Everything the operator's page shows of a service."""

    service: str
    health: Health
    topics: list[TopicStatus]
    outbox: OutboxStatus


class ParkedKey(Answer, frozen=True, kw_only=True):
    """A key whose records wait: its first offset, how many, since when, and the error of the first.

    `released`: an operator asked for another try.
    """

    topic: str
    key: str
    offset: int
    records: int
    since: datetime
    error: str
    attempts: int
    released: bool


class ParkedKeys(Answer, frozen=True, kw_only=True):
    """The parked keys, those parked longest first; at most 200."""

    items: list[ParkedKey]


class Done(Answer, frozen=True, kw_only=True):
    """An operator's act was taken on: nothing more to say."""


class Decisions(Answer, frozen=True, kw_only=True):
    """What would be decided, as `fla.outcomes` would have it."""

    decisions: list[Decision]
