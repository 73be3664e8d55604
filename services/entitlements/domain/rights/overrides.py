"""Overrides of a right, the opt-out of its yearly recalculation, and whether an override is accepted.

Brochure: "register or modify entitlements for one employee or several at once". Rules: domain.md section 4, "Override".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from services.entitlements.domain.arrangements.rows import RightType

_COLLECTIVE_AGREEMENT = re.compile(r"\d{1,6}/CO/\d{3}(\.?\d{2}){0,2}")


class OverrideKind(StrEnum):
    """Full-time days replace A (B and C still apply); resulting days are the year's right as such."""

    FULL_TIME_DAYS = "fullTimeDays"
    RESULTING_DAYS = "resultingDays"


class OverrideScope(StrEnum):
    """For one employment, or for all of an enterprise."""

    EMPLOYMENT = "employment"
    ENTERPRISE = "enterprise"


@dataclass(frozen=True, slots=True)
class Override:
    """`end` is its last day, None while it goes on. The newest goes first: by `registered_at`, and of those sent
    together by `line`, its place in what was sent.

    `agreement`: the collective agreement's number (`181682/CO/200`) that allows less than the arrangement.
    """

    id: str
    scope: OverrideScope
    kind: OverrideKind
    start: date
    end: date | None
    days: Decimal
    reason: str
    registered_at: datetime
    agreement: str | None = None
    right_type: RightType = RightType.COMPANY
    line: int = 0

    def covers(self, day: date) -> bool:
        """Tell whether it holds on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class OptOut:
    """No automatic yearly recalculation from `start` on; `end` is its last day, None while it goes on."""

    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Tell whether it holds on `day`."""
        return self.start <= day and (self.end is None or day <= self.end)


def first_overlap(opt_outs: Sequence[OptOut]) -> int | None:
    """Find the first of these opt-outs, in order of their first days, that begins before the one before it ended."""
    for place, (earlier, later) in enumerate(pairwise(opt_outs), start=1):
        if earlier.end is None or later.start <= earlier.end:
            return place
    return None


def in_order(overrides: Iterable[Override]) -> list[Override]:
    """Sort overrides: employment before enterprise, resulting before full-time, newest first."""
    newest_first = sorted(overrides, key=lambda one: (one.registered_at, one.line, one.id), reverse=True)
    return sorted(
        newest_first,
        key=lambda one: (one.scope is OverrideScope.ENTERPRISE, one.kind is OverrideKind.FULL_TIME_DAYS),
    )


def is_collective_agreement(number: str) -> bool:
    """Tell whether a text has the form in which collective agreements are registered: `181682/CO/200`."""
    return _COLLECTIVE_AGREEMENT.fullmatch(number) is not None


class OverrideProblem(StrEnum):
    """What is wrong, or worth a warning, with an override."""

    REASON_MISSING = "reasonMissing"
    DAYS_NEGATIVE = "daysNegative"
    PERIOD_REVERSED = "periodReversed"
    NOT_WHOLE_YEARS = "notWholeYears"
    AGREEMENT_NOT_A_NUMBER = "agreementNotANumber"
    LOWER_IN_EVERY_MONTH = "lowerInEveryMonth"
    LOWER_IN_SOME_MONTHS = "lowerInSomeMonths"


class OverrideVerdict(StrEnum):
    """What becomes of an override."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "acceptedWithWarnings"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class MonthComparison:
    """One month of one employment, in days of that month's share: what the override gives, what the arrangement does.

    `by_arrangement` is None where the arrangement is unknown: nothing can then be lower than it. `full_time`: what the
    arrangement gives someone who works full time all year, to compare full-time days with.
    """

    employment_id: str
    day: date
    by_override: Fraction
    by_arrangement: Fraction | None
    full_time: Fraction | None = None

    @property
    def lower(self) -> bool:
        """Tell whether the override gives less than the arrangement."""
        return self.by_arrangement is not None and self.by_override < self.by_arrangement


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an override, and its problems."""

    verdict: OverrideVerdict
    problems: tuple[OverrideProblem, ...]


def judge(override: Override, months: Iterable[MonthComparison]) -> Judgement:
    """Decide on an override, given its months in all employments it is for (`pro_rata.compare_override`).

    Lower than the arrangement in every month is refused, in some warned about, unless a collective agreement's number
    is given. A reason for the deviation is required.
    """
    if faults := _faults(override):
        return Judgement(OverrideVerdict.REFUSED, faults)
    compared = list(months)
    if override.agreement or not any(month.lower for month in compared):
        return Judgement(OverrideVerdict.ACCEPTED, ())
    if all(month.lower for month in compared):
        return Judgement(OverrideVerdict.REFUSED, (OverrideProblem.LOWER_IN_EVERY_MONTH,))
    return Judgement(OverrideVerdict.ACCEPTED_WITH_WARNINGS, (OverrideProblem.LOWER_IN_SOME_MONTHS,))


def _faults(override: Override) -> tuple[OverrideProblem, ...]:
    start, end = override.start, override.end
    whole_years = (start.month, start.day) == (1, 1) and (end is None or (end.month, end.day) == (12, 31))
    found = {
        OverrideProblem.REASON_MISSING: not override.reason.strip(),
        OverrideProblem.DAYS_NEGATIVE: override.days < 0,
        OverrideProblem.PERIOD_REVERSED: end is not None and end < start,
        OverrideProblem.NOT_WHOLE_YEARS: override.kind is OverrideKind.RESULTING_DAYS and not whole_years,
        OverrideProblem.AGREEMENT_NOT_A_NUMBER: bool(override.agreement)
        and not is_collective_agreement(override.agreement or ""),
    }
    return tuple(problem for problem, present in found.items() if present)
