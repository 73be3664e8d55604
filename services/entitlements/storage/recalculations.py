"""Recalculations: which are wanted, how far each has come, and which employments the calendar is due for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import asyncpg

from services.entitlements.bookkeeping.account import Pair
from services.entitlements.storage import enterprises

# One open recalculation per enterprise: a second change makes it start again, which covers both.
_REQUEST = """
with asked as (
  select enterprise, cause from unnest($1::text[], $2::text[]::uuid[]) as n(enterprise, cause)
), counted as (
  select a.enterprise, a.cause, count(*)::int as total
  from asked a join employment e on e.enterprise = a.enterprise and not e.cancelled group by 1, 2
), again as (
  update recalculation r set cause = c.cause, total = c.total, done = 0, last_employment = null, requested_at = $4
  from counted c where r.enterprise = c.enterprise and r.finished_at is null returning r.enterprise
)
insert into recalculation (id, enterprise, reason, cause, requested_at, total, done)
select gen_random_uuid(), c.enterprise, $3, c.cause, $4, c.total, 0
from counted c where c.enterprise not in (select enterprise from again)
"""
_REQUEST_ALL = """
insert into recalculation (id, enterprise, reason, cause, requested_at, total, done)
select $1::text::uuid, null, $2, $1::text::uuid, $3, count(*), 0 from employment where not cancelled
"""

_OPEN = "select id::text, enterprise from recalculation where finished_at is null order by requested_at"

# The row's lock lasts for one chunk: another replica takes another recalculation meanwhile.
_TAKE = """
select id::text, enterprise, cause::text, last_employment::text from recalculation
where id = $1::text::uuid and finished_at is null for update skip locked
"""
_CHUNK = """
select id::text, enterprise, person::text from employment
where ($1::text is null or enterprise = $1) and ($2::text is null or id > $2::text::uuid) and not cancelled
order by id limit $3
"""
_ADVANCE = """
update recalculation set done = done + $2, last_employment = coalesce($3::text::uuid, last_employment), failure = null,
       finished_at = case when $4 then $5::timestamptz end
where id = $1::text::uuid
"""
_FAIL = "update recalculation set failure = $2 where id = $1::text::uuid"

_LATEST = """
select id::text, enterprise, reason, requested_at, total, done, failure, finished_at from recalculation
order by requested_at desc limit 200
"""
_DUE = "select enterprise, person::text from employment where next_turn <= $1 order by next_turn, id limit $2"
_BASIS = "select fingerprint from calculation_basis for update"
_PUT_BASIS = """
insert into calculation_basis (fingerprint) values ($1) on conflict (one) do update set fingerprint = $1
"""


@dataclass(frozen=True, slots=True)
class Recalculation:
    """A recalculation in hand. `enterprise` None: everybody. `behind`: the last employment that is done."""

    id: str
    enterprise: str | None
    cause: str
    behind: str | None


class RecalculationRow(NamedTuple):
    """A recalculation as it is shown: `done` of `total` employments; `failure` of its last try, if that failed."""

    id: str
    enterprise: str | None
    reason: str
    requested_at: datetime
    total: int
    done: int
    failure: str | None
    finished_at: datetime | None


async def latest(connection: asyncpg.Connection) -> list[RecalculationRow]:
    """List the last 200 recalculations, newest first, those under way among them."""
    return [RecalculationRow._make(row) for row in await connection.fetch(_LATEST)]


async def request(connection: asyncpg.Connection, causes: dict[str, str], reason: str, now: datetime) -> None:
    """Request a recalculation of all employments of enterprises: number -> the event that causes it."""
    if causes:
        await connection.execute(_REQUEST, list(causes), list(causes.values()), reason, now)


async def request_all(connection: asyncpg.Connection, id_: str, reason: str, now: datetime) -> None:
    """Request a recalculation of every employment there is."""
    await connection.execute(_REQUEST_ALL, id_, reason, now)


async def take(connection: asyncpg.Connection, without: Collection[str]) -> Recalculation | None:
    """Lock the oldest open recalculation that nobody holds. `without`: those that just failed.

    The enterprise's sizes are locked first, as by who asks for a recalculation: neither waits for the other.
    """
    for id_, enterprise in await connection.fetch(_OPEN):
        if id_ in without:
            continue
        await enterprises.lock_against_changes(connection, [] if enterprise is None else [enterprise])
        row = await connection.fetchrow(_TAKE, id_)
        if row is not None:
            return Recalculation(*row)
    return None


async def chunk(connection: asyncpg.Connection, job: Recalculation, most: int) -> tuple[list[Pair], str | None, int]:
    """Find the accounts of the next employments, the last of these employments, and how many they are."""
    rows = await connection.fetch(_CHUNK, job.enterprise, job.behind, most)
    return [(row["enterprise"], row["person"]) for row in rows], rows[-1]["id"] if rows else None, len(rows)


async def advance(
    connection: asyncpg.Connection, job: Recalculation, *, done: int, last: str | None, finished: bool, now: datetime
) -> None:
    """Store that so many more are done, up to this employment."""
    await connection.execute(_ADVANCE, job.id, done, last, finished, now)


async def fail(connection: asyncpg.Connection, job: str, failure: str) -> None:
    """Store why the last try failed; the recalculation stays open."""
    await connection.execute(_FAIL, job, failure[:2000])


async def due(connection: asyncpg.Connection, today: date, most: int) -> list[Pair]:
    """Find accounts in which the calendar changes something by `today`."""
    return [(enterprise, person) for enterprise, person in await connection.fetch(_DUE, today, most)]


async def basis(connection: asyncpg.Connection) -> str | None:
    """Get the fingerprint of the rules that the balances were made with, and lock it; None where there is none."""
    found: str | None = await connection.fetchval(_BASIS)
    return found


async def put_basis(connection: asyncpg.Connection, fingerprint: str) -> None:
    """Store the fingerprint of the rules that balances are made with."""
    await connection.execute(_PUT_BASIS, fingerprint)
