"""Employments: one worker at one employer over a period, with dated terms (joint committee and working time)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from services.entitlements.domain.working_days import USUAL_WEEK, hours_per_day


class EndReason(StrEnum):
    """Why a contract ended; what the rest of the credit becomes depends on it (`end_of_contract`)."""

    RESIGNATION = "resignation"
    SERIOUS_CAUSE = "seriousCause"
    NOTICE_SERVED = "noticeServed"
    INDEMNITY = "indemnity"
    MUTUAL_AGREEMENT = "mutualAgreement"
    END_OF_TERM = "endOfTerm"
    RETIREMENT = "retirement"
    OTHER = "other"
    UNKNOWN = "unknown"


class RestAtEnd(StrEnum):
    """What becomes of the positive rest of the credit when a contract has ended."""

    LOST = "lost"
    OPEN_CREDIT = "openCredit"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Term:
    """What holds from a day until the next term.

    `fraction`: the contract's part of full time, 0 to 1 (B of the calculation); suspension does not change it.
    `joint_committee`: canonical code, None while unknown. `full_time_week`: hours a week of a full-timer.
    """

    start: date
    joint_committee: str | None
    fraction: Fraction
    full_time_week: Decimal = USUAL_WEEK

    def __post_init__(self) -> None:
        if not 0 <= self.fraction <= 1:
            raise ValueError(f"the fraction of full time lies between 0 and 1, not {self.fraction}")
        if self.full_time_week <= 0:
            raise ValueError("a full-timer works more than 0 hours a week")

    @property
    def hours_per_day(self) -> Decimal:
        """Calculate the hours of a full-timer's normal working day under this term."""
        return hours_per_day(self.full_time_week)


@dataclass(frozen=True, slots=True)
class Employment:
    """`end` is the last employed day; None while it is not known. Terms are in the order of their start.

    `rest_agreed` is what was agreed about the rest of the credit, where the reason of the end leaves that open.
    """

    id: str
    person_id: str
    enterprise: str
    start: date
    end: date | None
    terms: tuple[Term, ...]
    end_reason: EndReason | None = None
    rest_agreed: RestAtEnd | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError("an employment does not end before it starts")
        if any(later.start <= earlier.start for earlier, later in pairwise(self.terms)):
            raise ValueError("terms are given in the order of their start, one a day")

    def exists_on(self, day: date) -> bool:
        """Tell whether `day` is an employed day."""
        return self.start <= day and (self.end is None or day <= self.end)

    def term_on(self, day: date) -> Term | None:
        """Find the term that holds on `day`, None before the first."""
        for term in reversed(self.terms):
            if term.start <= day:
                return term
        return None

    def hours_per_day_on(self, day: date) -> Decimal:
        """Get the hours of a full-timer's working day on `day`: by the term, else by the first one, else the usual."""
        for term in reversed(self.terms):
            if term.start <= day:
                return hours_per_day(term.full_time_week)
        return self.terms[0].hours_per_day if self.terms else hours_per_day(USUAL_WEEK)

    def first_day_in(self, year: int, month: int) -> date | None:
        """Find the first employed day of a month, None if there is none."""
        day = max(self.start, date(year, month, 1))
        return day if (day.year, day.month) == (year, month) and self.exists_on(day) else None


def together_over_full_time(employment: Employment, siblings: Iterable[Employment]) -> bool:
    """Tell whether on some day this employment and the person's others at the same enterprise exceed full time.

    The sum of fractions changes only where an employment or one of its terms begins, so those days are enough.
    """
    parallel = [employment, *siblings]
    starts = {max(term.start, one.start, employment.start) for one in parallel for term in one.terms}
    return any(
        employment.exists_on(day) and sum((_fraction_on(one, day) for one in parallel), Fraction(0)) > 1
        for day in starts
    )


def _fraction_on(employment: Employment, day: date) -> Fraction:
    term = employment.term_on(day) if employment.exists_on(day) else None
    return Fraction(0) if term is None else term.fraction


def counted_months(employment: Employment, siblings: Iterable[Employment], year: int) -> list[date]:
    """List the first employed day of each month of `year` that counts for this employment: every started month whole.

    `siblings` are the person's other employments at the same enterprise. Between employments that follow each other
    a month counts once, for the first; parallel ones each count it (domain.md section 4, *chosen*).
    """
    before = [other for other in siblings if other.end is not None and other.end < employment.start]
    days = (employment.first_day_in(year, month) for month in range(1, 13))
    return [day for day in days if day is not None and not any(other.first_day_in(year, day.month) for other in before)]


def started_months(employments: Iterable[Employment], year: int) -> int:
    """Count the months of `year` that were started at an enterprise in any of these employments.

    As long as an end is unknown the months to come are taken as worked.
    """
    together = list(employments)
    return sum(any(one.first_day_in(year, month) for one in together) for month in range(1, 13))
