"""Trainings as far as charges depend on them, and the ledgers they are charged in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import asyncpg

from services.entitlements.bookkeeping.account import Pair, employment_of
from services.entitlements.bookkeeping.charge_trainings import OpenLedger, earlier_of
from services.entitlements.bookkeeping.stored_years import years_in
from shared.contracts.lean import ChargedTraining
from shared.database.copying import NULL, copy

_COLUMNS = (
    "id", "version", "person", "enterprise", "start_date", "end_date", "minutes", "charged_minutes", "status",
    "context", "right_type", "same_as",
)  # fmt: skip
_VERSIONS = """
select id::text, version from training
join unnest($1::text[]::uuid[], $2::text[]::uuid[]) as asked(person, id) using (person, id)
"""
_REPLACE = """
update training t set version = n.version, start_date = n.start_date, end_date = n.end_date, minutes = n.minutes,
       charged_minutes = n.charged_minutes, status = n.status, context = n.context, right_type = n.right_type,
       same_as = n.same_as
from unnest($1::text[]::uuid[], $2::int[], $3::text[]::date[], $4::text[]::date[], $5::int[], $6::int[], $7::text[],
            $8::text[], $9::text[], $10::text[]::uuid[], $11::text[]::uuid[])
  as n(id, version, start_date, end_date, minutes, charged_minutes, status, context, right_type, same_as, person)
where t.person = n.person and t.id = n.id
"""

# Only what a charge needs, in as few columns as possible: this runs for every training there is.
_LEDGERS = """
select e.id::text, e.person::text, e.enterprise, e.start_date, e.end_date, e.end_reason, e.terms::text,
       e.next_turn, e.rest_agreed, b.version, b.years::text
from unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person)
join employment e using (enterprise, person) left join balance b on b.employment = e.id
where not e.cancelled
"""


class LedgerRow(NamedTuple):
    """An employment with its balance, as charges need it. `terms` and `years` are JSON."""

    id: str
    person: str
    enterprise: str
    start: date
    end: date | None
    end_reason: str | None
    terms: str
    next_calendar_change: date | None
    rest_agreed: str | None
    version: int | None
    years: str | None


@dataclass(slots=True)
class OpenLedgers:
    """The open ledgers of one account, and the first day on which the calendar changes one of them."""

    ledgers: list[OpenLedger] = field(default_factory=list)
    next_calendar_change: date = date.max


async def versions(connection: asyncpg.Connection, states: Sequence[ChargedTraining]) -> dict[str, int]:
    """Find in which version these trainings are known, as far as they are: training -> version."""
    if not states:
        return {}
    found = await connection.fetch(_VERSIONS, [one.person for one in states], [one.training for one in states])
    return dict(found)


async def add(connection: asyncpg.Connection, states: Sequence[ChargedTraining]) -> None:
    """Store trainings that are not known yet. UniqueViolationError if one is."""
    await copy(connection, "training", _COLUMNS, [_row(state) for state in states])


async def replace(connection: asyncpg.Connection, states: Sequence[ChargedTraining]) -> None:
    """Store newer versions of known trainings."""
    if states:
        rows = [_values(state) for state in states]
        await connection.execute(_REPLACE, *map(list, zip(*rows, strict=True)))


async def ledgers(connection: asyncpg.Connection, pairs: Collection[Pair]) -> dict[Pair, list[LedgerRow]]:
    """Find the rows of these accounts' ledgers, for `opened`. The accounts must be locked; those without employments
    are not in the result.

    Rows and not ledgers, lest thousands of those lie in memory while a few are worked on.
    """
    rows = await connection.fetch(_LEDGERS, [enterprise for enterprise, _ in pairs], [person for _, person in pairs])
    found: dict[Pair, list[LedgerRow]] = {}
    for row in map(LedgerRow._make, rows):
        found.setdefault((row.enterprise, row.person), []).append(row)
    return found


def opened(rows: Sequence[LedgerRow]) -> OpenLedgers:
    """Open an account's ledgers for charges."""
    own = OpenLedgers()
    for row in rows:
        employment = employment_of(
            row.id, row.person, row.enterprise, row.start, row.end, row.end_reason, row.terms, row.rest_agreed
        )
        own.ledgers.append(OpenLedger(employment, row.version or 0, years_in(row.years) if row.years else {}))
        if row.next_calendar_change is not None and row.next_calendar_change < own.next_calendar_change:
            own.next_calendar_change = row.next_calendar_change
    if len(own.ledgers) > 1:
        together = [one.employment for one in own.ledgers]
        for one in own.ledgers:
            one.earlier = earlier_of(one.employment, together)
    return own


def _row(state: ChargedTraining) -> str:
    content = state.content
    charged = NULL if content.charged_minutes is None else content.charged_minutes
    return (
        f"{state.training}\t{state.version}\t{state.person}\t{state.enterprise}\t{content.start_date}\t"
        f"{content.end_date}\t{content.minutes}\t{charged}\t{content.status}\t{content.context}\t"
        f"{content.right_type}\t{NULL if state.same_as is None else state.same_as}"
    )


def _values(state: ChargedTraining) -> tuple[Any, ...]:
    content = state.content
    return (
        state.training,
        state.version,
        content.start_date,
        content.end_date,
        content.minutes,
        content.charged_minutes,
        content.status,
        content.context,
        content.right_type,
        state.same_as,
        state.person,
    )
