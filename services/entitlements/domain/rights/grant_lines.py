"""The lines of a year's right: granted whole on 1 January or the day of hiring, from what is known."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.arrangements.rows import ArrangementRow, RightType, Unit
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.lines import RULE_VERSION, Figure, Kind, Line, Rule
from services.entitlements.domain.rights.months import Month
from services.entitlements.domain.rights.overrides import Override, OverrideKind
from services.entitlements.domain.rights.pro_rata import MONTHS_A_YEAR, MonthRight, YearRight
from shared.contracts.ledger_inputs import (
    GrantByMonths,
    LedgerInputs,
    OverrideFullTimeDays,
    OverrideResultingDays,
    Stretch,
)


def grant_day(employment: Employment, year: int) -> date:
    """Get the day on which the year's right is granted: 1 January, or the day of hiring."""
    return max(date(year, 1, 1), employment.start)


def lines_of(employment: Employment, right: YearRight, cause: str = "") -> list[Line]:
    """Calculate a year's lines: one per type of right that the arrangements grant, one per override.

    A line's amount is the sum of A x B over its months, divided by 12 once, rounded half to even to six decimals.
    """
    known = [month for month in right.months if month.value is not None]
    lines = []
    for override in dict.fromkeys(month.override for month in known):
        own = [month for month in known if month.override == override]
        if override is not None:
            lines.append(_override_line(employment, right, override, own, cause))
            continue
        for right_type in RightType:
            of_type = [month for month in own if _row(month).right_type is right_type]
            if of_type:
                lines.append(_grant_line(employment, right, right_type, of_type, cause))
    return lines


def _row(month: MonthRight) -> ArrangementRow:
    row = month.month.applicable.row
    if row is None:
        raise ValueError("a month without an arrangement is granted by an override or not at all")
    return row


def _grant_line(
    employment: Employment, right: YearRight, right_type: RightType, months: Sequence[MonthRight], cause: str
) -> Line:
    inputs = GrantByMonths(unit=right.unit.value, months=_stretches(months), hours_per_day=right.hours_per_day)
    return _line(
        employment,
        right,
        months,
        about=f"grant:{right_type}",
        rule=Rule.GRANT_BY_MONTHS,
        inputs=inputs,
        right_type=right_type,
        cause=cause,
    )


def _override_line(
    employment: Employment, right: YearRight, override: Override, months: Sequence[MonthRight], cause: str
) -> Line:
    resulting = override.kind is OverrideKind.RESULTING_DAYS
    rule = Rule.OVERRIDE_RESULTING_DAYS if resulting else Rule.OVERRIDE_FULL_TIME_DAYS
    inputs = (OverrideResultingDays if resulting else OverrideFullTimeDays)(
        unit=right.unit.value,
        months=_stretches(months),
        hours_per_day=right.hours_per_day,
        days=exact_text(override.days),
        reason=override.reason,
        scope=override.scope.value,
        agreement=override.agreement or None,
    )
    return _line(
        employment,
        right,
        months,
        about=f"override:{override.id}",
        rule=rule,
        inputs=inputs,
        right_type=override.right_type,
        cause=cause,
    )


def _line(
    employment: Employment,
    right: YearRight,
    months: Sequence[MonthRight],
    *,
    about: str,
    rule: Rule,
    inputs: LedgerInputs,
    right_type: RightType,
    cause: str,
) -> Line:
    return Line(
        employment.id,
        right.year,
        Figure.ENTITLEMENT,
        about,
        grant_day(employment, right.year),
        Kind.GRANT if rule is Rule.GRANT_BY_MONTHS else Kind.OVERRIDE,
        rounded(sum((right.in_days(month) for month in months), Fraction(0)) / MONTHS_A_YEAR),
        rule,
        RULE_VERSION[rule],
        inputs,
        cause,
        None,
        right_type,
    )


def _stretches(months: Sequence[MonthRight]) -> tuple[Stretch, ...]:
    """Group months of the same A and B."""
    return tuple(_stretch(list(same)) for _, same in groupby(months, key=_what_decides))


def _what_decides(right: MonthRight) -> tuple[object, ...]:
    month = right.month
    return (month.term, month.size, month.applicable.row, month.full_time)


def _stretch(rights: Sequence[MonthRight]) -> Stretch:
    """Explain months alike: what a page needs to say why, and nothing else."""
    month, last = rights[0].month, rights[-1].month
    term, size, row = month.term, month.size, month.applicable.row
    return Stretch(
        first=month.day.month,
        last=last.day.month,
        count=len(rights),
        joint_committee=None if term is None else term.joint_committee,
        fraction=None if term is None else exact_text(term.fraction),
        size=None if size is None else exact_text(size.workers),
        size_origin=None if size is None else size.origin.value,
        **({} if row is None else _arrangement_inputs(month, row)),
    )


def _arrangement_inputs(month: Month, row: ArrangementRow) -> dict[str, Any]:
    """Collect the fields of a stretch that only an arrangement can fill."""
    needs_months = row.min_months_worked is not None
    return {
        "arrangement": row.id,
        "amount": exact_text(row.amount),
        "unit": row.unit.value,
        "why": month.applicable.reason.code.value,
        "source": row.source,
        "hours_per_day": month.hours_per_day if row.unit is Unit.HOURS else None,
        "average_per_fte": "yes" if row.average_per_fte else None,
        "min_months_worked": row.min_months_worked,
        "months_started": month.started if needs_months else None,
    }
