"""The figures of each year: every one is the exact sum of lines (domain.md section 4, "Balance")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.lines import Figure, Line
from services.entitlements.domain.rights.grants import YearStatus


class Completeness(StrEnum):
    """Whether everything is known that a figure depends on."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    """Some month of the year grants nothing because something is not known."""
    INCOMPLETE_BEFORE = "incompleteBefore"
    """An earlier year is incomplete: what was carried over may be too little."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year of one employment, in days. Charges, reservations, expiry and loss are shown as positive amounts."""

    year: int
    entitlement: Decimal = ZERO
    carried_over: Decimal = ZERO
    charged: Decimal = ZERO
    reserved: Decimal = ZERO
    expired: Decimal = ZERO
    lost: Decimal = ZERO
    completeness: Completeness = Completeness.COMPLETE

    @property
    def balance(self) -> Decimal:
        """Add entitlement and carry-over, less what was charged, expired or lost. Below 0 when over-spent."""
        return self.entitlement + self.carried_over - self.charged - self.expired - self.lost

    @property
    def available(self) -> Decimal:
        """Subtract from the balance what planned trainings reserve."""
        return self.balance - self.reserved


def year_figures(lines: Iterable[Line], years: Mapping[int, YearStatus]) -> dict[int, YearFigures]:
    """Sum every year that has lines or a status, in order. `lines` are those of one employment."""
    sums: dict[tuple[int, Figure], Decimal] = {}
    for line in lines:
        sums[line.year, line.figure] = sums.get((line.year, line.figure), ZERO) + line.amount
    figures = {}
    incomplete_before = False
    for year in sorted({year for year, _ in sums} | years.keys()):
        unknown = year in years and bool(years[year].unknown)
        figures[year] = YearFigures(
            year,
            entitlement=sums.get((year, Figure.ENTITLEMENT), ZERO),
            carried_over=sums.get((year, Figure.CARRIED_OVER), ZERO),
            charged=-sums.get((year, Figure.CHARGED), ZERO),
            reserved=-sums.get((year, Figure.RESERVED), ZERO),
            expired=-sums.get((year, Figure.EXPIRED), ZERO),
            lost=-sums.get((year, Figure.LOST), ZERO),
            completeness=_completeness(unknown, incomplete_before),
        )
        incomplete_before = incomplete_before or unknown
    return figures


def _completeness(unknown: bool, incomplete_before: bool) -> Completeness:
    if unknown:
        return Completeness.INCOMPLETE
    return Completeness.INCOMPLETE_BEFORE if incomplete_before else Completeness.COMPLETE
