"""Reading topics again from their beginning, beside the consumers and without disturbing them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.messaging.records import Record
from shared.messaging.watermarks import TopicPartition

BATCH_RECORDS = 4000
_POLL_MS = 500
_SILENCE_POLLS = 60


class Replay:
    """Topics as a list of records that can be read once more. Made by `replaying`."""

    def __init__(self, kafka: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        self._kafka = kafka
        self._admin = admin

    async def extent(self, topics: Iterable[str]) -> dict[TopicPartition, tuple[int, int]]:
        """Get the first offset still there and the one after the last: dict[partition, both]. LookupError: no topic."""
        described = await self._admin.describe_topics(list(topics))
        missing = [topic["topic"] for topic in described if topic["error_code"]]
        if missing:
            raise LookupError(f"Kafka has no topic {', '.join(sorted(missing))}")
        partitions = [
            KafkaPartition(topic["topic"], partition["partition"])
            for topic in described
            for partition in topic["partitions"]
        ]
        first = await self._kafka.beginning_offsets(partitions)
        after = await self._kafka.end_offsets(partitions)
        return {(tp.topic, tp.partition): (first[tp], after[tp]) for tp in partitions}

    async def records(self, stretch: Mapping[TopicPartition, tuple[int, int]]) -> AsyncIterator[list[Record]]:
        """Yield batches of the records from the first offset up to, not including, the second, in order per partition.

        Raises TimeoutError when Kafka stays silent for half a minute before the end.
        """
        partitions = {KafkaPartition(*tp): ends for tp, ends in stretch.items() if ends[0] < ends[1]}
        if not partitions:
            return
        self._kafka.assign(list(partitions))
        for tp, (first, _) in partitions.items():
            self._kafka.seek(tp, first)
        silent = 0
        while partitions:
            polled = await self._kafka.getmany(timeout_ms=_POLL_MS, max_records=BATCH_RECORDS)
            silent = 0 if polled else silent + 1
            if silent > _SILENCE_POLLS:
                raise TimeoutError(f"Kafka gives no records of {sorted((p.topic, p.partition) for p in partitions)}")
            batch = [
                Record(r.topic, r.partition, r.offset, r.key or b"", r.value or b"", r.timestamp)
                for tp, records in polled.items()
                if tp in partitions
                for r in records
                if r.offset < partitions[tp][1]
            ]
            if batch:
                yield batch
            done = [tp for tp, (_, after) in partitions.items() if await self._kafka.position(tp) >= after]
            for tp in done:
                del partitions[tp]
            if done and partitions:
                self._kafka.pause(*done)


@asynccontextmanager
async def replaying(bootstrap: str) -> AsyncIterator[Replay]:
    """Open a reader in no group: it commits nothing. Raises OSError or KafkaError without Kafka."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest")
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await kafka.start()
        await admin.start()
        yield Replay(kafka, admin)
    finally:
        await admin.close()
        await kafka.stop()
