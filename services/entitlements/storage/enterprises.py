"""Enterprises with their sizes, and the lock between who changes what holds for all and who calculates with it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import asyncpg
import orjson

from services.entitlements.bookkeeping.account import (
    EnterpriseFacts,
    KnownEnterprise,
    KnownOverride,
    KnownQuarter,
    KnownSize,
    opt_out_states,
    opt_outs_of,
)
from services.entitlements.domain.arrangements.enterprise_size import (
    Quarter,
    QuarterDeclaration,
    SizePeriod,
    SizePrecedence,
)
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope

# An enterprise that is not known has no row to lock, so an advisory lock stands for it. Few of them, because a
# transaction may hold only so many: two enterprises that share one now and then wait for each other for nothing.
_LOCK = """
select {function}(7306, place)
from (select distinct hashtext(number) & 1023 as place from unnest($1::text[]) as number order by 1) places
"""
_CALCULATE = _LOCK.format(function="pg_advisory_xact_lock_shared")
_CHANGE = _LOCK.format(function="pg_advisory_xact_lock")

_ENTERPRISES = """
select number, version, name, joint_committees, opt_outs::text from enterprise where number = any($1::text[])
"""
_SIZES = """
select id, enterprise, basis, workers, lower(period), upper(period), end_declared
from enterprise_size where enterprise = any($1::text[]) and replaced_at is null order by lower(period), id
"""
_QUARTERS = """
select id, enterprise, year, quarter, fte, heads, agency_fte, agency_heads
from enterprise_quarter where enterprise = any($1::text[]) and replaced_at is null order by year, quarter
"""
_OVERRIDES = """
select id::text, version, enterprise, basis, days, right_type, valid_from, valid_until, reason, collective_agreement,
       registered_at, cancelled, line
from enterprise_override where enterprise = any($1::text[]) and replaced_at is null order by id
"""
_PUT = """
insert into enterprise (number, version, name, joint_committees, recorded_at, cause, opt_outs)
values ($1, $2, $3, $4, $5, $6::text::uuid, $7::text::json)
on conflict (number) do update set version = excluded.version, name = excluded.name,
  joint_committees = excluded.joint_committees, recorded_at = excluded.recorded_at, cause = excluded.cause,
  opt_outs = excluded.opt_outs
"""
_REPLACE_SIZES = "update enterprise_size set replaced_at = $2 where id = any($1::int8[])"
_ADD_SIZES = """
insert into enterprise_size (enterprise, basis, workers, period, end_declared, recorded_at)
select enterprise, basis, workers, daterange(first_day, last_day, '[]'), end_declared, $7
from unnest($1::text[], $2::text[], $3::numeric[], $4::date[], $5::date[], $6::bool[])
  as n(enterprise, basis, workers, first_day, last_day, end_declared)
"""
_REPLACE_QUARTERS = "update enterprise_quarter set replaced_at = $2 where id = any($1::int8[])"
_ADD_QUARTERS = """
insert into enterprise_quarter (enterprise, year, quarter, fte, heads, agency_fte, agency_heads, recorded_at)
select *, $8::timestamptz
from unnest($1::text[], $2::int[], $3::int[], $4::numeric[], $5::int[], $6::numeric[], $7::int[])
"""


class EnterpriseOverrideRow(NamedTuple):
    """The newest version of an override for everybody at an enterprise."""

    id: str
    version: int
    enterprise: str
    basis: str
    days: Decimal
    right_type: str
    valid_from: date
    valid_until: date
    reason: str
    collective_agreement: str | None
    registered_at: datetime
    cancelled: bool
    line: int


def known_override(row: EnterpriseOverrideRow) -> KnownOverride:
    """Build an override for everybody from its row."""
    override = Override(
        row.id,
        OverrideScope.ENTERPRISE,
        OverrideKind(row.basis),
        row.valid_from,
        row.valid_until,
        row.days,
        row.reason,
        row.registered_at,
        row.collective_agreement,
        RightType(row.right_type),
        row.line,
    )
    return KnownOverride(override, None, row.version, row.cancelled)


async def lock_against_changes(connection: asyncpg.Connection, enterprises: Collection[str]) -> None:
    """Keep the facts of these enterprises from changing until the transaction ends, to calculate with them."""
    if enterprises:
        await connection.execute(_CALCULATE, enterprises)


async def lock_to_change(connection: asyncpg.Connection, enterprises: Collection[str]) -> None:
    """Keep others from calculating with these enterprises until the transaction ends, to change their facts.

    So a recalculation that is asked for in the same transaction finds everybody who was calculated with the old ones.
    """
    if enterprises:
        await connection.execute(_CHANGE, enterprises)


async def load(connection: asyncpg.Connection, numbers: Collection[str]) -> dict[str, KnownEnterprise]:
    """Load these enterprises with the sizes and quarters that hold, as far as known: number -> enterprise."""
    if not numbers:
        return {}
    sizes: dict[str, list[KnownSize]] = {}
    for id_, enterprise, basis, workers, first, after, end_declared in await connection.fetch(_SIZES, numbers):
        last = None if after is None else after - timedelta(days=1)
        sizes.setdefault(enterprise, []).append(KnownSize(basis, SizePeriod(first, last, workers), end_declared, id_))
    quarters: dict[str, list[KnownQuarter]] = {}
    for id_, enterprise, year, quarter, *counts in await connection.fetch(_QUARTERS, numbers):
        declared = QuarterDeclaration(Quarter(year, quarter), *counts)
        quarters.setdefault(enterprise, []).append(KnownQuarter(declared, id_))
    overrides: dict[str, list[KnownOverride]] = {}
    for row in map(EnterpriseOverrideRow._make, await connection.fetch(_OVERRIDES, numbers)):
        overrides.setdefault(row.enterprise, []).append(known_override(row))
    return {
        number: KnownEnterprise(
            number,
            version,
            name,
            tuple(committees),
            tuple(sizes.get(number, ())),
            tuple(quarters.get(number, ())),
            opt_outs_of(opt_outs),
            tuple(overrides.get(number, ())),
        )
        for number, version, name, committees, opt_outs in await connection.fetch(_ENTERPRISES, numbers)
    }


async def facts(
    connection: asyncpg.Connection, numbers: Collection[str], precedence: SizePrecedence
) -> dict[str, EnterpriseFacts]:
    """Load what holds for all employments of these enterprises; nothing for one that is not known."""
    known = await load(connection, numbers)
    nothing = EnterpriseFacts()
    return {number: known[number].facts(precedence) if number in known else nothing for number in numbers}


async def store(
    connection: asyncpg.Connection,
    changed: Iterable[tuple[KnownEnterprise, str]],
    replaced: Sequence[int],
    replaced_quarters: Sequence[int],
    now: datetime,
) -> None:
    """Write these enterprises, each with the item that caused it, and their sizes and quarters that have no row yet.

    `replaced`: the rows of sizes that no longer hold as they were; `replaced_quarters`: those of quarters.
    """
    pending = list(changed)
    if not pending:
        return
    await connection.executemany(
        _PUT,
        [
            (one.number, one.version, one.name, list(one.joint_committees), now, cause, _opt_outs(one))
            for one, cause in pending
        ],
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
    if replaced_quarters:
        await connection.execute(_REPLACE_QUARTERS, replaced_quarters, now)
    quarters = [
        (one.number, q.quarter.year, q.quarter.number, q.fte, q.heads, q.agency_fte, q.agency_heads)
        for one, _ in pending
        for q in (quarter.declaration for quarter in one.quarters if quarter.id is None)
    ]
    if quarters:
        await connection.execute(_ADD_QUARTERS, *map(list, zip(*quarters, strict=True)), now)


def _opt_outs(known: KnownEnterprise) -> str:
    return orjson.dumps(opt_out_states(known.opt_outs)).decode()
