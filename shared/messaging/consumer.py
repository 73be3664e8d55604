"""Consuming: from FastStream's batches to committed work, whatever fails on the way.

The loop is ours: a batch leaves this module only when its records are handled or parked, so FastStream never moves on
past work that is not done. Progress is in PostgreSQL (`watermarks`); Kafka's offsets are committed once a second as a
hint, and on assignment the consumer is put where the database says (`seek_to_watermarks`).
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import parking
from shared.messaging.batch import BatchProcessor, GapError
from shared.messaging.batch_runner import BatchRunner, GivenBackError, OutOfTimeError
from shared.messaging.consumer_state import ConsumerState
from shared.messaging.records import Handlers, Record
from shared.messaging.relay import Relay
from shared.messaging.seek_to_watermarks import LogTooShortError, seek_to_watermarks
from shared.messaging.what_is_retried import pause
from shared.observability.full_disk import FULL_DISKS
from shared.settings import ServiceSettings

log = structlog.get_logger()

COMMIT_EVERY_SECONDS = 1.0
SESSION_TIMEOUT_MS = 7_000
"""A consumer that Kafka does not hear for so long is out of its group, and another one gets its partitions: after a
process was killed its work stands still for this long. Kafka allows no less than six seconds unless told; nothing holds
the event loop for half of it.
"""
REBALANCE_PATIENCE_SECONDS = 20
RELEASED_EVERY_SECONDS = 2.0
POLL_SECONDS = 300.0
"""Who reads nothing for so long is thrown out of the group (Kafka's `max.poll.interval.ms`)."""


async def _passthrough(message: Any) -> Any:
    return message.body


async def _lean_parser(message: Sequence[ConsumerRecord]) -> KafkaMessage:
    """Wrap a batch without FastStream's own parser, which copies every value and header."""
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
        self._processor = BatchProcessor(engine, relay, handlers)
        self._runner = BatchRunner(
            self._processor,
            self.state,
            self.stop,
            most=settings.batch_records,
            patience=settings.parked_in_a_row,
        )
        self._handling = asyncio.Lock()
        self._placing: asyncio.Task[None] | None = None
        self._committed_at = 0.0
        self._subscriber = broker.subscriber(
            *handlers,
            group_id=group,
            batch=True,
            max_records=settings.batch_records,
            batch_timeout_ms=settings.batch_pause_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            session_timeout_ms=SESSION_TIMEOUT_MS,
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
        """Leave: give back what waits for something, let what is being handled end."""
        self._runner.leave()

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
        self._runner.hurry()
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
            self._placing = asyncio.create_task(self._seek(assigned))

    def _cancel_placing(self) -> None:
        if self._placing is not None:
            self._placing.cancel()
            self._placing = None

    async def _seek(self, assigned: frozenset[TopicPartition]) -> None:
        """Put each partition in its place and let it go; one that another still holds keeps no other waiting."""
        left = {(tp.topic, tp.partition) for tp in assigned}
        attempt = 0
        while left:
            kafka = self.kafka
            if kafka is None:
                return
            try:
                offsets = await seek_to_watermarks(self._engine, kafka, left)
                if offsets:
                    self.state.place(offsets, first=len(left) == len(assigned))
                    kafka.resume(*(TopicPartition(*tp) for tp in offsets))
                    self._relay.look_for_left_behind()
                    left -= offsets.keys()
                    attempt = 0
                elif left:
                    await asyncio.sleep(pause(attempt))
                    attempt += 1
            except LogTooShortError as error:
                self.stop(str(error))
                return
            except Exception as error:
                FULL_DISKS.notice(error)
                log.warning("partitions wait", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                await asyncio.sleep(pause(attempt))
                attempt += 1

    async def _on_batch(self, message: KafkaMessage) -> None:
        raw: Any = message.raw_message
        records = [Record(r.topic, r.partition, r.offset, r.key or b"", r.value or b"", r.timestamp) for r in raw]
        async with self._handling:
            if self.state.stopped:
                return
            self.state.begin(records)
            self._runner.begin()
            try:
                if self._relay.crowded:
                    await self._runner.unless_leaving(self._relay.drained())
                await self._runner.run(records)
            except GapError as gap:
                log.error("records were skipped; reading them again", skipped=str(gap))
                self._begin()
            except OutOfTimeError:
                log.warning("the rest of a batch is read again", records=len(records))
                self._begin()
            except GivenBackError:
                return
            finally:
                self.state.end()
            await self._commit_hint()

    async def _commit_hint(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if self.kafka is None or not (force or now - self._committed_at > COMMIT_EVERY_SECONDS):
            return
        self._committed_at = now
        assigned = self.kafka.assignment()
        offsets = {
            TopicPartition(*tp): offset
            for tp, offset in self.state.next_offsets.items()
            if TopicPartition(*tp) in assigned
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
                    tp = TopicPartition(topic, partition)
                    if tp in self.state.next_offsets and topic in self._handlers:
                        async with self._handling:
                            passed = await self._processor.retry_parked(tp, key)
                        log.info("parked key tried again", topic=topic, passed=passed)
            except Exception as error:
                log.warning("released keys wait", error=f"{type(error).__name__}: {error}")
