"""The lease on a batch, which runs out, and the checkpoint, which only the owner of the lease can move.

A replica claims a batch for a slice of work (`FOR UPDATE SKIP LOCKED`), extends the lease while it works and gives it
back. The batch whose slice was longest ago is next, so many small files and one of a million pass side by side.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Final
from uuid import uuid4

import asyncpg

from services.gateway.batch.store import CLOSE
from services.gateway.batch.xml.file_summary import FileSummary
from shared.i18n import Language

LEASE: Final = timedelta(seconds=20)
"""How long a lease lasts: long beside what extends it, short for the sender of a file whose gateway was killed."""

# A batch whose lease ran out can be claimed by anyone. Senders take turns: a hundred files of one do not hold up the
# one of another.
_CLAIM = """
update batch set lease_owner = $1::uuid, lease_until = now() + $2::interval, served_at = clock_timestamp(), {change}
where submission = (
  select b.submission from batch b
  where {which} and b.turn_at <= now() and (b.lease_until is null or b.lease_until < now())
  order by (select max(o.served_at) from batch o where o.sender = b.sender) nulls first, {order}, b.submission
  limit 1 for update skip locked
)
returning submission::text
"""
_CHECKING = {"change": "state = 'checking', attempts = attempts + 1", "which": "b.state in ('waiting', 'checking')"}


class NextBatch(Enum):
    """Which batch to claim, of the sender who was served longest ago: to check, the one that waits longest, or the
    smallest, so that no large file bars the way; to register, the one whose slice was longest ago. The values are
    statements.
    """

    OLDEST_TO_CHECK = _CLAIM.format(**_CHECKING, order="b.turn_at")
    SMALLEST_TO_CHECK = _CLAIM.format(**_CHECKING, order="b.size")
    TO_REGISTER = _CLAIM.format(
        change="turn_at = now()",
        which="b.state = 'processing' and b.checkpoint < (select declared from submission where id = b.submission)",
        order="b.turn_at",
    )


BEAT = """
update batch set lease_until = now() + $3::interval, read_bytes = $4
where submission = $1::uuid and lease_owner = $2::uuid returning 1
"""
RELEASE = """
update batch set lease_owner = null, lease_until = null, turn_at = now() + $3::interval
where submission = $1::uuid and lease_owner = $2::uuid
"""
# The enterprises for which a chunk was begun: done again after a crash, it must give the same events.
KEEP_ALLOWED = """
update batch set allowed = coalesce(allowed, $3::text[])
where submission = $1::uuid and lease_owner = $2::uuid returning allowed
"""
ALLOW = "update batch set allowed = $3::text[] where submission = $1::uuid and lease_owner = $2::uuid returning 1"
END_SLICE = """
update batch set lease_owner = null, lease_until = null, turn_at = now(), allowed = null
where submission = $1::uuid and lease_owner = $2::uuid
"""
# Each failure in a row waits twice as long for the next turn; the last one ends the batch, visibly.
FAILED = """
update batch set lease_owner = null, lease_until = null, failures = failures + 1,
  turn_at = now() + $3::interval * power(2, failures),
  state = case when failures + 1 >= $4 then 'interrupted' else state end,
  finished_at = case when failures + 1 >= $4 then now() else finished_at end
where submission = $1::uuid and lease_owner = $2::uuid and state = 'processing' returning state
"""
DECODED_AGAIN = """
update batch set spool_bytes = $3, checkpoint_offset = $4, failures = failures + 1, lease_until = now() + $5::interval
where submission = $1::uuid and lease_owner = $2::uuid and state = 'processing' returning failures
"""
ACKNOWLEDGE = """
update batch set state = 'processing', kinds = $3::jsonb, sender_reference = $4, spool_bytes = $5, read_bytes = size,
  language = coalesce($6, language), acknowledged_at = now(), turn_at = now(), lease_owner = null, lease_until = null
where submission = $1::uuid and lease_owner = $2::uuid and state = 'checking' returning 1
"""
DECLARE = "update submission set declared = $2 where id = $1::uuid"
REJECT = """
update batch set state = 'rejected', refusal = $3::jsonb, language = coalesce($4, language), acknowledged_at = now(),
  finished_at = now(), lease_owner = null, lease_until = null
where submission = $1::uuid and lease_owner = $2::uuid and state = 'checking' returning 1
"""

# The checkpoint moves only from where this owner saw it.
MOVE = """
update batch set checkpoint = $4, checkpoint_offset = $5, failures = 0, lease_until = now() + $6::interval
where submission = $1::uuid and lease_owner = $2::uuid and checkpoint = $3 and state = 'processing' returning 1
"""
COUNT_DECIDED = """
update submission set
  accepted = accepted + $2, warned = warned + $3, unchanged = unchanged + $4, refused = refused + $5,
  completed_at = case when declared <= accepted + warned + unchanged + refused + $2 + $3 + $4 + $5
                      then coalesce(completed_at, now()) else completed_at end
where id = $1::uuid
"""
FINISH = """
update batch b set state = 'completed', finished_at = s.completed_at, lease_owner = null, lease_until = null
from submission s
where s.id = b.submission and b.state = 'processing' and b.checkpoint = s.declared and s.completed_at is not null
returning b.submission::text
"""
UNFINISHED = """
select state, count(*) from batch where state in ('waiting', 'checking', 'processing', 'interrupted') group by state
"""


class LeaseLostError(Exception):
    """Another owner has the batch now, or its sender cancelled it: nothing of this slice may be stored."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The lease on a batch. `owner`: a random id per claim."""

    batch: str
    owner: str


async def claim(connection: asyncpg.Connection, what: NextBatch) -> Lease | None:
    """Claim the next batch, or None if none waits."""
    owner = str(uuid4())
    batch = await connection.fetchval(what.value, owner, LEASE)
    return Lease(batch, owner) if batch else None


async def beat(connection: asyncpg.Connection, lease: Lease, read_bytes: int) -> None:
    """Extend the lease and store how many bytes are parsed. Raises LeaseLostError."""
    if not await connection.fetchval(BEAT, lease.batch, lease.owner, LEASE, read_bytes):
        raise LeaseLostError


async def release(connection: asyncpg.Connection, lease: Lease, pause: timedelta = timedelta()) -> None:
    """Give the lease back; the batch can be claimed again after this pause."""
    await connection.execute(RELEASE, lease.batch, lease.owner, pause)


async def end_slice(connection: asyncpg.Connection, lease: Lease) -> None:
    """Give the lease back at the end of a slice; the next one looks up anew what the sender may."""
    await connection.execute(END_SLICE, lease.batch, lease.owner)


async def failed(connection: asyncpg.Connection, lease: Lease, pause: timedelta, most: int) -> str | None:
    """Give the lease back after a failure that will not pass by itself, or interrupt the batch if `most` came in a row.

    `pause`: after the first. Gives the state; None when the lease was lost meanwhile.
    """
    return await connection.fetchval(FAILED, lease.batch, lease.owner, pause, most)  # type: ignore[no-any-return]


async def decoded_again(connection: asyncpg.Connection, lease: Lease, spool_bytes: int, offset: int) -> int:
    """Store where the checkpoint lies in what was decoded again: once more without getting further, of which this is
    the number. Raises LeaseLostError.
    """
    times = await connection.fetchval(DECODED_AGAIN, lease.batch, lease.owner, spool_bytes, offset, LEASE)
    if times is None:
        raise LeaseLostError
    return int(times)


async def keep_allowed(connection: asyncpg.Connection, lease: Lease, enterprises: Collection[str]) -> frozenset[str]:
    """Store for which enterprises the chunk at the checkpoint is registered; give those it was begun with, if it was.

    Raises LeaseLostError.
    """
    allowed = await connection.fetchval(KEEP_ALLOWED, lease.batch, lease.owner, sorted(enterprises))
    if allowed is None:
        raise LeaseLostError
    return frozenset(allowed)


async def allow(connection: asyncpg.Connection, lease: Lease, enterprises: Collection[str]) -> None:
    """Store for which enterprises the next chunk is registered. Raises LeaseLostError."""
    if not await connection.fetchval(ALLOW, lease.batch, lease.owner, sorted(enterprises)):
        raise LeaseLostError


async def acknowledge(connection: asyncpg.Connection, lease: Lease, counted: FileSummary) -> None:
    """Store a positive acknowledgement: the declarations will be registered. Raises LeaseLostError."""
    kinds = json.dumps(counted.kinds)
    about = (kinds, counted.reference, counted.spool_bytes, counted.language)
    if not await connection.fetchval(ACKNOWLEDGE, lease.batch, lease.owner, *about):
        raise LeaseLostError
    await connection.execute(DECLARE, lease.batch, counted.declared)


async def reject(
    connection: asyncpg.Connection, lease: Lease, rejection: dict[str, Any], language: Language | None = None
) -> None:
    """Store a negative acknowledgement. `language`: the one the file asks for. Raises LeaseLostError."""
    if not await connection.fetchval(REJECT, lease.batch, lease.owner, json.dumps(rejection), language):
        raise LeaseLostError
    await connection.execute(CLOSE, lease.batch)


@dataclass(frozen=True, slots=True)
class Step:
    """From one checkpoint to the next: positions, the byte offset of the end, and the outcomes decided between them."""

    start: int
    end: int
    end_offset: int
    refused: int = 0
    accepted: int = 0
    warned: int = 0
    unchanged: int = 0


async def move(connection: asyncpg.Connection, lease: Lease, step: Step) -> None:
    """Move the checkpoint to the end of this step and count its outcomes. Raises LeaseLostError."""
    if not await connection.fetchval(MOVE, lease.batch, lease.owner, step.start, step.end, step.end_offset, LEASE):
        raise LeaseLostError
    await connection.execute(COUNT_DECIDED, lease.batch, step.accepted, step.warned, step.unchanged, step.refused)


async def finish(connection: asyncpg.Connection) -> list[str]:
    """Complete the batches whose last outcome has come, and give their ids."""
    return [row[0] for row in await connection.fetch(FINISH)]


async def unfinished(connection: asyncpg.Connection) -> dict[str, int]:
    """Count the batches that are not final, by state."""
    return {row["state"]: row["count"] for row in await connection.fetch(UNFINISHED)}
