"""The entitlement of one employment in one year: A x B x C, always month by month (domain.md section 4).

A: full-time days by the arrangement, or an override's; B: the contract's fraction of full time; C: 1/12 a month.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from services.entitlements.domain.arrangements.rows import Unit
from services.entitlements.domain.arrangements.which_applies import Arrangements, ReasonCode
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.rights.months import Month, months_of
from services.entitlements.domain.rights.overrides import MonthComparison, Override, OverrideKind, in_order

MONTHS_A_YEAR = 12
_NOTHING = Fraction(0)


class Granting(StrEnum):
    """Whether months that no override decides are granted by the arrangement (not under an opt-out)."""

    AUTOMATIC = "automatic"
    ONLY_REGISTERED = "onlyRegistered"


@dataclass(frozen=True, slots=True)
class MonthRight:
    """A month and what decides it: an override, or the arrangement (None).

    `value`: A x B, in days of the month's `hours_per_day`; a twelfth of it is the month's right. None where unknown.
    """

    month: Month
    override: Override | None
    value: Fraction | None

    @property
    def unit(self) -> Unit:
        """Get the unit of the month's right; an override is always in days."""
        row = self.month.applicable.row
        return Unit.DAYS if self.override is not None or row is None else row.unit


@dataclass(frozen=True, slots=True)
class UnknownMonth:
    """A month that grants nothing because something is not known, by its first employed day, with the reason."""

    day: date
    reason: ReasonCode


@dataclass(frozen=True, slots=True)
class YearRight:
    """The months of a year that may grant. A year has one unit, that of the first month that grants.

    `hours_per_day`: in an hours year, the hours of the days its ledger lines are written in; None in a days year.
    """

    year: int
    months: tuple[MonthRight, ...]
    unit: Unit
    hours_per_day: Decimal | None

    @property
    def unknown(self) -> tuple[UnknownMonth, ...]:
        """List the months that make the year incomplete."""
        return tuple(
            UnknownMonth(right.month.day, right.month.applicable.reason.code)
            for right in self.months
            if right.value is None
        )

    def in_days(self, right: MonthRight) -> Fraction:
        """Convert A x B of a month to the year's days; 0 where unknown.

        In an hours year a month in days is first brought to hours with its own working day: 5 days of 7.6 h are 38 h.
        """
        value = right.value or _NOTHING
        if self.hours_per_day is None or self.hours_per_day == right.month.hours_per_day:
            return value
        return value * Fraction(right.month.hours_per_day) / Fraction(self.hours_per_day)


def year_right(
    facts: Facts, year: int, arrangements: Arrangements, granting: Granting = Granting.AUTOMATIC
) -> YearRight:
    """Calculate what each month of `year` grants, and what decides it."""
    months = months_of(facts, year, arrangements)
    overrides = in_order(facts.overrides)
    rights = [_decide(month, overrides, len(months)) for month in months]
    if granting is Granting.ONLY_REGISTERED:
        rights = [right for right in rights if _first_covering(right.month.day, overrides) is not None]
    first = next((right for right in rights if right.value), None)
    in_hours = first is not None and first.unit is Unit.HOURS
    hours_per_day = first.month.hours_per_day if first is not None and in_hours else None
    return YearRight(year, tuple(rights), Unit.HOURS if in_hours else Unit.DAYS, hours_per_day)


def _decide(month: Month, overrides: Sequence[Override], months: int) -> MonthRight:
    override = _first_covering(month.day, overrides)
    if override is None:
        return MonthRight(month, None, month.by_arrangement)
    value, arranged = _value(override, month, months), month.by_arrangement
    if value is None or (arranged is not None and value < arranged and not override.agreement):
        # A right is a minimum: where an override gives less without a collective agreement, the arrangement counts.
        return MonthRight(month, None, arranged)
    return MonthRight(month, override, value)


def _first_covering(day: date, overrides: Sequence[Override]) -> Override | None:
    return next((override for override in overrides if override.covers(day)), None)


def _value(override: Override, month: Month, months: int) -> Fraction | None:
    """Calculate A x B of a month by an override; None if it needs a working time that is not known.

    Resulting days are spread evenly over the year's counted months, so that they can be compared month by month.
    """
    if override.kind is OverrideKind.RESULTING_DAYS:
        return Fraction(override.days) * MONTHS_A_YEAR / months
    return None if month.term is None else Fraction(override.days) * month.term.fraction


def compare_override(
    override: Override, facts: Facts, years: Iterable[int], arrangements: Arrangements
) -> list[MonthComparison]:
    """Compare each month that an override covers in one employment with the arrangement, in days."""
    compared = []
    for year in years:
        months = months_of(facts, year, arrangements)
        for month in months:
            value = _value(override, month, len(months)) if override.covers(month.day) else None
            if value is not None:
                arranged = None if month.by_arrangement is None else month.by_arrangement / MONTHS_A_YEAR
                employment = facts.employment.id
                compared.append(
                    MonthComparison(employment, month.day, value / MONTHS_A_YEAR, arranged, month.full_time)
                )
    return compared
