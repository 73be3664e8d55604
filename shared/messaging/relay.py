"""The relay: brings committed outbox rows to Kafka, in order, and forgets them only when they are there."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import driver, each_by_itself, transaction, unhurried
from shared.messaging import outbox
from shared.messaging.producer import SEND_SECONDS, Producer
from shared.messaging.records import Outgoing
from shared.messaging.what_is_retried import pause
from shared.observability import metrics
from shared.observability.full_disk import FULL_DISKS

log = structlog.get_logger()

MEMORY_BYTES = 32 * 1024 * 1024
SETTLED_SECONDS = 1.0
"""Rows of a living replica are on their way from its memory; older ones are nobody's."""


class _Waiting(NamedTuple):
    row: int
    events: Sequence[Outgoing]
    size: int


class Relay:
    """Rows are offered from memory right after their commit. The table is read at start, when partitions are assigned
    (their last owner may have left something), every `sweep_seconds`, and when memory overflowed.

    While Kafka is away rows gather in the table; when more than `memory_rows` or MEMORY_BYTES wait, memory is let go
    and the table is read in order, so that a long absence costs disk and not memory.
    """

    def __init__(self, engine: AsyncEngine, producer: Producer, *, memory_rows: int, sweep_seconds: float) -> None:
        self._engine = engine
        self._producer = producer
        self._memory_rows = memory_rows
        self._sweep_seconds = sweep_seconds
        self._rows: deque[_Waiting] = deque()
        self._size = 0
        self._behind = False
        self._sweep_at = 0.0
        self._sweep_age = 0.0
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def offer(self, row: int, events: Sequence[Outgoing]) -> None:
        """Relay this committed row soon."""
        self._idle.clear()
        if not self._behind:
            waiting = _Waiting(row, events, sum([len(event.value) for event in events]))
            self._rows.append(waiting)
            self._size += waiting.size
            if len(self._rows) > self._memory_rows or self._size > MEMORY_BYTES:
                self._rows.clear()
                self._size = 0
                self._behind = True
        self._wake.set()

    def look_for_left_behind(self) -> None:
        """Look soon for what another owner of our partitions may have left in the table, and relay it."""
        self._sweep_at, self._sweep_age = 0.0, SETTLED_SECONDS
        self._wake.set()

    async def drained(self) -> None:
        """Wait until all rows offered so far are in Kafka: the brake for whoever produces faster than Kafka takes."""
        await self._idle.wait()

    @property
    def crowded(self) -> bool:
        """Whether so much waits that a producer does well to await `drained`."""
        return self._behind or len(self._rows) > self._memory_rows // 2 or self._size > MEMORY_BYTES // 2

    async def run(self) -> None:
        """Relay until cancelled. What the last process left goes first, however young."""
        while True:
            if time.monotonic() >= self._sweep_at:
                await self._persistently(partial(self._sweep, self._sweep_age))
                self._sweep_at, self._sweep_age = time.monotonic() + self._sweep_seconds, self._sweep_seconds
            elif self._behind:
                # From here on memory fills again.
                self._behind = False
                await self._persistently(partial(self._sweep, 0.0))
            elif self._rows:
                rows = list(self._rows)
                self._rows.clear()
                self._size = 0
                await self._persistently(partial(self._send, rows))
            else:
                self._idle.set()
                await self._woken()

    async def _woken(self) -> None:
        try:
            async with asyncio.timeout(max(0.0, self._sweep_at - time.monotonic())):
                await self._wake.wait()
        except TimeoutError:
            return
        self._wake.clear()

    async def _persistently(self, action: Callable[[], Awaitable[None]]) -> None:
        attempt = 0
        while True:
            try:
                return await action()
            except Exception as error:
                FULL_DISKS.notice(error)
                log.warning("relay waits", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                metrics.RELAY_FAILURES.inc()
                await asyncio.sleep(pause(attempt))
                attempt += 1

    async def _send(self, rows: Sequence[_Waiting]) -> None:
        await self._producer.send([event for row in rows for event in row.events])
        async with each_by_itself(self._engine) as connection:
            await driver(connection).execute(outbox.DELETE, [row.row for row in rows])
        self._count(row.events for row in rows)

    async def _sweep(self, older_than_seconds: float) -> None:
        """Relay what lies in the table, in order, a bounded piece at a time."""
        while True:
            async with transaction(self._engine) as connection:
                raw = driver(connection)
                # Others pass over the rows it has locked.
                await unhurried(raw, 2 * SEND_SECONDS)
                rows = await raw.fetch(outbox.LEFT_BEHIND, older_than_seconds)
                if not rows:
                    return
                batches = [outbox.unpack(row["events"]) for row in rows]
                await self._producer.send([event for events in batches for event in events])
                ids = {row["id"] for row in rows}
                await raw.execute(outbox.DELETE, ids)
            self._forget(ids)
            self._count(batches)

    def _forget(self, ids: set[int]) -> None:
        """Forget rows that are in Kafka: sending them again from memory would put them behind later ones."""
        self._rows = deque(waiting for waiting in self._rows if waiting.row not in ids)
        self._size = sum(waiting.size for waiting in self._rows)

    @staticmethod
    def _count(batches: Iterable[Sequence[Outgoing]]) -> None:
        for topic, count in Counter(event.topic for events in batches for event in events).items():
            metrics.RELAYED.labels(topic).inc(count)
