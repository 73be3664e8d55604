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

# Those that nobody holds now.
LOCK_FREE = LOCK.replace("for update", "for update skip locked")

# PostgreSQL does not tell who holds which row; whoever holds any of this table for long is who is asked about.
HOLDERS = """
select a.pid, a.application_name as name, host(a.client_addr) as address, a.state,
       extract(epoch from now() - a.xact_start)::int as seconds
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and a.xact_start < now() - interval '1 second'
  and a.pid in (select pid from pg_locks where relation = 'watermark'::regclass and mode in ('RowShareLock',
    'RowExclusiveLock') and granted)
order by a.xact_start limit 10
"""

MOVE = """
update watermark w set next_offset = n.next_offset, moved_at = now()
from unnest($1::text[], $2::int2[], $3::int8[]) as n(topic, partition, next_offset)
where w.topic = n.topic and w.partition = n.partition
"""

ALL = "select topic, partition, next_offset from watermark"

MISSING = """
select * from unnest($1::text[], $2::int2[]) as t(topic, partition)
where (topic, partition) not in (select topic, partition from watermark) order by 1, 2
"""

TopicPartition = tuple[str, int]
"""A topic and one of its partitions."""


async def create(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> None:
    """Make the rows before anybody needs to lock them."""
    ordered = sorted(partitions)
    await connection.execute(CREATE, [t for t, _ in ordered], [p for _, p in ordered], [0] * len(ordered))


async def without_row(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> list[TopicPartition]:
    """List those of these partitions that have no row yet."""
    asked = list(partitions)
    rows = await connection.fetch(MISSING, [t for t, _ in asked], [p for _, p in asked])
    return [(row["topic"], row["partition"]) for row in rows]


async def lock(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Lock the first unhandled offset of each partition until the transaction ends: this fences a zombie."""
    ordered = sorted(partitions)
    rows = await connection.fetch(LOCK, [t for t, _ in ordered], [p for _, p in ordered])
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def lock_free(connection: asyncpg.Connection, partitions: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
    """Lock those of these partitions that nobody holds; the first unhandled offset of each."""
    ordered = sorted(partitions)
    rows = await connection.fetch(LOCK_FREE, [t for t, _ in ordered], [p for _, p in ordered])
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def holders(connection: asyncpg.Connection) -> list[str]:
    """Say who has held watermarks for more than a second: process, where it runs, what it does, for how long."""
    return [
        f"{row['name']} at {row['address'] or 'this host'} (PostgreSQL process {row['pid']}): {row['state']}"
        f" for {row['seconds']} s"
        for row in await connection.fetch(HOLDERS)
    ]


async def move(connection: asyncpg.Connection, progress: dict[TopicPartition, int]) -> None:
    """Write the new first unhandled offsets, in the same transaction as the work."""
    await connection.execute(MOVE, [t for t, _ in progress], [p for _, p in progress], list(progress.values()))
