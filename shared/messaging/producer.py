"""Writing to Kafka: whole batches per partition, idempotent, and never waiting for ever."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer

from shared.contracts.envelope import CONTENT_TYPE
from shared.messaging.partitioning import position
from shared.messaging.records import Outgoing

log = structlog.get_logger()

HEADERS = [("content-type", CONTENT_TYPE)]
MAX_BATCH_BYTES = 512 * 1024
SEND_SECONDS = 30.0
STOP_SECONDS = 2.0


class Producer:
    """Sends events in the order given per key. Every failure rebuilds the connection: the caller sends again.

    A rebuilt idempotent producer has a new identity, so what was half sent may arrive twice; consumers drop it by
    version. That is also the only cure for an `OutOfOrderSequenceNumber`.
    """

    def __init__(self, bootstrap: str, *, send_seconds: float = SEND_SECONDS) -> None:
        self._bootstrap = bootstrap
        self._send_seconds = send_seconds
        self._kafka: AIOKafkaProducer | None = None
        self._partitions: dict[str, list[int]] = {}
        self._opening = asyncio.Lock()

    async def send(self, events: Sequence[Outgoing]) -> None:
        """Return when all brokers in sync have all of them; else raise, and nothing is known of any."""
        try:
            async with asyncio.timeout(self._send_seconds):
                producer = await self._open()
                await self._send(producer, events)
        except BaseException:
            await self.close()
            raise

    async def _send(self, producer: AIOKafkaProducer, events: Sequence[Outgoing]) -> None:
        by_partition: dict[tuple[str, int], list[Outgoing]] = defaultdict(list)
        for event in events:
            partitions = self._partitions.get(event.topic) or await self._learn(producer, event.topic)
            by_partition[event.topic, partitions[position(event.key, len(partitions))]].append(event)
        # Every batch is queued before the first is awaited; the queue keeps the order within a partition.
        pending: list[asyncio.Future[Any]] = []
        for (topic, partition), group in by_partition.items():
            batch = producer.create_batch()
            for event in group:
                if batch.append(key=event.key, value=event.value, timestamp=None, headers=HEADERS) is None:
                    pending.append(await producer.send_batch(batch, topic, partition=partition))
                    # An empty batch takes any event, however large; Kafka itself then has the last word.
                    batch = producer.create_batch()
                    batch.append(key=event.key, value=event.value, timestamp=None, headers=HEADERS)
            pending.append(await producer.send_batch(batch, topic, partition=partition))
        await asyncio.gather(*pending)

    async def _learn(self, producer: AIOKafkaProducer, topic: str) -> list[int]:
        self._partitions[topic] = sorted(await producer.partitions_for(topic))
        return self._partitions[topic]

    async def _open(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._kafka is None:
                kafka = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    enable_idempotence=True,
                    linger_ms=0,
                    max_batch_size=MAX_BATCH_BYTES,
                    request_timeout_ms=int(self._send_seconds * 1000),
                )
                try:
                    await kafka.start()
                except BaseException:
                    await _let_go(kafka)
                    raise
                self._kafka = kafka
            return self._kafka

    async def close(self) -> None:
        """Let go of the connection; a broker that is away must not hold up the one who stops."""
        kafka, self._kafka = self._kafka, None
        self._partitions.clear()
        if kafka is not None:
            await _let_go(kafka)


async def _let_go(kafka: AIOKafkaProducer) -> None:
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await kafka.stop()
    except Exception as error:
        log.warning("producer did not stop cleanly", error=type(error).__name__)
        # `stop` gives up waiting but leaves its sender running, which would go on trying. A sender that is cancelled
        # still waits for what it has under way, one after another: each cancellation ends one of them.
        await kafka.client.close()
        sender: asyncio.Task[None] | None = kafka._sender.sender_task
        while sender is not None and not sender.done():
            sender.cancel()
            await asyncio.wait([sender], timeout=0.05)
