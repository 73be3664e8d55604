"""What is wrong or noteworthy with an override for one employment: pure, for the decision and for its preview."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from services.entitlements.bookkeeping.account import (
    Account,
    EnterpriseFacts,
    KnownEmployment,
    KnownEnterprise,
    sizes_of,
)
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.arrangements.joint_committees import parse_joint_committee
from services.entitlements.domain.employments import Employment, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.rights.overrides import (
    Judgement,
    MonthComparison,
    Override,
    OverrideKind,
    OverrideProblem,
    judge,
)
from services.entitlements.domain.rights.pro_rata import MONTHS_A_YEAR, compare_override
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
    override: Override, known: KnownEmployment, account: Account, enterprise: EnterpriseFacts, rules: Rules
) -> tuple[list[Anomaly], list[Anomaly]]:
    """Judge an override against the arrangement, month by month. Returns (refusals, warnings)."""
    facts = account.facts(known.employment, enterprise)
    last = override.start.year if override.end is None else override.end.year
    months = compare_override(override, facts, range(override.start.year, last + 1), rules.arrangements)
    judgement = judge(override, months)
    return _refusals(judgement, months, override.kind), _warnings(judgement, months)


def anomalies_for_all(
    override: Override, enterprise: KnownEnterprise, rules: Rules, today: date
) -> tuple[list[Anomaly], list[Anomaly]]:
    """Judge an override for everybody at an enterprise, for a full-timer of each of its joint committees.

    The months looked at are those of its years up to the next one. Returns (refusals, warnings).
    """
    months: list[MonthComparison] = []
    last = today.year + 1 if override.end is None else min(override.end.year, today.year + 1)
    years = range(override.start.year, max(last, override.start.year) + 1)
    for committee in enterprise.joint_committees:
        first = date(override.start.year, 1, 1)
        terms = (Term(first, parse_joint_committee(committee), Fraction(1)),)
        typical = Employment(committee, "", enterprise.number, first, None, terms)
        facts = Facts(typical, sizes=sizes_of(enterprise, rules.precedence))
        months += compare_override(override, facts, years, rules.arrangements)
    judgement = judge(override, months)
    return _refusals(judgement, months[:MONTHS_A_YEAR], override.kind), _warnings(judgement, months)


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
