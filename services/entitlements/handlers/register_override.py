"""Register an employer's override for someone's year: it replaces what the arrangement gives, where it may."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from services.entitlements.bookkeeping.account import KnownOverride
from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.rights.overrides import (
    Judgement,
    MonthComparison,
    Override,
    OverrideKind,
    OverrideProblem,
    OverrideScope,
    judge,
)
from services.entitlements.domain.rights.pro_rata import compare_override
from services.entitlements.domain.same_declaration import same_override
from services.entitlements.handlers.decision_batch import UNCHANGED, DecisionBatch, Verdict, accepted, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EntitlementData
from shared.contracts.vocabulary import Anomaly

_SIMPLE = {
    OverrideProblem.REASON_MISSING: anomaly("reasonRequired", "reason"),
    OverrideProblem.DAYS_NEGATIVE: anomaly("outOfRange", "days", minimum=0, maximum=366),
    OverrideProblem.PERIOD_REVERSED: anomaly("endBeforeStart", "validUntil"),
    OverrideProblem.NOT_WHOLE_YEARS: anomaly("notWholeYear", "validFrom"),
    OverrideProblem.AGREEMENT_NOT_A_NUMBER: anomaly("invalidCollectiveAgreement", "collectiveAgreement"),
}


def register_override(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on an override for one employment and year.

    A sender's reference names one override: with another content it is refused, whatever differs, and one that was
    cancelled leads to another reference. To modify a right is to register a newer override: the newest counts.
    """
    data: EntitlementData = event["data"]
    account = batch.account(dict(data))
    known = account.employments.get(data["employment"])
    if known is None or known.cancelled:
        return refused(anomaly("employmentNotFound", "ssin"))
    year, override = data["year"], _override(data)
    if not _touches(known.employment, year):
        return refused(anomaly("yearOutsideEmployment", "year"))
    if (registered := _registered_before(batch, data, override)) is not None:
        return registered
    facts = account.facts(known.employment, batch.sizes(account.enterprise))
    months = compare_override(override, facts, [year], batch.rules.arrangements)
    judgement = judge(override, months)
    if problems := _refusals(judgement, months, override.kind):
        return refused(*problems)
    batch.override(event, KnownOverride(override, data["employment"], version=1))
    return accepted(_warnings(judgement, months))


def _registered_before(batch: DecisionBatch, data: EntitlementData, override: Override) -> Verdict | None:
    """Decide where this override's id, which follows from its reference, is there already."""
    if batch.override_employments.get(override.id, data["employment"]) != data["employment"]:
        return _used_before(data)
    before = batch.account(dict(data)).overrides.get(override.id)
    if before is None:
        return None
    if before.cancelled:
        return refused(anomaly("entitlementCancelled", "reference"))
    return UNCHANGED if same_override(before.override, override) else _used_before(data)


def _used_before(data: EntitlementData) -> Verdict:
    return refused(anomaly("referenceAlreadyUsed", "reference", reference=data.get("reference", "")))


def _override(data: EntitlementData) -> Override:
    year = data["year"]
    return Override(
        data["entitlement"],
        OverrideScope.EMPLOYMENT,
        OverrideKind(data["basis"]),
        date.fromisoformat(data.get("validFrom", f"{year}-01-01")),
        date.fromisoformat(data.get("validUntil", f"{year}-12-31")),
        Decimal(data["days"]),
        data["reason"],
        datetime.fromisoformat(data["receivedAt"]),
        data.get("collectiveAgreement"),
        RightType(data["rightType"]),
        data["item"]["line"],
    )


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
