"""Employments, balances and ledger lines as answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import orjson

from services.entitlements.bookkeeping import stored_years
from services.entitlements.bookkeeping.stored_years import StoredYear, year_balance, years_in
from services.entitlements.domain.employments import Employment, EndReason, RestAtEnd
from services.entitlements.domain.lines import Figure, Line
from services.entitlements.domain.settings import Settings
from services.entitlements.domain.year_end.end_of_contract import rest_at_end
from services.entitlements.domain.year_end.five_years import review_periods
from services.entitlements.storage.employment_ledgers import EmploymentRow, LedgerLineRow
from shared.contracts.answers import entitlements as answers
from shared.contracts.entitlements import YearBalance


def employment_answer(row: EmploymentRow) -> answers.Employment:
    """Build an employment with its balances, in the order of the years."""
    years = [
        answers.DescribedYear(**_figures(year_balance(stored)), **_described(stored)) for stored in _stored_years(row)
    ]
    return answers.Employment(**_state(row), years=years)


class _Booked(NamedTuple):
    date: date
    figure: Figure
    amount: Decimal


def ledger_answer(
    row: EmploymentRow, lines: Sequence[LedgerLineRow], settings: Settings, day: date, *, lines_only: bool
) -> answers.Ledger:
    """Build an employment's ledger: each year's lines, figures that are the sums of these lines, and its periods.

    `lines_only`: leave out years that have no line, for a ledger as it was known on a day. `day`: that day, or today.
    """
    stored = {one.year: one for one in _stored_years(row)}
    by_year: dict[int, list[LedgerLineRow]] = {} if lines_only else {year: [] for year in stored}
    for line in lines:
        by_year.setdefault(line.year, []).append(line)
    return answers.Ledger(
        employment=answers.LedgerEmployment(**_state(row), rest_at_end=_rest_at_end(row, settings)),
        years=[_ledger_year(year, own, stored.get(year)) for year, own in sorted(by_year.items())],
        periods=_periods(row, lines, day),
    )


def _periods(row: EmploymentRow, lines: Iterable[LedgerLineRow], day: date) -> list[answers.FiveYearPeriod]:
    booked = [_Booked(line.date, Figure(line.figure), Decimal(line.amount)) for line in lines]
    return [
        answers.FiveYearPeriod(
            start_date=one.start,
            end_date=one.end,
            granted=one.granted,
            charged=one.charged,
            missing=one.missing,
            warning=one.deserves_warning(day),
        )
        for one in review_periods(Employment(row.id, "", "", row.start, row.end, ()), booked, day)
    ]


def year_figures(balance: YearBalance) -> answers.YearFigures:
    """Build a year's figures."""
    return answers.YearFigures(**_figures(balance))


def supposed_line(line: Line) -> answers.SupposedLine:
    """Build a line that a ledger would have."""
    return answers.SupposedLine(
        year=line.year,
        figure=line.figure.value,
        date=line.date,
        kind=line.kind.value,
        amount=line.amount,
        rule=line.rule.value,
        rule_version=line.rule_version,
        inputs=msgspec.to_builtins(line.inputs, str_keys=True),
    )


def _state(row: EmploymentRow) -> dict[str, Any]:
    """Collect the fields of `EmploymentState`."""
    return {
        "employment": row.id,
        "version": row.version,
        "person": row.person,
        "enterprise": row.enterprise,
        "sender": row.sender,
        "reference": row.reference,
        "start_date": row.start,
        "end_date": row.end,
        "end_reason": row.end_reason,
        "rest_agreed": row.rest_agreed,
        "terms": orjson.loads(row.terms),
        "opt_outs": orjson.loads(row.opt_outs) or None,
        "cancelled": row.cancelled,
        "recorded_at": row.recorded_at.isoformat(),
        "balance_version": row.balance_version or 0,
    }


def _stored_years(row: EmploymentRow) -> list[StoredYear]:
    years = {} if row.years is None else years_in(row.years)
    return [years[year] for year in sorted(years)]


def _figures(balance: YearBalance) -> dict[str, Any]:
    """Collect the fields of `YearFigures`."""
    return {
        "year": balance["year"],
        "granted": Decimal(balance["granted"]),
        "carried_over": Decimal(balance["carriedOver"]),
        "charged": Decimal(balance["charged"]),
        "reserved": Decimal(balance["reserved"]),
        "lost": Decimal(balance["lost"]),
        "balance": Decimal(balance["balance"]),
        "available": Decimal(balance["available"]),
        "incomplete": balance["incomplete"],
    }


def _described(stored: StoredYear | None) -> Mapping[str, Any]:
    """Collect what lines cannot say of a year, as known now: the fields that `DescribedYear` adds."""
    if stored is None:
        return {}
    unknown = [answers.UnknownMonth(day=date.fromisoformat(one.day), reason=one.reason) for one in stored.unknown]
    return {
        "mode": stored.mode,
        "unit": stored.unit,
        "hours_per_day": None if stored.hours_per_day is None else Decimal(stored.hours_per_day),
        "unknown": unknown or None,
    }


def _ledger_year(year: int, lines: list[LedgerLineRow], stored: StoredYear | None) -> answers.LedgerYear:
    summed = stored_years.summed(year, ((Figure(line.figure), Decimal(line.amount)) for line in lines))
    if stored is not None:
        summed.incomplete = stored.incomplete
    return answers.LedgerYear(
        **_figures(year_balance(summed)), **_described(stored), lines=[_ledger_line(line) for line in lines]
    )


def _ledger_line(row: LedgerLineRow) -> answers.LedgerLine:
    return answers.LedgerLine(
        id=row.id,
        year=row.year,
        figure=row.figure,
        about=row.about or None,
        date=row.date,
        kind=row.kind,
        amount=Decimal(row.amount),
        rule=row.rule,
        rule_version=row.rule_version,
        inputs=orjson.loads(row.inputs),
        cause=row.cause,
        training=row.training,
        right_type=row.right_type,
        recorded_at=row.recorded_at.isoformat(),
    )


def _rest_at_end(row: EmploymentRow, settings: Settings) -> str | None:
    """Decide what becomes of the rest when the contract ends; None while no end is known."""
    if row.end is None:
        return None
    reason = None if row.end_reason is None else EndReason(row.end_reason)
    agreed = None if row.rest_agreed is None else RestAtEnd(row.rest_agreed)
    rest = rest_at_end(Employment(row.id, "", "", row.start, row.end, (), reason, agreed), settings)
    return None if rest is None else rest.value
