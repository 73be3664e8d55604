"""Messaging of one service, wired: engine, relay, consumer and the watch over them."""

import asyncio
import gc
import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from aiokafka import TopicPartition
from faststream.kafka import KafkaBroker
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import outbox, parking
from shared.messaging.consumer import Consumer
from shared.messaging.health import Readings, health_of
from shared.messaging.producer import Producer
from shared.messaging.records import Handlers
from shared.messaging.relay import Relay
from shared.messaging.seek_to_watermarks import LogTooShortError, starts
from shared.observability import metrics
from shared.observability.full_disk import FULL_DISKS
from shared.settings import ServiceSettings

log = structlog.get_logger()

WATCH_SECONDS = 5.0
GRACEFUL_SECONDS = 20.0
"""How long a service that stops lets its batch end: longer than a piece of it may take. Who ends it by force waits
longer still."""
STOPPING_SECONDS = GRACEFUL_SECONDS + 5
DRAIN_SECONDS = 3.0
RESTART_STATUS = 75


class Messaging:
    """Start it and messages flow; HTTP may be up long before Kafka is."""

    def __init__(self, name: str, engine: AsyncEngine, handlers: Handlers, settings: ServiceSettings) -> None:
        self.name = name
        self.engine = engine
        self.handlers = handlers
        self.readings = Readings()
        self._settings = settings
        self.producer = Producer(settings.kafka_bootstrap)
        self.relay = Relay(
            engine,
            self.producer,
            memory_rows=settings.outbox_memory_rows,
            sweep_seconds=settings.outbox_sweep_seconds,
        )
        self._broker = KafkaBroker(settings.kafka_bootstrap, graceful_timeout=GRACEFUL_SECONDS, logger=None)
        self.consumer = Consumer(
            group=f"fla-{name}",
            broker=self._broker,
            engine=engine,
            relay=self.relay,
            handlers=handlers,
            settings=settings,
        )
        self._tasks: list[asyncio.Task[Any]] = []
        self.notes: dict[str, Callable[[], str | None]] = {"disk": FULL_DISKS.told}
        """What else the health of this service tells of, by part: a text, or None where all is well."""
        self.connected = False

    async def start(self) -> None:
        """Begin in the background: a broker that is away delays messages, never the service."""
        calm_the_collector()
        for work in (self.relay.run(), self._connect(), self._watch(), self.consumer.retry_released()):
            self._tasks.append(asyncio.create_task(work))

    async def _connect(self) -> None:
        while True:
            try:
                await self._broker.start()
                self.connected = True
                log.info("consuming", service=self.name)
                return
            except Exception as error:
                log.warning("Kafka is away", error=f"{type(error).__name__}: {error}")
                with suppress(Exception):
                    await self._broker.stop()
                await asyncio.sleep(2)

    async def stop(self) -> None:
        """Let the running batch end and its events leave, then go. What cannot leave now waits in the table."""
        self.consumer.leave()
        with suppress(Exception):
            async with asyncio.timeout(STOPPING_SECONDS):
                await self._broker.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                await self.relay.drained()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.producer.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self._read_kafka()
            await self._read_database()
            self._publish()
            state = self.consumer.state
            if not (self.connected and self.readings.database_reachable):
                state.wait()
            if state.stalled and not state.stopped:
                # A consumer can hang after a broker restart with no other sign; a fresh process is the cure.
                log.error("no progress: restarting", lag={f"{t}-{p}": n for (t, p), n in state.lag().items()})
                os._exit(RESTART_STATUS)

    async def _read_kafka(self) -> None:
        kafka, state = self.consumer.kafka, self.consumer.state
        if kafka is None:
            return
        handled = dict(state.next_offsets)
        try:
            async with asyncio.timeout(WATCH_SECONDS):
                if not handled:
                    await kafka.topics()  # nothing is ours: is Kafka there at all?
                ends = await kafka.end_offsets([TopicPartition(*tp) for tp in handled])
        except Exception as error:
            state.lost_kafka()
            log.info("Kafka does not answer", error=type(error).__name__)
            return
        state.saw_end({(tp.topic, tp.partition): end for tp, end in ends.items()})
        try:
            starts(handled, handled, state.end_offsets)
        except LogTooShortError as error:
            if not state.stopped:
                self.consumer.stop(str(error))

    async def _read_database(self) -> None:
        try:
            async with asyncio.timeout(WATCH_SECONDS), self.engine.connect() as connection:
                rows, oldest = (await connection.execute(text(outbox.DEPTH))).one()
                parked = (await connection.execute(text(parking.COUNTS))).all()
            records, keys = ({row.topic: row[at] for row in parked} for at in (1, 2))
            self.readings = Readings(rows, oldest, records, keys)
        except Exception as error:
            self.readings.database_reachable = False
            log.warning("the database does not answer", error=type(error).__name__)

    def _publish(self) -> None:
        state = self.consumer.state
        lag = state.lag()
        metrics.LAG.clear()  # partitions that another replica owns now are no longer ours to tell of
        for (topic, partition), offset in state.end_offsets.items():
            metrics.LAG.labels(topic, str(partition)).set(lag.get((topic, partition), 0) if offset else 0)
        oldest = state.oldest_seconds()
        for topic in {topic for topic, _ in state.next_offsets}:
            metrics.OLDEST_SECONDS.labels(topic).set(oldest.get(topic, 0.0))
            metrics.PARKED_NOW.labels(topic).set(self.readings.parked.get(topic, 0))
            metrics.PARKED_KEYS.labels(topic).set(self.readings.parked_keys.get(topic, 0))
        metrics.OUTBOX_ROWS.set(self.readings.outbox_rows)
        metrics.OUTBOX_OLDEST_SECONDS.set(self.readings.outbox_oldest_seconds)
        metrics.HEALTH.set({"UP": 1.0, "DEGRADED": 0.5, "DOWN": 0.0}[self.health()["status"]])

    def health(self) -> dict[str, Any]:
        """Report the health of this service's messaging; see `health_of`."""
        noted = {part: note() for part, note in self.notes.items()}
        return health_of(self.consumer.state, self.readings, connected=self.connected, noted=noted)

    def status(self) -> dict[str, Any]:
        """Report everything the operator's page shows of this service."""
        state = self.consumer.state
        rates, oldest = state.rates(), state.oldest_seconds()
        lag: dict[str, int] = {}
        for (topic, _), records in state.lag().items():
            lag[topic] = lag.get(topic, 0) + records
        return {
            "service": self.name,
            "health": self.health(),
            "topics": [
                {
                    "topic": topic,
                    "handled": state.totals[topic],
                    "perSecond": round(rates.get(topic, 0.0), 2),
                    "lag": lag.get(topic, 0),
                    "oldestSeconds": round(oldest.get(topic, 0.0), 3),
                    "parked": self.readings.parked.get(topic, 0),
                }
                for topic in sorted({topic for topic, _ in state.next_offsets})
            ],
            "outbox": {
                "rows": self.readings.outbox_rows,
                "oldestSeconds": round(self.readings.outbox_oldest_seconds, 3),
            },
        }


def calm_the_collector() -> None:
    """Let the garbage collector run less often.

    A batch is a hundred thousand objects that hold no cycles and go with their last reference: looking for cycles among
    them, over and over, would cost a quarter of the service's time. What is loaded so far is never looked at.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(500_000, 50, 100)
