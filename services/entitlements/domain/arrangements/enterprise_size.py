"""The size of an enterprise on a day (law of 3 October 2022, art. 50 par. 2).

Windows of two years start in even years. A window's size is the average of full-time equivalents over its reference
period: the 4th quarter of n-2 and the first three of n-1. Sizes are compared unrounded, hence a Fraction.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise


class SizeOrigin(StrEnum):
    """Where a size comes from: the average of declarations, the heads of a later quarter, a given figure."""

    AVERAGE = "averageFullTimeEquivalents"
    HEADS = "headsOfFirstLaterQuarter"
    MEASURED = "measured"
    STATED = "stated"


class SizePrecedence(StrEnum):
    """Which size counts when an enterprise both declared and stated one (a setting; measured first is the default)."""

    MEASURED_FIRST = "measuredFirst"
    STATED_FIRST = "statedFirst"


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter, `number` 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError(f"a year has the quarters 1 to 4, not {self.number}")


@dataclass(frozen=True, slots=True)
class QuarterDeclaration:
    """What was declared for a quarter (DmfA): FTE and heads on its last day.

    Agency workers count at the user: its declarations carry them in the `agency_` fields, the agency's leave them out.
    """

    quarter: Quarter
    fte: Decimal
    heads: int
    agency_fte: Decimal = Decimal(0)
    agency_heads: int = 0


@dataclass(frozen=True, slots=True)
class SizePeriod:
    """A size given as such for a period; `end` is its last day, None while it goes on."""

    start: date
    end: date | None
    workers: Decimal

    def __post_init__(self) -> None:
        if self.workers < 0 or (self.end is not None and self.end < self.start):
            raise ValueError("a size is not negative and does not end before it starts")

    def overlaps(self, other: "SizePeriod") -> bool:
        """Tell whether there is a day on which both hold."""
        return (self.end is None or other.start <= self.end) and (other.end is None or self.start <= other.end)


@dataclass(frozen=True, slots=True)
class EnterpriseSize:
    """A size with where it comes from; `quarters` were averaged or counted."""

    workers: Fraction
    origin: SizeOrigin
    start: date
    end: date | None
    quarters: tuple[Quarter, ...] = ()


def reference_period(window: int) -> tuple[Quarter, ...]:
    """List the four quarters whose average decides the window that starts in `window`."""
    return (Quarter(window - 2, 4), Quarter(window - 1, 1), Quarter(window - 1, 2), Quarter(window - 1, 3))


def measured_size(declarations: Iterable[QuarterDeclaration], window: int) -> EnterpriseSize | None:
    """Calculate the size of the window that starts in `window`, None if nothing was declared that decides it.

    Without a declaration in the reference period: the heads of the first later quarter with workers, up to the
    window's end.
    """
    by_quarter = {one.quarter: one for one in declarations}
    start, end = date(window, 1, 1), date(window + 1, 12, 31)
    declared = [by_quarter[quarter] for quarter in reference_period(window) if quarter in by_quarter]
    if declared:
        total = sum((Fraction(one.fte) + Fraction(one.agency_fte) for one in declared), Fraction(0))
        quarters = tuple(one.quarter for one in declared)
        return EnterpriseSize(total / len(declared), SizeOrigin.AVERAGE, start, end, quarters)
    later = [
        Quarter(window - 1, 4),
        *(Quarter(year, number) for year in (window, window + 1) for number in (1, 2, 3, 4)),
    ]
    for quarter in later:
        one = by_quarter.get(quarter)
        if one is not None and one.heads + one.agency_heads > 0:
            return EnterpriseSize(Fraction(one.heads + one.agency_heads), SizeOrigin.HEADS, start, end, (quarter,))
    return None


def overlapping(periods: Iterable[SizePeriod]) -> tuple[SizePeriod, SizePeriod] | None:
    """Find the first two periods that share a day, None if none do."""
    ordered = sorted(periods, key=lambda one: one.start)
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            return earlier, later
    return None


@dataclass(frozen=True, slots=True)
class Sizes:
    """All that is known about the size of one enterprise.

    `measured`: sizes that an authority or a payroll office measured, for those without the declarations themselves.
    Raises ValueError if two stated, or two measured, sizes overlap.
    """

    stated: tuple[SizePeriod, ...] = ()
    measured: tuple[SizePeriod, ...] = ()
    declarations: tuple[QuarterDeclaration, ...] = ()
    precedence: SizePrecedence = SizePrecedence.MEASURED_FIRST
    averaged: tuple[EnterpriseSize, ...] = field(init=False, repr=False, compare=False)
    """The sizes of windows that the declarations decide, in their order."""
    _in_order: tuple[EnterpriseSize, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for periods in (self.stated, self.measured):
            if overlapping(periods):
                raise ValueError("two sizes of one kind may not hold on one day")
        windows = sorted({window for one in self.declarations for window in _windows_it_may_decide(one.quarter)})
        averaged = tuple(size for window in windows if (size := measured_size(self.declarations, window)))
        object.__setattr__(self, "averaged", averaged)
        measured = [*averaged, *(_given(one, SizeOrigin.MEASURED) for one in self.measured)]
        stated = [_given(one, SizeOrigin.STATED) for one in self.stated]
        first, then = (measured, stated) if self.precedence is SizePrecedence.MEASURED_FIRST else (stated, measured)
        object.__setattr__(self, "_in_order", (*first, *then))

    def on(self, day: date) -> EnterpriseSize | None:
        """Find the size that counts on `day`; None if there is none at all: the right is then unknown."""
        for size in self._in_order:
            if size.start <= day and (size.end is None or day <= size.end):
                return size
        return None


def _given(period: SizePeriod, origin: SizeOrigin) -> EnterpriseSize:
    return EnterpriseSize(Fraction(period.workers), origin, period.start, period.end)


def _windows_it_may_decide(quarter: Quarter) -> tuple[int, ...]:
    own = quarter.year - quarter.year % 2
    return (own, own + 2)
