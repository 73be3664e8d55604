"""Accounts: a person at an enterprise, locked before anything of theirs is read, and all that belongs to them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import asyncpg

from services.entitlements.bookkeeping.account import (
    Account,
    Balance,
    KnownEmployment,
    KnownOverride,
    Pair,
    employment_of,
    opt_outs_of,
)
from services.entitlements.bookkeeping.stored_years import years_in
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.charges.charged_training import Training, TrainingContext, TrainingStatus
from services.entitlements.domain.lines import Figure, Kind, Line, Rule
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from shared.contracts.ledger_inputs import decode_inputs

# One order for all, so that two transactions wait for each other and never lock each other out.
_LOCK = """
with locked as (
  select 1 from account a
  join unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person) using (enterprise, person)
  order by a.enterprise, a.person for update of a
)
select count(*) from locked
"""

_CREATE = """
insert into account (enterprise, person)
select * from unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person) order by 1, 2 on conflict do nothing
"""

_EMPLOYMENTS = """
select e.id::text, e.person::text, e.enterprise, e.start_date, e.end_date, e.end_reason, e.terms::text, e.version,
       e.sender, e.reference, e.cancelled, e.next_turn, e.rest_agreed, e.opt_outs::text, b.version, b.years::text
from unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person)
join employment e using (enterprise, person) left join balance b on b.employment = e.id
order by e.start_date, e.id
"""

_OWNERS = "select id::text, enterprise, person::text from employment where id = any($1::text[]::uuid[])"

_EMPLOYMENTS_OF_OVERRIDES = """
select id::text, employment::text from entitlement_override where id = any($1::text[]::uuid[]) and replaced_at is null
"""

_OVERRIDES = """
select o.id::text, o.version, o.employment::text, o.person::text, o.enterprise, o.basis, o.days, o.right_type,
       o.valid_from, o.valid_until, o.reason, o.collective_agreement, o.registered_at, o.cancelled, o.line
from unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person)
join entitlement_override o using (enterprise, person) where o.replaced_at is null order by o.id
"""

_TRAININGS = """
select t.id::text, t.version, t.person::text, t.enterprise, t.start_date, t.end_date, t.minutes, t.charged_minutes,
       t.status, t.context, t.right_type, t.same_as
from unnest($1::text[], $2::text[]::uuid[]) as asked(enterprise, person)
join training t using (enterprise, person) order by t.id
"""

_LINES = """
select employment::text, year, figure, about, date, kind, amount, rule, rule_version, inputs::text, cause::text,
       training::text, right_type
from ledger_line where employment = any($1::text[]::uuid[]) {only} order by id
"""
_ALL_LINES = _LINES.format(only="")
_LINES_OF_TRAININGS = _LINES.format(only="and training = any($2::text[]::uuid[])")


class KnownEmploymentRow(NamedTuple):
    """An employment with its balance. `terms`, `opt_outs` and `years` are JSON.

    The last two are None where nothing was booked.
    """

    id: str
    person: str
    enterprise: str
    start: date
    end: date | None
    end_reason: str | None
    terms: str
    version: int
    sender: str
    reference: str | None
    cancelled: bool
    next_calendar_change: date | None
    rest_agreed: str | None
    opt_outs: str
    balance_version: int | None
    years: str | None


class KnownOverrideRow(NamedTuple):
    """The newest version of an employer's override."""

    id: str
    version: int
    employment: str
    person: str
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


class KnownTrainingRow(NamedTuple):
    """A training in the newest version known."""

    id: str
    version: int
    person: str
    enterprise: str
    start: date
    end: date
    minutes: int
    charged_minutes: int | None
    status: str
    context: str
    right_type: str
    same_as: str | None


class LineRow(NamedTuple):
    """A ledger line. `inputs` are JSON."""

    employment: str
    year: int
    figure: str
    about: str
    date: date
    kind: str
    amount: Decimal
    rule: str
    rule_version: int
    inputs: str
    cause: str
    training: str | None
    right_type: str | None


async def lock(connection: asyncpg.Connection, pairs: Collection[Pair]) -> None:
    """Lock these accounts until the transaction ends; create those that are new."""
    ordered = sorted(pairs)
    columns = [enterprise for enterprise, _ in ordered], [person for _, person in ordered]
    if ordered and await connection.fetchval(_LOCK, *columns) < len(ordered):
        await connection.execute(_CREATE, *columns)
        await connection.fetchval(_LOCK, *columns)


async def load(connection: asyncpg.Connection, pairs: Iterable[Pair]) -> dict[Pair, Account]:
    """Load all that is known of these accounts, with their ledgers: four queries, however many there are."""
    accounts = {pair: Account(*pair) for pair in pairs}
    if not accounts:
        return accounts
    columns = [enterprise for enterprise, _ in accounts], [person for _, person in accounts]
    for employed in map(KnownEmploymentRow._make, await connection.fetch(_EMPLOYMENTS, *columns)):
        account = accounts[employed.enterprise, employed.person]
        account.employments[employed.id] = _employment(employed)
        if employed.balance_version is not None and employed.years is not None:
            account.balances[employed.id] = Balance(employed.balance_version, years_in(employed.years))
    for overridden in map(KnownOverrideRow._make, await connection.fetch(_OVERRIDES, *columns)):
        accounts[overridden.enterprise, overridden.person].overrides[overridden.id] = _override(overridden)
    for trained in map(KnownTrainingRow._make, await connection.fetch(_TRAININGS, *columns)):
        accounts[trained.enterprise, trained.person].trainings.append(_training(trained))
    owner = {id_: account for account in accounts.values() for id_ in account.employments}
    if owner:
        for line in map(LineRow._make, await connection.fetch(_ALL_LINES, list(owner))):
            owner[line.employment].lines.setdefault(line.employment, []).append(_line(line))
    return accounts


async def owners(connection: asyncpg.Connection, employments: Collection[str]) -> dict[str, Pair]:
    """Find the account of each of these employments, as far as they are known: employment -> account."""
    if not employments:
        return {}
    return {id_: (enterprise, person) for id_, enterprise, person in await connection.fetch(_OWNERS, employments)}


async def employments_of_overrides(connection: asyncpg.Connection, overrides: Collection[str]) -> dict[str, str]:
    """Find the employment of each of these overrides, as far as they are known: override -> employment."""
    return dict(await connection.fetch(_EMPLOYMENTS_OF_OVERRIDES, overrides)) if overrides else {}


async def lines_of_trainings(
    connection: asyncpg.Connection, employments: Collection[str], trainings: Collection[str]
) -> dict[tuple[str, str], list[Line]]:
    """Load the lines of these trainings: (employment, training) -> lines, in the order of recording."""
    found: dict[tuple[str, str], list[Line]] = {}
    if employments and trainings:
        for row in map(LineRow._make, await connection.fetch(_LINES_OF_TRAININGS, employments, trainings)):
            assert row.training is not None
            found.setdefault((row.employment, row.training), []).append(_line(row))
    return found


def _employment(row: KnownEmploymentRow) -> KnownEmployment:
    return KnownEmployment(
        employment_of(
            row.id, row.person, row.enterprise, row.start, row.end, row.end_reason, row.terms, row.rest_agreed
        ),
        row.version,
        row.sender,
        row.reference,
        row.terms,
        row.cancelled,
        row.next_calendar_change,
        opt_outs_of(row.opt_outs),
    )


def _override(row: KnownOverrideRow) -> KnownOverride:
    override = Override(
        row.id,
        OverrideScope.EMPLOYMENT,
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
    return KnownOverride(override, row.employment, row.version, row.cancelled)


def _training(row: KnownTrainingRow) -> Training:
    return Training(
        row.id,
        row.version,
        row.start,
        row.end,
        row.minutes,
        TrainingStatus(row.status),
        TrainingContext(row.context),
        row.charged_minutes,
        RightType(row.right_type),
        row.same_as is not None,
    )


def _line(row: LineRow) -> Line:
    return Line(
        row.employment,
        row.year,
        Figure(row.figure),
        row.about,
        row.date,
        Kind(row.kind),
        row.amount,
        Rule(row.rule),
        row.rule_version,
        decode_inputs(row.rule, row.rule_version, row.inputs),
        row.cause,
        row.training,
        None if row.right_type is None else RightType(row.right_type),
    )
