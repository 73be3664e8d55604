"""The operator's page: `/operator`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class Health(StrEnum):
    """As `/health` says it; `UNREACHABLE` when it did not answer."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True)
class ServiceState:
    """One service. `details` are the parts of its health that are not UP. `outbox` counts rows not sent yet."""

    name: str
    health: Health
    details: Sequence[str]
    outbox: int | None


@dataclass(frozen=True)
class TopicState:
    """One consumer of one topic: records a second over the last minute, lag in records, age of the oldest."""

    topic: str
    consumer: str
    per_second: Decimal
    lag: int
    oldest_seconds: Decimal | None


@dataclass(frozen=True)
class ParkedKey:
    """A key that waits: its first record failed and later ones of the same key stand behind it."""

    service: str
    topic: str
    key: str
    records: int
    error: str
    since: datetime


@dataclass(frozen=True)
class OperatorView:
    """`fragment` is fetched again every five seconds. Forms about a parked key post `service`, `topic`, `key` (and
    `reason` when dropping) to `/operator/parked/release` and `/operator/parked/drop`."""

    template: ClassVar[str] = "pages/operator.html"
    fragment: ClassVar[str] = "fragments/operator.html"

    updated_at: datetime
    services: Sequence[ServiceState]
    topics: Sequence[TopicState]
    parked: Sequence[ParkedKey]
    claims_waiting: int = 0
    contests_waiting: int = 0
