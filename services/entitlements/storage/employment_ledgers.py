"""Employments with their balances, and the lines of their ledgers, as rows for who asks. Read in the asker's scope."""

from datetime import date, datetime
from typing import NamedTuple

import asyncpg
import orjson

from shared.contracts.vocabulary import RightType

_EMPLOYMENT = """
select e.id::text, e.version, e.person::text, e.enterprise, e.sender, e.reference, e.start_date, e.end_date,
       e.end_reason, e.rest_agreed, e.terms::text, e.opt_outs::text, e.cancelled, e.recorded_at, b.version,
       b.years::text
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

# The last version before the moment, else the first one of all. An employment has few versions.
_AS_KNOWN = """
select state::text, recorded_at from employment_version where employment = $1::text::uuid
order by recorded_at < $2 desc, case when recorded_at < $2 then -version else version end limit 1
"""


class EmploymentRow(NamedTuple):
    """An employment and its balance. `terms`, `opt_outs` and `years` are JSON.

    The last two are None where nothing was booked.
    """

    id: str
    version: int
    person: str
    enterprise: str
    sender: str
    reference: str | None
    start: date
    end: date | None
    end_reason: str | None
    rest_agreed: str | None
    terms: str
    opt_outs: str
    cancelled: bool
    recorded_at: datetime
    balance_version: int | None
    years: str | None


class LedgerLineRow(NamedTuple):
    """A ledger line. `amount` is decimal text, `inputs` are JSON."""

    id: int
    year: int
    figure: str
    about: str
    date: date
    kind: str
    amount: str
    rule: str
    rule_version: int
    inputs: str
    cause: str
    training: str | None
    right_type: RightType | None
    recorded_at: datetime


async def employment(connection: asyncpg.Connection, id_: str) -> EmploymentRow | None:
    """Find an employment with its balance, None where there is none in scope."""
    row = await connection.fetchrow(_ONE, id_)
    return None if row is None else EmploymentRow._make(row)


async def as_known(connection: asyncpg.Connection, now: EmploymentRow, known_by: datetime) -> EmploymentRow:
    """Read an employment as it was recorded before a moment; where nothing was, as it was recorded first.

    What is never changed (sender, reference) is taken from `now`.
    """
    row = await connection.fetchrow(_AS_KNOWN, now.id, known_by)
    if row is None:
        return now
    state = orjson.loads(row["state"])
    return now._replace(
        version=state["version"],
        start=date.fromisoformat(state["startDate"]),
        end=date.fromisoformat(state["endDate"]) if "endDate" in state else None,
        end_reason=state.get("endReason"),
        rest_agreed=state.get("restAgreed"),
        terms=orjson.dumps(state["terms"]).decode(),
        opt_outs=orjson.dumps(state.get("optOuts", [])).decode(),
        cancelled=state["cancelled"],
        recorded_at=row["recorded_at"],
    )


async def employments_of(
    connection: asyncpg.Connection, enterprise: str, after: str | None, most: int
) -> list[EmploymentRow]:
    """List an enterprise's employments by id, those behind the id `after`."""
    return [EmploymentRow._make(row) for row in await connection.fetch(_PAGE, enterprise, after, most)]


async def lines_of(connection: asyncpg.Connection, employment_: str, known_by: datetime | None) -> list[LedgerLineRow]:
    """List the lines of a ledger by year and date; with `known_by` only those recorded before that moment."""
    return [LedgerLineRow._make(row) for row in await connection.fetch(_LEDGER, employment_, known_by)]
