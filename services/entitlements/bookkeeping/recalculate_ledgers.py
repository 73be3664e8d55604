"""Whole ledgers: bring every employment of an account to what it should be, from all that is known."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from services.entitlements.bookkeeping.account import Account, Balance, Cause, EnterpriseFacts, KnownEmployment
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.bookkeeping.stored_years import StoredYear, changes, years_of
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.ledger import Target, deltas, target
from services.entitlements.domain.lines import Figure, Line
from services.entitlements.domain.rights.overrides import OptOut
from services.entitlements.domain.settings import ExpiryRule, Settings
from services.entitlements.domain.year_end.five_years import expiry_day_in
from shared.contracts.entitlements import YearBalance

_NO_BALANCE = Balance()
IN_A_ROW = 50


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be stored and published of one employment's ledger.

    `version` and `years` are the balance's new ones; `changed` the years to publish, none when only an
    explanation changed.
    """

    employment: Employment
    lines: list[Line]
    version: int
    years: Mapping[int, StoredYear]
    changed: list[YearBalance]
    cause: Cause


async def recalculate_each(
    accounts: Iterable[tuple[Account, EnterpriseFacts, Cause]], rules: Rules, today: date
) -> list[Booking]:
    """Recalculate many accounts, letting other tasks run in between: a thousand employments take half a second."""
    bookings: list[Booking] = []
    for number, (account, enterprise, cause) in enumerate(accounts, start=1):
        bookings += recalculate(account, enterprise, rules, today, cause)
        if number % IN_A_ROW == 0:
            await asyncio.sleep(0)
    return bookings


def recalculate(
    account: Account, enterprise: EnterpriseFacts, rules: Rules, today: date, cause: Cause
) -> list[Booking]:
    """Calculate the bookings that bring the account's ledgers to what they should hold at the end of `today`.

    Changes `account`: its lines, its balances, and the day on which the calendar changes each employment next.
    """
    return list(_bookings(account, enterprise, rules, today, cause))


def _bookings(
    account: Account, enterprise: EnterpriseFacts, rules: Rules, today: date, cause: Cause
) -> Iterator[Booking]:
    for known in list(account.employments.values()):
        employment = known.employment
        existing = account.lines.get(employment.id, [])
        wanted = wanted_of(account, known, enterprise, rules, today)
        lines = deltas(existing, wanted.lines, cause.id)
        years = years_of(employment, wanted)
        before = account.balances.get(employment.id, _NO_BALANCE)
        opt_outs = (*known.opt_outs, *enterprise.opt_outs)
        next_change = None if known.cancelled else next_calendar_change(employment, today, rules.settings, opt_outs)
        account.employments[employment.id] = replace(known, next_calendar_change=next_change)
        if not lines and years == before.years:
            continue
        account.lines[employment.id] = [*existing, *lines]
        after = Balance(before.version + 1, years)
        account.balances[employment.id] = after
        yield Booking(employment, lines, after.version, years, changes(before.years, years), cause)


def wanted_of(
    account: Account, known: KnownEmployment, enterprise: EnterpriseFacts, rules: Rules, today: date
) -> Target:
    """Calculate all lines that the ledger of this employment should have; none if it was cancelled."""
    if known.cancelled:
        return Target((), {})
    granted = [line for line in account.lines.get(known.employment.id, ()) if line.figure is Figure.ENTITLEMENT]
    facts = account.facts(known.employment, enterprise)
    return target(facts, rules.arrangements, today, rules.settings, granted=granted)


def next_calendar_change(
    employment: Employment, today: date, settings: Settings, opt_outs: Iterable[OptOut] = ()
) -> date | None:
    """Find the first day after `today` on which the calendar alone adds lines.

    That is the day of hiring, a new year, the day after five years, the day after the last employed day, or the day
    after an opt-out ended: the years that it kept are calculated anew.
    """
    if employment.start > today:
        return employment.start
    new_year, end = date(today.year + 1, 1, 1), employment.end
    days = [one.end + timedelta(days=1) for one in opt_outs if one.end is not None and one.end >= today]
    days += [] if end is not None and end < new_year else [new_year]
    if end is not None and end >= today:
        days.append(end + timedelta(days=1))
    if settings.expiry is ExpiryRule.PERIODS:
        expiry = expiry_day_in(employment, today.year)
        if expiry is not None and expiry > today:
            days.append(expiry)
    return min(days, default=None)
