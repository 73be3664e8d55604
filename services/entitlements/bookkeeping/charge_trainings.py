"""The short way: trainings charged without looking at any right. Measured: every microsecond here counts.

Charges and reservations need the employment and the training only. Where a charge lies in a year that has ended, the
years' sums are enough to bring carry-over, expiry and loss up to date. Anything else takes the long way, `recalculate`.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from services.entitlements.bookkeeping.account import Cause
from services.entitlements.bookkeeping.recalculate_ledgers import Booking
from services.entitlements.bookkeeping.stored_years import (
    StoredYear,
    as_text,
    empty_year,
    gone_year,
    hours_of,
    is_empty,
    sums_of,
    year_balance,
)
from services.entitlements.domain.charges.charge_lines import charge_lines
from services.entitlements.domain.charges.charged_training import Training
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.ledger import deltas, stands_alone
from services.entitlements.domain.lines import RULE_VERSION, WITHDRAWN, Figure, Kind, Line, Rule
from services.entitlements.domain.settings import FIRST_PERIOD_BEGINS, ExpiryRule, Settings
from services.entitlements.domain.year_end.carry_over import year_end_lines
from services.entitlements.domain.year_end.five_years import YEARS, expiry_day_in

_NOT_READ = WITHDRAWN
"""Stands for the inputs of lines of which only the sum is known: they are compared by amount."""
_FIRST_EXPIRIES = FIRST_PERIOD_BEGINS.year + YEARS


class OpenLedger:
    """The ledger of one employment, open for charges: its years as last published, and what is added to them."""

    __slots__ = ("_hours", "_lines", "_touched", "_version", "_years", "cause", "earlier", "employment")

    def __init__(self, employment: Employment, version: int, years: dict[int, StoredYear]) -> None:
        self.employment = employment
        self.earlier: tuple[Employment, ...] = ()
        self.cause: Cause | None = None
        self._version = version
        self._years = years
        self._hours = hours_of(years)
        self._lines: list[Line] = []
        self._touched: set[int] = set()

    def charge(self, training: Training, cause: str) -> bool:
        """Book a training that was never booked here; True if that made a line."""
        lines = charge_lines(training, self.employment, cause, earlier=self.earlier, hours_years=self._hours)
        self._lines += lines
        return bool(lines)

    def recharge(self, training: Training, booked: Sequence[Line], cause: str) -> bool:
        """Replace the lines of earlier versions of a training; True if that made a line."""
        wanted = charge_lines(training, self.employment, cause, earlier=self.earlier, hours_years=self._hours)
        lines = deltas(booked, wanted, cause)
        self._lines += lines
        return bool(lines)

    def close(self, cause: Cause, today: date, settings: Settings) -> Booking:
        """Finish the booking: the lines added, and the year-end lines that follow from them at the end of `today`."""
        for line in self._lines:
            self._add(line)
        if self._may_have_consequences(today) and not stands_alone(self.employment, self._lines, today, settings):
            self._add_year_end(cause.id, today, settings)
        changed = []
        for year in sorted(self._touched):
            if year > today.year and is_empty(self._years[year]):
                del self._years[year]
                changed.append(gone_year(year))
            else:
                changed.append(year_balance(self._years[year]))
        return Booking(self.employment, self._lines, self._version + 1, self._years, changed, cause)

    def _may_have_consequences(self, today: date) -> bool:
        """Check cheaply whether year-end lines may change, before `stands_alone`: almost always not."""
        end, first = self.employment.end, min(self._touched, default=today.year)
        return first < today.year or today.year >= _FIRST_EXPIRIES or (end is not None and end < today)

    def _add(self, line: Line) -> None:
        year = self._year(line.year)
        if line.figure is Figure.RESERVED:
            year.reserved = as_text(Decimal(year.reserved) - line.amount)
            return
        year.charged = as_text(Decimal(year.charged) - line.amount)
        if line.year < _FIRST_EXPIRIES:
            return
        expiry = expiry_day_in(self.employment, line.year)
        if expiry is not None and line.date < expiry:
            year.charged_before_expiry = as_text(Decimal(year.charged_before_expiry) - line.amount)

    def _add_year_end(self, cause: str, today: date, settings: Settings) -> None:
        wanted = year_end_lines(self.employment, sums_of(self._years), today, settings)
        for line in deltas(self._booked_year_ends(settings), wanted, cause):
            year = self._year(line.year)
            if line.figure is Figure.CARRIED_OVER:
                year.carried_over = as_text(Decimal(year.carried_over) + line.amount)
            elif line.figure is Figure.EXPIRED:
                year.expired = as_text(Decimal(year.expired) - line.amount)
            else:
                year.lost = as_text(Decimal(year.lost) - line.amount)
            self._lines.append(line)

    def _booked_year_ends(self, settings: Settings) -> list[Line]:
        """List the ledger's carry-over, expiry and loss, as one line a year each: a year has one key for each."""
        return [line for stored in self._years.values() for line in _booked_in(self.employment, stored, settings)]

    def _year(self, year: int) -> StoredYear:
        """Get the year in order to change it."""
        self._touched.add(year)
        found = self._years.get(year)
        if found is None:
            before = [stored for number, stored in self._years.items() if number < year]
            found = self._years[year] = empty_year(year, any(stored.incomplete for stored in before))
        return found


def _booked_in(employment: Employment, stored: StoredYear, settings: Settings) -> list[Line]:
    year, new_year = stored.year, date(stored.year, 1, 1)
    booked: list[tuple[Figure, Kind, Rule, date | None, Decimal]] = [
        (Figure.CARRIED_OVER, Kind.CARRY_OVER, Rule.CARRY_OVER_AT_YEAR_END, new_year, Decimal(stored.carried_over))
    ]
    if settings.expiry is ExpiryRule.PERIODS:
        day, rule = expiry_day_in(employment, year), Rule.EXPIRY_OF_FIVE_YEAR_PERIOD
    else:
        day, rule = new_year, Rule.EXPIRY_OF_FIVE_YEAR_OLD_RIGHT
    booked.append((Figure.EXPIRED, Kind.EXPIRY, rule, day, -Decimal(stored.expired)))
    end = None if employment.end is None else date.fromordinal(employment.end.toordinal() + 1)
    booked.append((Figure.LOST, Kind.LOSS, Rule.LOSS_AT_END_OF_CONTRACT, end, -Decimal(stored.lost)))
    return [
        Line(employment.id, year, figure, "", day, kind, amount, rule, RULE_VERSION[rule], _NOT_READ)
        for figure, kind, rule, day, amount in booked
        if amount and day is not None
    ]


def earlier_of(employment: Employment, together: Sequence[Employment]) -> tuple[Employment, ...]:
    """Find the employments of the same account that are charged first (`Facts.earlier_siblings`)."""
    own = (employment.start, employment.id)
    return tuple(other for other in together if (other.start, other.id) < own)
