"""Employers' overrides as rows for who asks. Read in the asker's scope."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import asyncpg

from shared.contracts.vocabulary import RightType

_COLUMNS = """
o.id::text, o.version, o.employment::text, o.person::text, o.enterprise, o.basis, o.days, o.right_type, o.valid_from,
o.valid_until, o.reason, o.collective_agreement, o.registered_at, o.cancelled
"""
_VERSIONS = f"select {_COLUMNS} from entitlement_override o where o.id = $1::text::uuid order by o.version desc"  # noqa: S608
_PAGE = f"""
select {_COLUMNS}, count(*) over () as total from entitlement_override o
where o.enterprise = $1 and o.replaced_at is null and ($2::text is null or o.employment = $2::text::uuid)
  and ($3::int is null or $3 between extract(year from o.valid_from) and extract(year from o.valid_until))
order by o.registered_at desc, o.id limit $4 offset $5
"""  # noqa: S608 - the columns are above


_COLUMNS_FOR_ALL = """
o.id::text, o.version, o.enterprise, o.basis, o.days, o.right_type, o.valid_from, o.valid_until, o.reason,
o.collective_agreement, o.registered_at, o.cancelled
"""
_VERSIONS_FOR_ALL = f"""
select {_COLUMNS_FOR_ALL} from enterprise_override o where o.id = $1::text::uuid order by o.version desc
"""  # noqa: S608
_PAGE_FOR_ALL = f"""
select {_COLUMNS_FOR_ALL}, count(*) over () as total from enterprise_override o
where o.enterprise = $1 and o.replaced_at is null
  and ($2::int is null or $2 between extract(year from o.valid_from) and extract(year from o.valid_until))
order by o.registered_at desc, o.id limit $3 offset $4
"""  # noqa: S608 - the columns are above


class EnterpriseOverrideRow(NamedTuple):
    """A version of an override for everybody at an enterprise."""

    id: str
    version: int
    enterprise: str
    basis: str
    days: Decimal
    right_type: RightType
    valid_from: date
    valid_until: date
    reason: str
    collective_agreement: str | None
    registered_at: datetime
    cancelled: bool


class OverrideRow(NamedTuple):
    """A version of an override. `basis`: `fullTimeDays` or `resultingDays`; `reason` is empty where none was given."""

    id: str
    version: int
    employment: str
    person: str
    enterprise: str
    basis: str
    days: Decimal
    right_type: RightType
    valid_from: date
    valid_until: date
    reason: str
    collective_agreement: str | None
    registered_at: datetime
    cancelled: bool


async def versions(connection: asyncpg.Connection, override: str) -> list[OverrideRow]:
    """List all versions of an override, newest first; empty when there is none in scope."""
    return [OverrideRow._make(row) for row in await connection.fetch(_VERSIONS, override)]


async def of_enterprise(
    connection: asyncpg.Connection, enterprise: str, employment: str | None, year: int | None, *, most: int, skip: int
) -> tuple[list[OverrideRow], int]:
    """Find a page of an enterprise's overrides as they stand now, the last registered first, and how many there are."""
    rows = await connection.fetch(_PAGE, enterprise, employment, year, most, skip)
    return [OverrideRow._make(columns) for *columns, _ in rows], rows[0]["total"] if rows else 0


async def versions_for_all(connection: asyncpg.Connection, override: str) -> list[EnterpriseOverrideRow]:
    """List all versions of an override for everybody, newest first; empty when there is none in scope."""
    return [EnterpriseOverrideRow._make(row) for row in await connection.fetch(_VERSIONS_FOR_ALL, override)]


async def for_all_of_enterprise(
    connection: asyncpg.Connection, enterprise: str, year: int | None, *, most: int, skip: int
) -> tuple[list[EnterpriseOverrideRow], int]:
    """Find a page of the overrides for everybody at an enterprise as they stand now, and how many there are."""
    rows = await connection.fetch(_PAGE_FOR_ALL, enterprise, year, most, skip)
    return [EnterpriseOverrideRow._make(columns) for *columns, _ in rows], rows[0]["total"] if rows else 0
