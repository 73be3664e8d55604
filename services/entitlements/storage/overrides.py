"""Employers' overrides as they are shown to who asks. Read in the asker's scope."""

from typing import Any

import asyncpg

_COLUMNS = """
o.id::text, o.version, o.employment::text, o.person::text, o.enterprise, o.basis, o.days, o.right_type, o.valid_from,
o.valid_until, o.reason, o.collective_agreement, o.registered_at, o.cancelled
"""
_VERSIONS = f"select {_COLUMNS} from entitlement_override o where o.id = $1::text::uuid order by o.version desc"  # noqa: S608
_PAGE = f"""
select {_COLUMNS}, count(*) over () as total from entitlement_override o
where o.enterprise = $1 and o.replaced_at is null and ($2::text is null or o.employment = $2::text::uuid)
  and ($3::int is null or extract(year from o.valid_from) = $3)
order by o.registered_at desc, o.id limit $4 offset $5
"""  # noqa: S608 - the columns are above


async def versions(connection: asyncpg.Connection, entitlement: str) -> list[dict[str, Any]]:
    """All versions of an override, newest first; empty when there is none in scope."""
    return [_figure(row) for row in await connection.fetch(_VERSIONS, entitlement)]


async def of_enterprise(
    connection: asyncpg.Connection, enterprise: str, employment: str | None, year: int | None, *, most: int, skip: int
) -> tuple[list[dict[str, Any]], int]:
    """A page of an enterprise's overrides as they stand now, the last registered first; and how many there are."""
    rows = await connection.fetch(_PAGE, enterprise, employment, year, most, skip)
    return [_figure(row) for row in rows], rows[0]["total"] if rows else 0


def _figure(row: asyncpg.Record) -> dict[str, Any]:
    figure = {
        "entitlement": row["id"],
        "version": row["version"],
        "employment": row["employment"],
        "person": row["person"],
        "enterprise": row["enterprise"],
        "year": row["valid_from"].year,
        "basis": row["basis"],
        "days": format(row["days"], "f"),
        "rightType": row["right_type"],
        "validFrom": row["valid_from"].isoformat(),
        "validUntil": row["valid_until"].isoformat(),
        "registeredAt": row["registered_at"].isoformat(),
        "cancelled": row["cancelled"],
    }
    if row["reason"]:
        figure["reason"] = row["reason"]
    if row["collective_agreement"]:
        figure["collectiveAgreement"] = row["collective_agreement"]
    return figure
