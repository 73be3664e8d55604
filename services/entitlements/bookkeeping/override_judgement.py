"""What is wrong or noteworthy with an override for one employment: pure, for the decision and for its preview."""

from collections.abc import Sequence
from fractions import Fraction

from services.entitlements.bookkeeping.account import Account, KnownEmployment
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.arrangements.enterprise_size import Sizes
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.rights.overrides import (
    Judgement,
    MonthComparison,
    Override,
    OverrideKind,
    OverrideProblem,
    judge,
)
from services.entitlements.domain.rights.pro_rata import compare_override
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly

_SIMPLE = {
    OverrideProblem.REASON_MISSING: anomaly("reasonRequired", "reason"),
    OverrideProblem.DAYS_NEGATIVE: anomaly("outOfRange", "days", minimum=0, maximum=366),
    OverrideProblem.PERIOD_REVERSED: anomaly("endBeforeStart", "validUntil"),
    OverrideProblem.NOT_WHOLE_YEARS: anomaly("notWholeYear", "validFrom"),
    OverrideProblem.AGREEMENT_NOT_A_NUMBER: anomaly("invalidCollectiveAgreement", "collectiveAgreement"),
}


def not_possible(known: KnownEmployment | None, year: int) -> Anomaly | None:
    """Find why no override can be about this employment in this year; None where one can."""
    if known is None or known.cancelled:
        return anomaly("employmentNotFound", "ssin")
    return None if _touches(known.employment, year) else anomaly("yearOutsideEmployment", "year")


def anomalies_of(
    override: Override, known: KnownEmployment, year: int, account: Account, sizes: Sizes, rules: Rules
) -> tuple[list[Anomaly], list[Anomaly]]:
    """Judge an override against the arrangement, month by month. Returns (refusals, warnings)."""
    facts = account.facts(known.employment, sizes)
    months = compare_override(override, facts, [year], rules.arrangements)
    judgement = judge(override, months)
    return _refusals(judgement, months, override.kind), _warnings(judgement, months)


def _touches(employment: Employment, year: int) -> bool:
    return employment.start.year <= year and (employment.end is None or year <= employment.end.year)


def _refusals(judgement: Judgement, months: Sequence[MonthComparison], kind: OverrideKind) -> list[Anomaly]:
    found = [_SIMPLE[problem] for problem in judgement.problems if problem in _SIMPLE]
    if OverrideProblem.LOWER_IN_EVERY_MONTH in judgement.problems:
        # In what was asked for: full-time days, or the days of this year for this person.
        if kind is OverrideKind.FULL_TIME_DAYS:
            arranged = max(month.full_time or Fraction(0) for month in months)
        else:
            arranged = sum((month.by_arrangement or Fraction(0) for month in months), Fraction(0))
        found.append(anomaly("lowerThanArrangement", "days", days=exact_text(rounded(arranged))))
    return found


def _warnings(judgement: Judgement, months: Sequence[MonthComparison]) -> list[Anomaly]:
    found = []
    if OverrideProblem.LOWER_IN_SOME_MONTHS in judgement.problems:
        found.append(anomaly("partlyLowerThanArrangement", "days"))
    if any(month.by_arrangement is None for month in months):
        found.append(anomaly("arrangementUnknown"))
    return found
