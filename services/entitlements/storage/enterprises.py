"""Enterprises and their sizes, and the lock between who changes a size and who calculates with it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import asyncpg

from services.entitlements.bookkeeping.account import KnownEnterprise, KnownSize, sizes_of
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, SizePrecedence, Sizes

# An enterprise that is not known has no row to lock, so an advisory lock stands for it. Few of them, because a
# transaction may hold only so many: two enterprises that share one now and then wait for each other for nothing.
_LOCK = """
select {function}(7306, place)
from (select distinct hashtext(number) & 1023 as place from unnest($1::text[]) as number order by 1) places
"""
_CALCULATE = _LOCK.format(function="pg_advisory_xact_lock_shared")
_CHANGE = _LOCK.format(function="pg_advisory_xact_lock")

_ENTERPRISES = "select number, version, name, joint_committees from enterprise where number = any($1::text[])"
_SIZES = """
select id, enterprise, basis, workers, lower(period), upper(period), end_declared
from enterprise_size where enterprise = any($1::text[]) and replaced_at is null order by lower(period), id
"""
_PUT = """
insert into enterprise (number, version, name, joint_committees, recorded_at, cause)
values ($1, $2, $3, $4, $5, $6::text::uuid)
on conflict (number) do update set version = excluded.version, name = excluded.name,
  joint_committees = excluded.joint_committees, recorded_at = excluded.recorded_at, cause = excluded.cause
"""
_REPLACE_SIZES = "update enterprise_size set replaced_at = $2 where id = any($1::int8[])"
_ADD_SIZES = """
insert into enterprise_size (enterprise, basis, workers, period, end_declared, recorded_at)
select enterprise, basis, workers, daterange(first_day, last_day, '[]'), end_declared, $7
from unnest($1::text[], $2::text[], $3::numeric[], $4::date[], $5::date[], $6::bool[])
  as n(enterprise, basis, workers, first_day, last_day, end_declared)
"""


async def lock_against_size_changes(connection: asyncpg.Connection, enterprises: Collection[str]) -> None:
    """Keep the sizes of these enterprises from changing until the transaction ends, to calculate with them."""
    if enterprises:
        await connection.execute(_CALCULATE, enterprises)


async def lock_to_change_sizes(connection: asyncpg.Connection, enterprises: Collection[str]) -> None:
    """Keep others from calculating with these enterprises until the transaction ends, to change a size.

    So a recalculation that is asked for in the same transaction finds everybody who was calculated with the old one.
    """
    if enterprises:
        await connection.execute(_CHANGE, enterprises)


async def load(connection: asyncpg.Connection, numbers: Collection[str]) -> dict[str, KnownEnterprise]:
    """Load these enterprises with the sizes that hold, as far as they are known: number -> enterprise."""
    if not numbers:
        return {}
    sizes: dict[str, list[KnownSize]] = {}
    for id_, enterprise, basis, workers, first, after, end_declared in await connection.fetch(_SIZES, numbers):
        last = None if after is None else after - timedelta(days=1)
        sizes.setdefault(enterprise, []).append(KnownSize(basis, SizePeriod(first, last, workers), end_declared, id_))
    return {
        number: KnownEnterprise(number, version, name, tuple(committees), tuple(sizes.get(number, ())))
        for number, version, name, committees in await connection.fetch(_ENTERPRISES, numbers)
    }


async def sizes(
    connection: asyncpg.Connection, numbers: Collection[str], precedence: SizePrecedence
) -> dict[str, Sizes]:
    """Load the sizes of these enterprises: number -> sizes, empty for one that is not known."""
    known = await load(connection, numbers)
    return {number: sizes_of(known[number].sizes if number in known else (), precedence) for number in numbers}


async def store(
    connection: asyncpg.Connection,
    changed: Iterable[tuple[KnownEnterprise, str]],
    replaced: Sequence[int],
    now: datetime,
) -> None:
    """Write these enterprises, each with the item that caused it, and those of their sizes that have no row yet.

    `replaced`: the rows of sizes that no longer hold as they were.
    """
    pending = list(changed)
    if not pending:
        return
    await connection.executemany(
        _PUT, [(one.number, one.version, one.name, list(one.joint_committees), now, cause) for one, cause in pending]
    )
    if replaced:
        await connection.execute(_REPLACE_SIZES, replaced, now)
    new = [(one.number, size) for one, _ in pending for size in one.sizes if size.id is None]
    if new:
        rows = [
            (number, one.basis, one.period.workers, one.period.start, one.period.end, one.end_declared)
            for number, one in new
        ]
        await connection.execute(_ADD_SIZES, *map(list, zip(*rows, strict=True)), now)
