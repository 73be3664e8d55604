"""What holds in each month that counts: the term, the size and the arrangement of its first employed day (*chosen*)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.entitlements.domain.arrangements import Applicable, Arrangements
from services.entitlements.domain.employments import Term, counted_months, started_months
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.size import Size

_NO_RIGHT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Month:
    """A month that counts, by its first employed day.

    `full_time`: A by the arrangement, in days of `hours_per_day`; 0 below its minimum of months; None where unknown.
    `started`: months of the year that are started at the enterprise.
    """

    day: date
    term: Term | None
    size: Size | None
    applicable: Applicable
    started: int
    full_time: Fraction | None
    hours_per_day: Decimal

    @property
    def by_arrangement(self) -> Fraction | None:
        """A x B by the arrangement; a twelfth of it is the month's right. None where unknown."""
        return None if self.full_time is None or self.term is None else self.full_time * self.term.fraction


def months_of(facts: Facts, year: int, arrangements: Arrangements) -> list[Month]:
    """The months of `year` that count for the employment, in order."""
    days = counted_months(facts.employment, facts.siblings, year)
    started = started_months((facts.employment, *facts.siblings), year) if days else 0
    return [_month(facts, day, started, arrangements) for day in days]


def _month(facts: Facts, day: date, started: int, arrangements: Arrangements) -> Month:
    term = facts.employment.term_on(day)
    size = facts.sizes.on(day)
    committee = None if term is None else term.joint_committee
    applicable = arrangements.applicable(committee, None if size is None else size.workers, day)
    hours_per_day = facts.employment.hours_per_day_on(day)
    row = applicable.row
    if row is None:
        return Month(day, term, size, applicable, started, None, hours_per_day)
    full_time = applicable.days(hours_per_day * 5)
    if row.min_months_worked is not None and started < row.min_months_worked:
        full_time = _NO_RIGHT
    return Month(day, term, size, applicable, started, full_time, applicable.hours_per_day(hours_per_day * 5))
