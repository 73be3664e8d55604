"""The table of batches: store, find, cancel, reopen. Every function takes an asyncpg connection in a transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.gateway.batch.state import Batch, BatchState, Mode

_COLUMNS = """
b.submission::text as id, b.sender, s.actor, b.mode, b.file_name, b.size, b.language,
case when b.state = 'processing' and b.checkpoint = s.declared and s.completed_at is not null
     then 'completed' else b.state end as state,
s.received_at, b.read_bytes, b.spool_bytes, b.kinds, b.sender_reference, b.refusal as rejection,
b.acknowledged_at,
b.checkpoint, b.checkpoint_offset, coalesce(b.finished_at, s.completed_at) as finished_at, b.attempts,
s.declared, s.accepted, s.warned, s.unchanged, s.refused
"""
_FROM = "from batch b join submission s on s.id = b.submission"

FIND = f"select {_COLUMNS} {_FROM} where b.submission = $1::uuid"
SAME = f"select {_COLUMNS} {_FROM} where b.sender = $1 and b.file_hash = $2 and b.mode = $3 and b.state <> 'cancelled'"
OF_SENDER = f"select {_COLUMNS} {_FROM} where b.sender = $1 order by b.submission desc limit $2 offset $3"
COUNT = "select count(*) from batch where sender = $1"
WITH_KEY = "select body_hash from submission where sender = $1 and idempotency_key = $2"

ADD_SUBMISSION = """
insert into submission (id, kind, channel, area, sender, actor, received_at, idempotency_key, body_hash)
values ($1::uuid, 'batch', 'batch', 'batches', $2, $3, $4, $5, $6)
"""
ADD = """
insert into batch (submission, sender, mode, file_name, file_hash, size, language, state)
values ($1::uuid, $2, $3, $4, $5, $6, $7, 'waiting')
"""

CLOSE = "update submission set declared = 0, completed_at = now() where id = $1::uuid"
CANCEL = """
update batch set state = 'cancelled', finished_at = now(), lease_owner = null, lease_until = null
where submission = $1::uuid and state in ('waiting', 'checking') returning 1
"""

REOPEN = """
update batch set state = 'waiting', refusal = null, acknowledged_at = null, finished_at = null, attempts = 0,
  read_bytes = 0, turn_at = now()
where submission = $1::uuid and state = 'rejected' returning 1
"""
RESUME = """
update batch set state = 'processing', finished_at = null, failures = 0, turn_at = now()
where submission = $1::uuid and state = 'interrupted' returning 1
"""
# The notification that told of the interruption is followed by the one of all.
NOTIFY_AGAIN = "update exchange_file set notified_at = null where submission = $1::uuid"
UNDECIDED = "update submission set declared = null, completed_at = null where id = $1::uuid"

# Of these folders: those whose batch ended long ago, was cancelled, or never was.
REMOVABLE = """
select f.id::text from unnest($1::uuid[]) as f(id) left join batch b on b.submission = f.id
where b.submission is null or b.state = 'cancelled' or b.finished_at < now() - $2::interval
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was received and is to be stored as a batch. `digest`: SHA-256 of the XML, `size`: its bytes."""

    id: str
    sender: str
    actor: str
    mode: Mode
    file_name: str | None
    digest: bytes
    size: int
    language: str
    received_at: datetime
    idempotency_key: str | None = None


def _batch(row: asyncpg.Record | None) -> Batch | None:
    if row is None:
        return None
    values = dict(row)
    values["mode"], values["state"] = Mode(row["mode"]), BatchState(row["state"])
    for name in ("kinds", "rejection"):
        values[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
    return Batch(**values)


async def find(connection: asyncpg.Connection, batch: str) -> Batch | None:
    """Find a batch, whoever sent it."""
    return _batch(await connection.fetchrow(FIND, batch))


async def same(connection: asyncpg.Connection, sender: str, digest: bytes, mode: Mode) -> Batch | None:
    """Find the batch that this sender sent with the same content before, unless it was cancelled."""
    return _batch(await connection.fetchrow(SAME, sender, digest, mode.value))


async def of_sender(connection: asyncpg.Connection, sender: str, most: int, skip: int) -> tuple[Sequence[Batch], int]:
    """Get a page of the sender's batches, newest first, and how many there are in all."""
    rows = await connection.fetch(OF_SENDER, sender, most, skip)
    return [batch for row in rows if (batch := _batch(row))], await connection.fetchval(COUNT, sender)


async def add(connection: asyncpg.Connection, arrival: Arrival) -> None:
    """Store a batch as `waiting`. Raises asyncpg.UniqueViolationError when the same content or key was stored."""
    a = arrival
    hashed = a.digest if a.idempotency_key else None
    await connection.execute(ADD_SUBMISSION, a.id, a.sender, a.actor, a.received_at, a.idempotency_key, hashed)
    await connection.execute(ADD, a.id, a.sender, a.mode.value, a.file_name, a.digest, a.size, a.language)


async def cancel(connection: asyncpg.Connection, batch: str) -> bool:
    """Cancel a batch unless its declarations are being registered already; False when it is too late."""
    done = await connection.fetchval(CANCEL, batch)
    if done:
        await connection.execute(CLOSE, batch)
    return bool(done)


async def reopen(connection: asyncpg.Connection, batch: str) -> None:
    """Set a rejected batch back to `waiting`, as if its file had just come."""
    if await connection.fetchval(REOPEN, batch):
        await connection.execute(UNDECIDED, batch)


async def resume(connection: asyncpg.Connection, batch: str) -> None:
    """Set an interrupted batch to work again, from the declaration at which it stopped."""
    if await connection.fetchval(RESUME, batch):
        await connection.execute(NOTIFY_AGAIN, batch)


async def digest(connection: asyncpg.Connection, batch: str) -> bytes:
    """Get the SHA-256 of a batch's XML, as it was received."""
    return bytes(await connection.fetchval("select file_hash from batch where submission = $1::uuid", batch))


async def key_is_taken(connection: asyncpg.Connection, arrival: Arrival) -> bool:
    """Tell whether the idempotency key came before with another body."""
    row = await connection.fetchrow(WITH_KEY, arrival.sender, arrival.idempotency_key)
    return row is not None and row["body_hash"] != arrival.digest


async def removable(connection: asyncpg.Connection, folders: Sequence[str], keep: timedelta) -> list[str]:
    """Get those of these batch ids whose folder can go: cancelled, unknown, or finished longer than `keep` ago."""
    return [row[0] for row in await connection.fetch(REMOVABLE, folders, keep)] if folders else []
