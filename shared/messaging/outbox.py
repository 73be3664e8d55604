"""The outbox: one row per transaction, with all its events framed into one binary value.

Events of one batch resemble each other: compressed they are a fourteenth, for half a microsecond each. That is less
than PostgreSQL takes to write and forget the rest.
"""

import struct
from collections.abc import Sequence

import asyncpg
import zstandard

from shared.messaging.records import Outgoing

INSERT = "insert into outbox (events, size) values ($1, $2) returning id"
DELETE = "delete from outbox where id = any($1::int8[])"
DEPTH = "select count(*), coalesce(extract(epoch from now() - min(created_at)), 0)::float8 from outbox"

# A piece that fits in memory once it is unpacked, as rows hold megabytes. At least one row, however large.
LEFT_BEHIND = """
select id, events from outbox where id in (
  select id from (
    select id, sum(size) over (order by id) - size as before
    from outbox where created_at <= now() - make_interval(secs => $1) order by id limit 200
  ) waiting where before < 16777216
) order by id for update skip locked
"""

_FRAME = struct.Struct(">HHI")
_COMPRESSED = b"\x28\xb5\x2f\xfd"
"""How Zstandard's frames begin, and frames of events never do: no topic has such a long name."""
_FROM_BYTES = 1024
_LEVEL = 1


def pack(events: Sequence[Outgoing]) -> bytes:
    """Pack events: length-prefixed topic, key and value, one after another; compressed where it is worth it."""
    parts: list[bytes] = []
    for event in events:
        topic = event.topic.encode()
        parts += (_FRAME.pack(len(topic), len(event.key), len(event.value)), topic, event.key, event.value)
    data = b"".join(parts)
    return zstandard.ZstdCompressor(_LEVEL).compress(data) if len(data) >= _FROM_BYTES else data


def unpack(data: bytes) -> list[Outgoing]:
    """Unpack what `pack` wrote."""
    if data.startswith(_COMPRESSED):
        data = zstandard.ZstdDecompressor().decompress(data)
    events: list[Outgoing] = []
    at = 0
    while at < len(data):
        topic_size, key_size, value_size = _FRAME.unpack_from(data, at)
        at += _FRAME.size
        key_at = at + topic_size
        value_at = key_at + key_size
        end = value_at + value_size
        events.append(Outgoing(data[at:key_at].decode(), data[key_at:value_at], data[value_at:end]))
        at = end
    return events


async def write(connection: asyncpg.Connection, events: Sequence[Outgoing]) -> int:
    """Store these events in the open transaction; the row's id."""
    size = sum([len(event.value) for event in events])
    return int(await connection.fetchval(INSERT, pack(events), size))
