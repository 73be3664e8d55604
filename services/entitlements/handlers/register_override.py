"""Register an employer's override for someone's year: it replaces what the arrangement gives, where it may."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.entitlements.bookkeeping.account import KnownOverride
from services.entitlements.bookkeeping.override_judgement import anomalies_of, not_possible
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.same_declaration import same_override
from services.entitlements.handlers.decision_batch import UNCHANGED, DecisionBatch, Verdict, accepted, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EntitlementData


def register_override(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on an override for one employment and year.

    A sender's reference names one override: with another content it is refused, whatever differs, and one that was
    cancelled leads to another reference. To modify a right is to register a newer override: the newest counts.
    """
    data: EntitlementData = event["data"]
    account = batch.account(dict(data))
    known = account.employments.get(data["employment"])
    if (impossible := not_possible(known, data["year"])) is not None:
        return refused(impossible)
    assert known is not None
    override = _override(data)
    if (registered := _registered_before(batch, data, override)) is not None:
        return registered
    facts = batch.facts(account.enterprise)
    refusals, warnings = anomalies_of(override, known, account, facts, batch.rules)
    if refusals:
        return refused(*refusals)
    batch.override(event, KnownOverride(override, data["employment"], version=1))
    return accepted(warnings)


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
        date.fromisoformat(data.get("validUntil", f"{data.get('untilYear', year)}-12-31")),
        Decimal(data["days"]),
        data["reason"],
        datetime.fromisoformat(data["receivedAt"]),
        data.get("collectiveAgreement"),
        RightType(data["rightType"]),
        data["item"]["line"],
    )
