"""Where to begin a partition: at the database's watermark, checked against what Kafka really has."""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import asyncpg
import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import driver, each_by_itself, transaction
from shared.messaging import watermarks
from shared.messaging.watermarks import TopicPartition
from shared.observability import metrics

log = structlog.get_logger()

KAFKA_SECONDS = 10


class LogTooShortError(Exception):
    """Kafka's log ends before what was already handled: Kafka was reset, or this is another Kafka.

    Its new records would have offsets that count as handled, and would be dropped unseen; so nothing is consumed until
    a person has looked.
    """

    def __init__(self, tp: TopicPartition, handled: int, end: int) -> None:
        topic, partition = tp
        super().__init__(
            f"Kafka was reset or is another one: {topic}-{partition} ends at offset {end}, but {handled} records of it "
            "were handled. Bring the old log back, or reset this service's database together with Kafka."
        )


@dataclass(frozen=True, slots=True)
class Starts:
    """`offsets`: where to begin. `lost`: records that Kafka deleted before they were handled, where there are any."""

    offsets: dict[TopicPartition, int]
    lost: dict[TopicPartition, int] = field(default_factory=dict)


def starts(
    marks: Mapping[TopicPartition, int], begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> Starts:
    """Decide from the watermarks and the first and the next offset in Kafka. Raises LogTooShortError.

    A service that comes new to a topic begins with what Kafka still has, and has lost nothing.
    """
    for tp, mark in marks.items():
        if mark > ends[tp]:
            raise LogTooShortError(tp, mark, ends[tp])
    return Starts(
        {tp: max(mark, begins[tp]) for tp, mark in marks.items()},
        {tp: begins[tp] - mark for tp, mark in marks.items() if 0 < mark < begins[tp]},
    )


async def _make_rows(engine: AsyncEngine, partitions: Collection[TopicPartition]) -> None:
    """Make the rows that are not there, each by itself: one that another is making just now is left to it."""
    async with each_by_itself(engine) as connection:
        raw = driver(connection)
        for tp in await watermarks.without_row(raw, partitions):
            with suppress(asyncpg.LockNotAvailableError):
                await watermarks.create(raw, [tp])


async def seek_to_watermarks(
    engine: AsyncEngine, kafka: AIOKafkaConsumer, partitions: Collection[TopicPartition]
) -> dict[TopicPartition, int]:
    """Put the consumer where the database says it was, for each partition that nobody holds; gives their offsets.

    What another holds, perhaps a process that hangs, is left out and keeps no other waiting. Raises LogTooShortError.
    """
    await _make_rows(engine, partitions)
    async with transaction(engine) as connection:
        raw = driver(connection)
        marks = await watermarks.lock_free(raw, partitions)
        held = sorted(set(partitions) - set(marks))
        if held:
            shown = [f"{topic}-{partition}" for topic, partition in held]
            log.warning("partitions are held by another", partitions=shown, by=await watermarks.holders(raw))
    if not marks:
        return {}
    # Asked after the watermarks: whatever moves meanwhile, a healthy log's end lies behind them.
    kafka_partitions = [KafkaPartition(*tp) for tp in marks]
    async with asyncio.timeout(KAFKA_SECONDS):
        begins = await kafka.beginning_offsets(kafka_partitions)
        ends = await kafka.end_offsets(kafka_partitions)
    found = starts(marks, begins, ends)
    skipping = {tp: offset for tp, offset in found.offsets.items() if offset > marks[tp]}
    if skipping:
        async with transaction(engine) as connection:
            await watermarks.move(driver(connection), skipping)
    for (topic, partition), records in found.lost.items():
        metrics.LOST.labels(topic).inc(records)
        log.error(
            "records were deleted in Kafka before they were handled", topic=topic, partition=partition, records=records
        )
    for (topic, partition), offset in found.offsets.items():
        kafka.seek(KafkaPartition(topic, partition), offset)
    return found.offsets
