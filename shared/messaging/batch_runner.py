"""Getting a batch done, whatever fails on the way: in pieces, halves and again, until it is handled or parked."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from shared.messaging.batch import BatchProcessor, GapError, TooManyBrokenError
from shared.messaging.consumer_state import ConsumerState
from shared.messaging.records import Record, runs
from shared.messaging.what_is_retried import may_pass, pause
from shared.observability import metrics
from shared.observability.full_disk import FULL_DISKS
from shared.observability.tracing import trace_of_event

log = structlog.get_logger()

LANES = 2
LANES_FROM_RECORDS = 500
HELD_SECONDS = 60.0
"""So long a batch is worked on; what is left of it is read again. With one piece on top, far from the time in which
Kafka wants to see a consumer poll."""
PIECE_SECONDS = 10.0
"""A transaction that takes longer is undone and tried in smaller ones. Far from the stall that ends the process, which
would only begin the same work again."""
SMALLER = 8


class GivenBackError(Exception):
    """This batch is left undone: the consumer stops, or the service does."""


class OutOfTimeError(Exception):
    """What is left of this batch is read again: others, and Kafka itself, want to see that this consumer lives."""


class BatchRunner:
    """Runs one batch after another to its end. `stop` is called with the reason when a person must look first.

    `most`: records in one transaction; `patience`: so many parked in a row, without one success, are a bug and no data.
    """

    def __init__(
        self, processor: BatchProcessor, state: ConsumerState, stop: Callable[[str], None], *, most: int, patience: int
    ) -> None:
        self._processor = processor
        self._state = state
        self._stop = stop
        self._patience = patience
        self._parked_in_a_row = 0
        self._most = self._most_ever = most
        self._until = 0.0
        self._leaving = asyncio.Event()

    def leave(self) -> None:
        """Leave: give back what waits for something, let what is being handled end."""
        self._leaving.set()

    def hurry(self) -> None:
        """End with the transaction that is running: somebody waits for this batch."""
        self._until = 0.0

    def begin(self) -> None:
        """Start the clock of a batch that was read."""
        self._until = time.monotonic() + HELD_SECONDS

    async def run(self, records: list[Record]) -> None:
        """Return only when every record is handled or parked. Raises GapError, GivenBackError or OutOfTimeError.

        A large batch goes in two transactions side by side, so that one's Python fills the other's wait for the
        database. Lanes are sets of partitions: whatever is about one person stays in one lane and in order, and two
        lanes meet no more than two replicas do.
        """
        if len(records) < LANES_FROM_RECORDS:
            await self._in_pieces(records)
            return
        lanes: list[list[Record]] = [[] for _ in range(LANES)]
        for (_, partition), run in runs(records):
            lanes[partition % LANES] += run
        ends = await asyncio.gather(*(self._in_pieces(lane) for lane in lanes if lane), return_exceptions=True)
        failures = [end for end in ends if isinstance(end, BaseException)]
        if failures:
            # Giving the batch back outweighs going back in it: then nothing more is read.
            raise next((failure for failure in failures if isinstance(failure, GivenBackError)), failures[0])

    async def _in_pieces(self, records: list[Record]) -> None:
        at = attempt = 0
        while at < len(records):
            self._in_time()
            piece = records[at : at + self._most]
            started = time.monotonic()
            try:
                # A single record has all the time until the consumer counts as stalled.
                async with asyncio.timeout(PIECE_SECONDS if len(piece) > 1 else None) as limit:
                    tally = await self._processor.process(piece, may_park=self._patience - self._parked_in_a_row)
            except GapError:
                raise
            except TooManyBrokenError as error:
                self._stop(str(error))
                raise GivenBackError from error
            except Exception as error:
                failure = error
            else:
                self._parked_in_a_row = 0 if tally.handled else self._parked_in_a_row + tally.broken
                self._state.progressed(piece, tally.fresh)
                if self._most < self._most_ever and time.monotonic() - started < PIECE_SECONDS / 4:
                    self._most = min(2 * self._most, self._most_ever)
                at += len(piece)
                attempt = 0
                continue
            # Outside the handler, lest every halving adds its failure to the next one's story.
            if limit.expired():
                self._most = max(1, len(piece) // SMALLER)
                log.warning("a batch took too long; trying smaller ones", records=len(piece), now=self._most)
            elif may_pass(failure):
                metrics.BATCH_FAILURES.labels(type(failure).__name__).inc()
                FULL_DISKS.notice(failure)
                log.warning("batch waits", error=f"{type(failure).__name__}: {failure}", seconds=pause(attempt))
                if isinstance(failure, asyncpg.LockNotAvailableError):
                    with suppress(Exception):
                        await self._processor.tell_who_holds(piece)
                await self.unless_leaving(asyncio.sleep(pause(attempt)))
                attempt += 1
            else:
                await self._isolate(piece, failure)
                at += len(piece)

    def _in_time(self) -> None:
        if self._leaving.is_set():
            raise GivenBackError
        if time.monotonic() > self._until:
            raise OutOfTimeError

    async def _isolate(self, records: list[Record], error: Exception) -> None:
        """Halve a failing batch until the culprit stands alone; park it."""
        if len(records) > 1:
            metrics.HALVINGS.inc()
            middle = len(records) // 2
            await self._in_pieces(records[:middle])
            await self._in_pieces(records[middle:])
            return
        if self._parked_in_a_row >= self._patience:
            self._stop(
                f"{self._patience} records in a row could not be handled; the last: {type(error).__name__}: {error}"
            )
            raise GivenBackError from error
        log.error("record cannot be handled", exc_info=error, trace=trace_of_event(records[0].value or b""))
        await self._set_aside(records[0], f"{type(error).__name__}: {error}")
        self._parked_in_a_row += 1
        self._state.progressed(records, 1)

    async def _set_aside(self, record: Record, reason: str) -> None:
        """Park a record. Parking needs nothing but the database, so whatever goes wrong with it may pass."""
        attempt = 0
        while True:
            self._in_time()
            try:
                return await self._processor.set_aside(record, reason)
            except GapError:
                raise
            except Exception as error:
                log.warning("parking waits", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                await self.unless_leaving(asyncio.sleep(pause(attempt)))
                attempt += 1

    async def unless_leaving(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Wait for this, or give the batch back when the service stops meanwhile."""
        tasks = [asyncio.create_task(waiting), asyncio.create_task(self._leaving.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if self._leaving.is_set():
            raise GivenBackError
