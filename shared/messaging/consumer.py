"""Consuming: from FastStream's batches to committed work, whatever fails on the way.

The loop is ours: a batch leaves this module only when its records are handled or parked, so FastStream never moves on
past work that is not done. Progress is in PostgreSQL (`progress`); Kafka's offsets are committed once a second as a
hint, and on assignment the consumer is put where the database says (`placement`).
"""

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import parking
from shared.messaging.batch import BatchProcessor, GapError, TooManyBrokenError
from shared.messaging.faults import may_pass, pause
from shared.messaging.placement import LogTooShortError, place
from shared.messaging.progress import Place
from shared.messaging.records import Handlers, Record, runs
from shared.messaging.relay import Relay
from shared.messaging.state import ConsumerState
from shared.observability import metrics
from shared.settings import ServiceSettings

log = structlog.get_logger()

COMMIT_EVERY_SECONDS = 1.0
LANES = 2
LANES_FROM_RECORDS = 500
REBALANCE_PATIENCE_SECONDS = 20
RELEASED_EVERY_SECONDS = 2.0
POLL_SECONDS = 300.0
"""Who reads nothing for so long is thrown out of the group (Kafka's `max.poll.interval.ms`)."""
HELD_SECONDS = 60.0
"""So long a batch is worked on; what is left of it is read again. With one piece on top, far from POLL_SECONDS."""
PIECE_SECONDS = 10.0
"""A transaction that takes longer is undone and tried in smaller ones. Far from the stall that ends the process, which
would only begin the same work again."""
SMALLER = 8


class _GivenBackError(Exception):
    """This batch is left undone: the consumer stops, or the service does."""


class _OutOfTimeError(Exception):
    """What is left of this batch is read again: others, and Kafka itself, want to see that this consumer lives."""


async def _passthrough(message: Any) -> Any:
    return message.body


async def _lean_parser(message: Sequence[ConsumerRecord]) -> KafkaMessage:
    """FastStream's own parser copies every value and header; the batch is all that is needed."""
    return KafkaMessage(body=b"", raw_message=tuple(message), headers={}, message_id="", consumer=None)  # type: ignore[arg-type]


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """One service's consumer of all the topics its handlers name."""

    def __init__(
        self,
        *,
        group: str,
        broker: KafkaBroker,
        engine: AsyncEngine,
        relay: Relay,
        handlers: Handlers,
        settings: ServiceSettings,
    ) -> None:
        self.state = ConsumerState(stall_seconds=settings.stall_seconds)
        self._engine = engine
        self._relay = relay
        self._handlers = handlers
        self._patience = settings.parked_in_a_row
        self._processor = BatchProcessor(engine, relay, handlers)
        self._handling = asyncio.Lock()
        self._leaving = asyncio.Event()
        self._placing: asyncio.Task[None] | None = None
        self._parked_in_a_row = 0
        self._committed_at = 0.0
        self._most = self._most_ever = settings.batch_records
        self._until = 0.0
        self._subscriber = broker.subscriber(
            *handlers,
            group_id=group,
            batch=True,
            max_records=settings.batch_records,
            batch_timeout_ms=settings.batch_pause_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            session_timeout_ms=30_000,
            max_poll_interval_ms=int(POLL_SECONDS * 1000),
            heartbeat_interval_ms=2_000,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            listener=self,
            parser=_lean_parser,
            decoder=_passthrough,
        )
        self._subscriber(self._on_batch)

    @property
    def kafka(self) -> AIOKafkaConsumer | None:
        """The aiokafka consumer while it runs."""
        consumer: AIOKafkaConsumer | None = self._subscriber.consumer
        return consumer

    def leave(self) -> None:
        """The service stops: give back what waits for something, let what is being handled end."""
        self._leaving.set()

    def stop(self, reason: str) -> None:
        """Handle nothing more until a person has looked; the partitions stay ours, so that nobody else stumbles."""
        self.state.stop(reason)
        log.error("consumer stopped", reason=reason)
        self._hold()

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Begin where the database says, not where Kafka thinks."""
        self._begin()

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Let the running transaction end, within reason; should it not, the watermark's lock makes it harmless."""
        self._until = 0.0
        try:
            async with asyncio.timeout(REBALANCE_PATIENCE_SECONDS), self._handling:
                await self._commit_hint(force=True)
        except TimeoutError:
            log.warning("a batch outlasted the rebalance")
        self._cancel_placing()
        self.state.revoke()

    def _hold(self) -> frozenset[TopicPartition]:
        """Fetch nothing for now; what is assigned."""
        assigned: frozenset[TopicPartition] = self.kafka.assignment() if self.kafka is not None else frozenset()
        if self.kafka is not None and assigned:
            self.kafka.pause(*assigned)
        return assigned

    def _begin(self) -> None:
        """Hold everything until each partition is in its place. In the background: a database that is away, or a lock
        that a zombie still holds, must not hold up the rebalance, which the whole group waits for."""
        self._cancel_placing()
        assigned = self._hold()
        if not assigned:
            self.state.assign({})
        elif not self.state.stopped:
            self._placing = asyncio.create_task(self._place(assigned))

    def _cancel_placing(self) -> None:
        if self._placing is not None:
            self._placing.cancel()
            self._placing = None

    async def _place(self, assigned: frozenset[TopicPartition]) -> None:
        attempt = 0
        while True:
            kafka = self.kafka
            if kafka is None:
                return
            try:
                offsets = await place(self._engine, kafka, [(tp.topic, tp.partition) for tp in assigned])
                kafka.resume(*assigned)
                break
            except LogTooShortError as error:
                self.stop(str(error))
                return
            except Exception as error:
                log.warning("partitions wait", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                await asyncio.sleep(pause(attempt))
                attempt += 1
        self.state.assign(offsets)
        self._relay.look_for_left_behind()

    async def _on_batch(self, message: KafkaMessage) -> None:
        raw: Any = message.raw_message
        records = [Record(r.topic, r.partition, r.offset, r.key or b"", r.value or b"", r.timestamp) for r in raw]
        async with self._handling:
            if self.state.stopped:
                return
            self.state.begin(records)
            self._until = time.monotonic() + HELD_SECONDS
            try:
                if self._relay.crowded:
                    await self._unless_leaving(self._relay.drained())
                await self._settle_in_lanes(records)
            except GapError as gap:
                log.error("records were skipped; reading them again", skipped=str(gap))
                self._begin()
            except _OutOfTimeError:
                log.warning("the rest of a batch is read again", records=len(records))
                self._begin()
            except _GivenBackError:
                return
            finally:
                self.state.end()
            await self._commit_hint()

    async def _settle_in_lanes(self, records: list[Record]) -> None:
        """A large batch goes in two transactions side by side, so that one's Python fills the other's wait for the
        database. Lanes are sets of partitions: whatever is about one person stays in one lane and in order, and two
        lanes meet no more than two replicas do.
        """
        if len(records) < LANES_FROM_RECORDS:
            await self._settle(records)
            return
        lanes: list[list[Record]] = [[] for _ in range(LANES)]
        for (_, partition), run in runs(records):
            lanes[partition % LANES] += run
        ends = await asyncio.gather(*(self._settle(lane) for lane in lanes if lane), return_exceptions=True)
        failures = [end for end in ends if isinstance(end, BaseException)]
        if failures:
            # Giving the batch back outweighs going back in it: then nothing more is read.
            raise next((failure for failure in failures if isinstance(failure, _GivenBackError)), failures[0])

    async def _settle(self, records: list[Record]) -> None:
        """Return only when every record is handled or parked."""
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
                self.stop(str(error))
                raise _GivenBackError from error
            except Exception as error:
                failure = error
            else:
                self._parked_in_a_row = 0 if tally.handled else self._parked_in_a_row + tally.broken
                self.state.progressed(piece, tally.fresh)
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
                log.warning("batch waits", error=f"{type(failure).__name__}: {failure}", seconds=pause(attempt))
                await self._unless_leaving(asyncio.sleep(pause(attempt)))
                attempt += 1
            else:
                await self._isolate(piece, failure)
                at += len(piece)

    def _in_time(self) -> None:
        if self._leaving.is_set():
            raise _GivenBackError
        if time.monotonic() > self._until:
            raise _OutOfTimeError

    async def _isolate(self, records: list[Record], error: Exception) -> None:
        """Halve a failing batch until the culprit stands alone; park it."""
        if len(records) > 1:
            metrics.HALVINGS.inc()
            middle = len(records) // 2
            await self._settle(records[:middle])
            await self._settle(records[middle:])
            return
        if self._parked_in_a_row >= self._patience:
            self.stop(
                f"{self._patience} records in a row could not be handled; the last: {type(error).__name__}: {error}"
            )
            raise _GivenBackError from error
        log.error("record cannot be handled", exc_info=error)
        await self._set_aside(records[0], f"{type(error).__name__}: {error}")
        self._parked_in_a_row += 1
        self.state.progressed(records, 1)

    async def _set_aside(self, record: Record, reason: str) -> None:
        """Parking needs nothing but the database, so whatever goes wrong with it may pass."""
        attempt = 0
        while True:
            self._in_time()
            try:
                return await self._processor.set_aside(record, reason)
            except GapError:
                raise
            except Exception as error:
                log.warning("parking waits", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                await self._unless_leaving(asyncio.sleep(pause(attempt)))
                attempt += 1

    async def _unless_leaving(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Wait for this, or give the batch back when the service stops meanwhile."""
        tasks = [asyncio.create_task(waiting), asyncio.create_task(self._leaving.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        if self._leaving.is_set():
            raise _GivenBackError

    async def _commit_hint(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if self.kafka is None or not (force or now - self._committed_at > COMMIT_EVERY_SECONDS):
            return
        self._committed_at = now
        assigned = self.kafka.assignment()
        offsets = {
            TopicPartition(*place): offset
            for place, offset in self.state.next_offsets.items()
            if TopicPartition(*place) in assigned
        }
        if not offsets:
            return
        try:
            async with asyncio.timeout(5):
                await self.kafka.commit(offsets)
        except Exception as error:
            # Only a hint: the truth is in the database.
            log.info("offsets not committed", error=type(error).__name__)

    async def retry_released(self) -> None:
        """Try again what operators released, as long as this replica owns the partition. Runs until cancelled."""
        while True:
            await asyncio.sleep(RELEASED_EVERY_SECONDS)
            try:
                async with self._engine.connect() as connection:
                    rows = (await connection.execute(text(parking.RELEASED))).all()
                for topic, partition, key in rows:
                    place: Place = (topic, partition)
                    if place in self.state.next_offsets and topic in self._handlers:
                        async with self._handling:
                            passed = await self._processor.retry_parked(place, key)
                        log.info("parked key tried again", topic=topic, passed=passed)
            except Exception as error:
                log.warning("released keys wait", error=f"{type(error).__name__}: {error}")
