"""How far a service has come: the watermark rows, which are the truth where Kafka's own offsets are a hint."""

from collections.abc import Iterable

import asyncpg

CREATE = """
insert into watermark (topic, partition, next_offset)
select * from unnest($1::text[], $2::int2[], $3::int8[])
on conflict do nothing
"""

# The order makes two services' replicas that ask for the same rows wait for, and never lock out, each other.
LOCK = """
select topic, partition, next_offset from watermark
where (topic, partition) in (select * from unnest($1::text[], $2::int2[]))
order by topic, partition for update
"""

MOVE = """
update watermark w set next_offset = n.next_offset, moved_at = now()
from unnest($1::text[], $2::int2[], $3::int8[]) as n(topic, partition, next_offset)
where w.topic = n.topic and w.partition = n.partition
"""

ALL = "select topic, partition, next_offset from watermark"

TopicPartition = tuple[str, int]
"""A topic and one of its partitions."""


async def create(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> None:
    """Make the rows before anybody needs to lock them."""
    ordered = sorted(partitions)
    await connection.execute(CREATE, [t for t, _ in ordered], [p for _, p in ordered], [0] * len(ordered))


async def lock(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Lock the first unhandled offset of each partition until the transaction ends: this fences a zombie."""
    ordered = sorted(partitions)
    rows = await connection.fetch(LOCK, [t for t, _ in ordered], [p for _, p in ordered])
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def move(connection: asyncpg.Connection, progress: dict[TopicPartition, int]) -> None:
    """Write the new first unhandled offsets, in the same transaction as the work."""
    await connection.execute(MOVE, [t for t, _ in progress], [p for _, p in progress], list(progress.values()))
