"""The relay: brings committed outbox rows to Kafka, in order, and forgets them only when they are there."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial

import structlog
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import BigInteger

from shared.database.engine import driver, transaction
from shared.messaging import outbox
from shared.messaging.producer import Producer
from shared.messaging.records import Outgoing
from shared.observability import metrics

log = structlog.get_logger()

RETRY_SECONDS = (0.1, 0.5, 1, 2, 5)
SWEEP_ROWS = 200
_DELETE = text("delete from outbox where id = any(:ids)").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


class Relay:
    """Rows are offered from memory right after their commit. The table is read at start, and when memory overflowed.

    While Kafka is away rows gather in the table; when more than `memory_rows` wait, memory is let go and the table is
    read in order, so that a long absence costs disk and not memory.
    """

    def __init__(self, engine: AsyncEngine, producer: Producer, *, memory_rows: int, sweep_seconds: float) -> None:
        self._engine = engine
        self._producer = producer
        self._memory_rows = memory_rows
        self._sweep_seconds = sweep_seconds
        self._rows: deque[tuple[int, Sequence[Outgoing]]] = deque()
        self._behind = False
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def offer(self, row: int, events: Sequence[Outgoing]) -> None:
        """Relay this committed row soon."""
        self._idle.clear()
        if not self._behind:
            self._rows.append((row, events))
            if len(self._rows) > self._memory_rows:
                self._rows.clear()
                self._behind = True
        self._wake.set()

    async def drained(self) -> None:
        """Wait until all rows offered so far are in Kafka: the brake for whoever produces faster than Kafka takes."""
        await self._idle.wait()

    @property
    def crowded(self) -> bool:
        """More waits than memory should hold: producers of rows do well to await `drained`."""
        return self._behind or len(self._rows) > self._memory_rows // 2

    async def run(self) -> None:
        """Relay until cancelled."""
        await self._persistently(lambda: self._sweep(0.0))
        while True:
            if not await self._woken():
                await self._persistently(lambda: self._sweep(self._sweep_seconds))
            while self._rows or self._behind:
                if self._behind:
                    # From here on memory fills again; what it gets is in the table too and may be sent twice, in order.
                    self._behind = False
                    await self._persistently(lambda: self._sweep(0.0))
                else:
                    rows = [self._rows.popleft() for _ in range(len(self._rows))]
                    await self._persistently(partial(self._send, rows))
            self._idle.set()

    async def _woken(self) -> bool:
        try:
            async with asyncio.timeout(self._sweep_seconds):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True

    async def _persistently(self, action: Callable[[], Awaitable[None]]) -> None:
        attempt = 0
        while True:
            try:
                return await action()
            except Exception as error:
                pause = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
                log.warning("relay waits", error=f"{type(error).__name__}: {error}", seconds=pause)
                metrics.RELAY_FAILURES.inc()
                attempt += 1
                await asyncio.sleep(pause)

    async def _send(self, rows: list[tuple[int, Sequence[Outgoing]]]) -> None:
        await self._producer.send([event for _, events in rows for event in events])
        async with self._engine.begin() as connection:
            await connection.execute(_DELETE, {"ids": [row for row, _ in rows]})
        self._count(events for _, events in rows)

    async def _sweep(self, older_than_seconds: float) -> None:
        while True:
            async with transaction(self._engine) as connection:
                raw = driver(connection)
                rows = await raw.fetch(outbox.LEFT_BEHIND, older_than_seconds, SWEEP_ROWS)
                if not rows:
                    return
                batches = [outbox.unpack(row["events"]) for row in rows]
                await self._producer.send([event for events in batches for event in events])
                await raw.execute(outbox.DELETE, [row["id"] for row in rows])
            self._count(batches)

    @staticmethod
    def _count(batches: Iterable[Sequence[Outgoing]]) -> None:
        for topic, count in Counter(event.topic for events in batches for event in events).items():
            metrics.RELAYED.labels(topic).inc(count)
