"""Consuming: from FastStream's batches to committed work, whatever fails on the way.

The loop is ours: a batch leaves this module only when its records are handled or parked, so FastStream never moves on
past work that is not done. Progress is in PostgreSQL (`progress`); Kafka's offsets are committed once a second as a
hint, and on assignment the consumer is put where the database says.
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

from shared.database.engine import driver, transaction
from shared.messaging import parking, progress
from shared.messaging.batch import BatchProcessor, GapError
from shared.messaging.faults import may_pass, pause
from shared.messaging.progress import Place
from shared.messaging.records import Handlers, Record
from shared.messaging.relay import Relay
from shared.messaging.state import ConsumerState
from shared.observability import metrics
from shared.settings import ServiceSettings

log = structlog.get_logger()

COMMIT_EVERY_SECONDS = 1.0
REBALANCE_PATIENCE_SECONDS = 20
RELEASED_EVERY_SECONDS = 2.0


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
        self._parked_in_a_row = 0
        self._committed_at = 0.0
        self._subscriber = broker.subscriber(
            *handlers,
            group_id=group,
            batch=True,
            max_records=settings.batch_records,
            batch_timeout_ms=settings.batch_pause_ms,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            session_timeout_ms=30_000,
            heartbeat_interval_ms=5_000,
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

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Start each partition where the database says, not where Kafka thinks."""
        places = [(tp.topic, tp.partition) for tp in assigned]
        kafka = self.kafka
        if kafka is None or not places:
            self.state.assigned.clear()
            return
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            await progress.create(raw, places)
            marks = await progress.lock(raw, places)
        for (topic, partition), offset in marks.items():
            kafka.seek(TopicPartition(topic, partition), offset)
        self.state.assign(marks)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Let the running batch end, within reason; should it not, the watermark's lock makes it harmless."""
        try:
            async with asyncio.timeout(REBALANCE_PATIENCE_SECONDS), self._handling:
                await self._commit_hint(force=True)
        except TimeoutError:
            log.warning("a batch outlasted the rebalance")

    async def _on_batch(self, message: KafkaMessage) -> None:
        raw: Any = message.raw_message
        records = [Record(r.topic, r.partition, r.offset, r.key or b"", r.value or b"", r.timestamp) for r in raw]
        async with self._handling:
            self.state.begin(records)
            try:
                if self._relay.crowded:
                    await self._relay.drained()
                await self._settle(records)
            except GapError as gap:
                self._go_back(gap)
            finally:
                self.state.end()
            await self._commit_hint()

    async def _settle(self, records: list[Record]) -> None:
        """Return only when every record is handled or parked."""
        attempt = 0
        while True:
            try:
                handled = await self._processor.process(records)
                self.state.progressed(records, handled)
                if handled:
                    self._parked_in_a_row = 0
                return
            except GapError:
                raise
            except Exception as error:
                if may_pass(error):
                    metrics.BATCH_FAILURES.labels(type(error).__name__).inc()
                    log.warning("batch waits", error=f"{type(error).__name__}: {error}", seconds=pause(attempt))
                    await asyncio.sleep(pause(attempt))
                    attempt += 1
                    continue
                await self._isolate(records, error)
                return

    async def _isolate(self, records: list[Record], error: Exception) -> None:
        """Halve a failing batch until the culprit stands alone; park it."""
        if len(records) > 1:
            metrics.HALVINGS.inc()
            middle = len(records) // 2
            await self._settle(records[:middle])
            await self._settle(records[middle:])
            return
        if self._parked_in_a_row >= self._patience:
            self.state.stop(f"{self._patience} records in a row could not be handled; the last: {error}")
            log.error("consumer stopped", reason=self.state.stopped)
            await asyncio.Event().wait()
        log.exception("record cannot be handled", exc_info=error)
        await self._set_aside(records[0], f"{type(error).__name__}: {error}")
        self._parked_in_a_row += 1
        self.state.progressed(records, 1)

    async def _set_aside(self, record: Record, reason: str) -> None:
        attempt = 0
        while True:
            try:
                return await self._processor.set_aside(record, reason)
            except Exception as error:
                if not may_pass(error):
                    raise
                await asyncio.sleep(pause(attempt))
                attempt += 1

    def _go_back(self, gap: GapError) -> None:
        log.error(
            "records were skipped; reading them again", expected={f"{t}-{p}": o for (t, p), o in gap.expected.items()}
        )
        if self.kafka is not None:
            for (topic, partition), offset in gap.expected.items():
                self.kafka.seek(TopicPartition(topic, partition), offset)

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
                for topic, partition, key in (row.tuple() for row in rows):
                    place: Place = (topic, partition)
                    if place in self.state.next_offsets and topic in self._handlers:
                        async with self._handling:
                            passed = await self._processor.retry_parked(place, key)
                        log.info("parked key tried again", topic=topic, passed=passed)
            except Exception as error:
                log.warning("released keys wait", error=f"{type(error).__name__}: {error}")
