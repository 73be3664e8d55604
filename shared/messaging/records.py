"""What handlers see of a message, and what they may do with a batch of them.

Records are named tuples: a busy service makes tens of thousands a second.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import asyncpg

from shared.contracts.envelope import encode


class Record(NamedTuple):
    """A record as it came from Kafka. `key` is a person's id, an enterprise number or a submission's id, as ASCII."""

    topic: str
    partition: int
    offset: int
    key: bytes
    value: bytes
    timestamp_ms: int


def runs(records: Iterable[Record]) -> list[tuple[tuple[str, int], list[Record]]]:
    """Group neighbours of one partition, each beside (topic, partition): a batch has few of them, so what is asked
    of its partitions need not be asked of every record."""
    return [(tp, list(run)) for tp, run in groupby(records, _PARTITION)]


_PARTITION = itemgetter(0, 1)


class Outgoing(NamedTuple):
    """An event on its way out: where to, under which key, and its encoded bytes."""

    topic: str
    key: bytes
    value: bytes


class RecordRefusedError(Exception):
    """A handler cannot take one record, now or ever: the record is parked with this reason, its key waits behind it.

    For broken messages only. A declaration that is merely wrong is *decided*: its sender gets an outcome.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Work:
    """One batch's unit of work.

    `connection` is inside the transaction that also moves the watermark; whatever is written through it and everything
    emitted becomes true together, or not at all. `now` is the batch's moment, `moment` the same as events
    write it: handlers never ask the clock themselves.
    """

    connection: asyncpg.Connection
    now: datetime
    outgoing: list[Outgoing] = field(default_factory=list)
    moment: str = field(init=False)

    def __post_init__(self) -> None:
        self.moment = self.now.isoformat()

    def emit(self, topic: str, key: str, event: dict[str, Any]) -> None:
        """Send this event when, and only when, the batch commits."""
        self.outgoing.append(Outgoing(topic, key.encode(), encode(event)))


BatchHandler = Callable[[Work, Sequence[Any]], Awaitable[None]]
"""Handles all decoded events of one topic in one batch, in order per key.

Contract: set-based (a fixed number of statements, however large the batch); pure decisions in between; applying an
event twice, or an older one after a newer, changes nothing; raises whatever went wrong and never commits, retries or
talks to Kafka. The caller halves a failing batch until the culprit stands alone.
"""

Handlers = Mapping[str, BatchHandler]
"""A service's table of contents: topic -> handler. Topics of one batch are handled in this order."""
