"""Parking: a record that cannot be handled steps aside with every later record of its key, and waits for a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import asyncpg

from shared.messaging.records import Record

# The table is empty nearly always: one cheap look per batch, inside its transaction, needs no cache to go stale.
KEYS = "select distinct topic, key from parked where topic = any($1::text[])"

PARK = """
insert into parked (topic, partition, "offset", key, value, error)
select * from unnest($1::text[], $2::int2[], $3::int8[], $4::bytea[], $5::bytea[], $6::text[])
on conflict (topic, partition, "offset") do update
set error = excluded.error, attempts = parked.attempts + 1, released_at = null
"""

LIST = """
select topic, key, min("offset") as "offset", count(*) as records, min(parked_at) as since,
       (array_agg(error order by "offset"))[1] as error, max(attempts) as attempts,
       bool_or(released_at is not null) as released
from parked group by topic, key order by since limit $1
"""

COUNTS = "select topic, count(*) as records, count(distinct key) as keys from parked group by topic"
RELEASE = """
with released as (update parked set released_at = now() where topic = $1 and key = $2 returning 1)
select count(*) from released
"""
RELEASED = "select distinct topic, partition, key from parked where released_at is not null"
OF_KEY = 'select partition, "offset", key, value from parked where topic = $1 and key = $2 order by "offset" for update'
REMOVE = 'delete from parked where topic = $1 and key = $2 and "offset" = any($3::int8[])'

# Live records of the key wait until the drop is done: one that came in between would be parked behind nothing.
LOCK_OF_KEY = """
select 1 from watermark where (topic, partition) in (select topic, partition from parked where topic = $1 and key = $2)
for update
"""

DROP = """
with gone as (
  delete from parked p using (
    select topic, partition, "offset" from parked where topic = $1 and key = $2 order by "offset" limit 1
  ) first
  where p.topic = first.topic and p.partition = first.partition and p."offset" = first."offset" returning p.*
), kept as (
  insert into parked_dropped (topic, partition, "offset", key, value, error, dropped_by, reason)
  select topic, partition, "offset", key, value, error, $3, $4 from gone on conflict do nothing
), others as (
  update parked set released_at = now() where topic = $1 and key = $2 and "offset" not in (select "offset" from gone)
)
select count(*) from gone
"""


@dataclass(frozen=True, slots=True)
class ParkedRecord:
    """A record and why it was parked."""

    record: Record
    error: str


async def keys(connection: asyncpg.Connection, topics: Iterable[str]) -> set[tuple[str, bytes]]:
    """List the (topic, key) pairs that wait."""
    return {(row["topic"], row["key"]) for row in await connection.fetch(KEYS, list(topics))}


async def park(connection: asyncpg.Connection, parked: Sequence[ParkedRecord]) -> None:
    """Set these aside; parking a record again counts one attempt more."""
    await connection.execute(
        PARK,
        [p.record.topic for p in parked],
        [p.record.partition for p in parked],
        [p.record.offset for p in parked],
        [p.record.key for p in parked],
        [p.record.value for p in parked],
        [_storable(p.error) for p in parked],
    )


async def of_key(connection: asyncpg.Connection, topic: str, key: bytes) -> list[Record]:
    """List all parked records of a key, in order, locked."""
    rows = await connection.fetch(OF_KEY, topic, key)
    return [Record(topic, row["partition"], row["offset"], row["key"], row["value"], 0) for row in rows]


async def release(connection: asyncpg.Connection, topic: str, key: bytes) -> bool:
    """Ask for another try of the key's records; False: none is parked any more."""
    return bool(await connection.fetchval(RELEASE, topic, key))


async def drop(connection: asyncpg.Connection, topic: str, key: bytes, by: str, reason: str) -> bool:
    """Give up the key's first parked record, keep it as evidence, and let the others try again; False: there is none
    any more."""
    await connection.execute(LOCK_OF_KEY, topic, key)
    return bool(await connection.fetchval(DROP, topic, key, by, reason))


def _storable(error: str) -> str:
    """Drop NUL and half surrogate pairs, which PostgreSQL does not take and an error about broken input may quote."""
    return error[:2000].encode(errors="replace").decode().replace("\x00", "\ufffd")
