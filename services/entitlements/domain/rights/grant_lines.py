"""The lines of a year's right: granted whole on 1 January or the day of hiring, from what is known."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.arrangements.rows import ArrangementRow, RightType, Unit
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.lines import RULE_VERSION, Figure, Json, Kind, Line, Rule
from services.entitlements.domain.rights.months import Month
from services.entitlements.domain.rights.overrides import Override, OverrideKind
from services.entitlements.domain.rights.pro_rata import MONTHS_A_YEAR, MonthRight, YearRight


def grant_day(employment: Employment, year: int) -> date:
    """The day the year's right is granted: 1 January, or the day of hiring."""
    return max(date(year, 1, 1), employment.start)


def lines_of(employment: Employment, right: YearRight, cause: str = "") -> list[Line]:
    """One line per type of right that the arrangements grant, one per override.

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
    inputs = _explained(right, months)
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
    inputs = _explained(right, months) | {
        "days": exact_text(override.days),
        "reason": override.reason,
        "scope": override.scope.value,
    }
    if override.agreement:
        inputs["agreement"] = override.agreement
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
    inputs: dict[str, Json],
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


def _explained(right: YearRight, months: Sequence[MonthRight]) -> dict[str, Json]:
    """The year's unit, and the months in stretches of the same A and B."""
    stretches = [_stretch(list(same)) for _, same in groupby(months, key=_what_decides)]
    inputs: dict[str, Json] = {"unit": right.unit.value, "months": stretches}
    if right.hours_per_day is not None:
        inputs["hoursPerDay"] = str(right.hours_per_day)
    return inputs


def _what_decides(right: MonthRight) -> tuple[object, ...]:
    month = right.month
    return (month.term, month.size, month.applicable.row, month.full_time)


def _stretch(rights: Sequence[MonthRight]) -> Json:
    """Months alike, as texts and numbers: what a page needs to say why, and nothing else."""
    month = rights[0].month
    inputs: dict[str, Json] = {"from": month.day.month, "to": rights[-1].month.day.month, "count": len(rights)}
    if month.term is not None:
        inputs |= {"jointCommittee": month.term.joint_committee, "fraction": exact_text(month.term.fraction)}
    if month.size is not None:
        inputs |= {"size": exact_text(month.size.workers), "sizeOrigin": month.size.origin.value}
    if month.applicable.row is not None:
        inputs |= _arrangement_inputs(month, month.applicable.row)
    return inputs


def _arrangement_inputs(month: Month, row: ArrangementRow) -> dict[str, Json]:
    inputs: dict[str, Json] = {
        "arrangement": row.id,
        "amount": exact_text(row.amount),
        "unit": row.unit.value,
        "why": month.applicable.reason.code.value,
        "source": row.source,
    }
    if row.unit is Unit.HOURS:
        inputs["hoursPerDay"] = str(month.hours_per_day)
    if row.average_per_fte:
        inputs["averagePerFte"] = "yes"
    if row.min_months_worked is not None:
        inputs |= {"minMonthsWorked": row.min_months_worked, "monthsStarted": month.started}
    return inputs
