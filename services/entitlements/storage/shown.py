"""Employments, balances and ledgers as they are shown to who asks. Read in the asker's scope."""

from datetime import datetime
from typing import Any

import asyncpg
import msgspec
import orjson

from services.entitlements.bookkeeping.stored_years import StoredYear, year_balance, years_in

_EMPLOYMENT = """
select e.id::text, e.version, e.person::text, e.enterprise, e.sender, e.reference, e.start_date, e.end_date,
       e.end_reason, e.terms::text, e.cancelled, e.recorded_at, b.version as balance_version, b.years::text
from employment e left join balance b on b.employment = e.id
"""
_ONE = _EMPLOYMENT + "where e.id = $1::text::uuid"
_PAGE = f"""{_EMPLOYMENT}
where e.enterprise = $1 and ($2::text is null or e.id > $2::text::uuid) and not e.cancelled order by e.id limit $3
"""
_LEDGER = """
select id, year, figure, about, date, kind, amount::text, rule, rule_version, inputs::text, cause::text, training::text,
       right_type, recorded_at
from ledger_line where employment = $1::text::uuid and ($2::timestamptz is null or recorded_at < $2)
order by year, date, id
"""
_RECALCULATIONS = """
select id::text, enterprise, reason, requested_at, total, done, failure, finished_at from recalculation
order by requested_at desc limit 200
"""


async def employment(connection: asyncpg.Connection, id_: str) -> dict[str, Any] | None:
    """An employment with its balances, None where there is none in scope."""
    row = await connection.fetchrow(_ONE, id_)
    return None if row is None else _employment(row)


async def employments_of(
    connection: asyncpg.Connection, enterprise: str, after: str | None, most: int
) -> list[dict[str, Any]]:
    """An enterprise's employments by id, those behind `after`."""
    return [_employment(row) for row in await connection.fetch(_PAGE, enterprise, after, most)]


async def lines_of(connection: asyncpg.Connection, employment_: str, known_by: datetime | None) -> list[dict[str, Any]]:
    """The lines of a ledger by year and date; with `known_by` those recorded before that moment."""
    return [_line(row) for row in await connection.fetch(_LEDGER, employment_, known_by)]


async def recalculations(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """The last recalculations, newest first, those under way among them."""
    return [
        _without_nothing(
            {
                "recalculation": row["id"],
                "enterprise": row["enterprise"],
                "reason": row["reason"],
                "requestedAt": row["requested_at"].isoformat(),
                "total": row["total"],
                "done": row["done"],
                "failure": row["failure"],
                "finishedAt": None if row["finished_at"] is None else row["finished_at"].isoformat(),
            }
        )
        for row in await connection.fetch(_RECALCULATIONS)
    ]


def _employment(row: asyncpg.Record) -> dict[str, Any]:
    years = {} if row["years"] is None else years_in(row["years"])
    return _without_nothing(
        {
            "employment": row["id"],
            "version": row["version"],
            "person": row["person"],
            "enterprise": row["enterprise"],
            "sender": row["sender"],
            "reference": row["reference"],
            "startDate": row["start_date"].isoformat(),
            "endDate": None if row["end_date"] is None else row["end_date"].isoformat(),
            "endReason": row["end_reason"],
            "terms": orjson.loads(row["terms"]),
            "cancelled": row["cancelled"],
            "recordedAt": row["recorded_at"].isoformat(),
            "balanceVersion": row["balance_version"] or 0,
            "years": [_year(years[year]) for year in sorted(years)],
        }
    )


def _year(stored: StoredYear) -> dict[str, Any]:
    """What is told of a year, with what lines cannot say of it."""
    described = {"mode": stored.mode, "unit": stored.unit, "hoursPerDay": stored.hours_per_day}
    unknown = {"unknown": msgspec.to_builtins(stored.unknown)} if stored.unknown else {}
    return dict(year_balance(stored)) | _without_nothing(described) | unknown


def _line(row: asyncpg.Record) -> dict[str, Any]:
    return _without_nothing(
        {
            "id": row["id"],
            "year": row["year"],
            "figure": row["figure"],
            "about": row["about"] or None,
            "date": row["date"].isoformat(),
            "kind": row["kind"],
            "amount": row["amount"],
            "rule": row["rule"],
            "ruleVersion": row["rule_version"],
            "inputs": orjson.loads(row["inputs"]),
            "cause": row["cause"],
            "training": row["training"],
            "rightType": row["right_type"],
            "recordedAt": row["recorded_at"].isoformat(),
        }
    )


def _without_nothing(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if value is not None}
