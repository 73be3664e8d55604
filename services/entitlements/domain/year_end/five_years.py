"""Five-year periods of an employment (domain.md section 4, "Five years", *chosen*)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.lines import Figure
from services.entitlements.domain.settings import FIRST_PERIOD_BEGINS

YEARS = 5


def period_starts(employment: Employment) -> Iterator[date]:
    """List the first days of the periods, from the later of 1 January 2024 and the hiring date on.

    29 February counts as 1 March.
    """
    first = max(employment.start, FIRST_PERIOD_BEGINS)
    if (first.month, first.day) == (2, 29):
        first = date(first.year, 3, 1)
    year = first.year
    while year + YEARS < date.max.year:
        yield date(year, first.month, first.day)
        year += YEARS


def expiry_day_in(employment: Employment, year: int) -> date | None:
    """Find the day in `year` after a period of this employment has ended, None if no period ends around it."""
    first = next(period_starts(employment))
    if year <= first.year or (year - first.year) % YEARS:
        return None
    day = date(year, first.month, first.day)
    return day if employment.exists_on(day) else None


class Booked(Protocol):
    """What a period needs of a line."""

    @property
    def date(self) -> date: ...
    @property
    def figure(self) -> Figure: ...
    @property
    def amount(self) -> Decimal: ...


@dataclass(frozen=True, slots=True)
class PeriodReview:
    """What was granted and charged in one period, in days. `end` is its last day."""

    start: date
    end: date
    granted: Decimal
    charged: Decimal

    @property
    def missing(self) -> Decimal:
        """Calculate the days that were granted and not charged."""
        return max(self.granted - self.charged, ZERO)

    def deserves_warning(self, today: date) -> bool:
        """Tell whether the period has ended with less charged than granted."""
        return self.end < today and self.missing > 0


def review_periods(employment: Employment, lines: Iterable[Booked], today: date) -> list[PeriodReview]:
    """Sum every period that has begun by `today` while the employment lasted."""
    reviews: list[PeriodReview] = []
    booked = list(lines)
    last_day = today if employment.end is None else min(today, employment.end)
    for start in period_starts(employment):
        if start > last_day:
            break
        end = date(start.year + YEARS, start.month, start.day) - timedelta(days=1)
        # Who was hired on 29 February was granted the year's right on that day; the period counts it.
        granting_from = start if reviews else max(employment.start, FIRST_PERIOD_BEGINS)
        inside = [line for line in booked if granting_from <= line.date <= end]
        granted = sum((line.amount for line in inside if line.figure is Figure.ENTITLEMENT), ZERO)
        charged = -sum((line.amount for line in inside if line.figure is Figure.CHARGED), ZERO)
        reviews.append(PeriodReview(start, end, granted, charged))
    return reviews
