"""What holds in each month that counts: the term, the size and the arrangement of its first employed day (*chosen*)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.entitlements.domain.arrangements.enterprise_size import EnterpriseSize
from services.entitlements.domain.arrangements.which_applies import Applicable, Arrangements
from services.entitlements.domain.employments import Term, counted_months, started_months
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.working_days import DAYS_A_WEEK

_NO_RIGHT = Fraction(0)


@dataclass(frozen=True, slots=True)
class Month:
    """A month that counts, by its first employed day.

    `full_time`: A by the arrangement, in days of `hours_per_day`; 0 below its minimum of months; None where unknown.
    `by_arrangement`: A x B; a twelfth of it is the month's right. `started`: how many of the year's months were started
    at the enterprise.
    """

    day: date
    term: Term | None
    size: EnterpriseSize | None
    applicable: Applicable
    started: int
    full_time: Fraction | None
    hours_per_day: Decimal
    by_arrangement: Fraction | None


def months_of(facts: Facts, year: int, arrangements: Arrangements) -> list[Month]:
    """List the months of `year` that count for the employment, in order."""
    days = counted_months(facts.employment, facts.siblings, year)
    if not days:
        return []
    started = started_months((facts.employment, *facts.siblings), year)
    months: list[Month] = []
    for day in days:
        months.append(_month(facts, day, started, arrangements, months[-1] if months else None))
    return months


def _month(facts: Facts, day: date, started: int, arrangements: Arrangements, before: Month | None) -> Month:
    term, size = facts.employment.term_on(day), facts.sizes.on(day)
    committee = None if term is None else term.joint_committee
    applicable = arrangements.applicable(committee, None if size is None else size.workers, day)
    row = applicable.row
    if before is not None and (before.term, before.size, before.applicable.row) == (term, size, row):
        # Most months are like the one before: no need to do its fractions again.
        return Month(
            day, term, size, applicable, started, before.full_time, before.hours_per_day, before.by_arrangement
        )
    week = facts.employment.hours_per_day_on(day) * DAYS_A_WEEK
    full_time = applicable.days(week)
    if row is not None and row.min_months_worked is not None and started < row.min_months_worked:
        full_time = _NO_RIGHT
    value = None if full_time is None or term is None else full_time * term.fraction
    return Month(day, term, size, applicable, started, full_time, applicable.hours_per_day(week), value)
