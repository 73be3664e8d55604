"""Register an employer's override for everybody it employs, or take one back.

It holds for who is employed now and for who comes later. Whether it is less than the arrangement is judged for a
full-timer of each of the enterprise's joint committees; what it gives each employment is decided month by month, where
a right stays a minimum.
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from services.entitlements.bookkeeping.account import KnownEnterprise, KnownOverride
from services.entitlements.bookkeeping.override_judgement import anomalies_for_all
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.same_declaration import same_override
from services.entitlements.handlers.decision_batch import (
    ACCEPTED,
    UNCHANGED,
    DecisionBatch,
    Verdict,
    accepted,
    refused,
)
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import (
    EnterpriseEntitlementCancellationData,
    EnterpriseEntitlementData,
)


def register_enterprise_override(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on an override for everybody. A reference names one: with another content it is refused."""
    data: EnterpriseEntitlementData = event["data"]
    enterprise = batch.enterprises.get(data["enterprise"])
    if enterprise is None or enterprise.withdrawn:
        return refused(anomaly("enterpriseNotFound", "enterpriseNumber"))
    override = _override(data)
    before = _known(enterprise, override.id)
    if before is not None and before.cancelled:
        return refused(anomaly("entitlementCancelled", "reference"))
    if before is not None:
        same = same_override(before.override, override)
        return (
            UNCHANGED
            if same
            else refused(anomaly("referenceAlreadyUsed", "reference", reference=data.get("reference", "")))
        )
    refusals, warnings = anomalies_for_all(override, enterprise, batch.rules, batch.today)
    if refusals:
        return refused(*refusals)
    batch.override_all(event, KnownOverride(override, None, version=1))
    return accepted(warnings)


def cancel_enterprise_override(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on a cancellation of an override for everybody, which must be known as this enterprise's."""
    data: EnterpriseEntitlementCancellationData = event["data"]
    enterprise = batch.enterprises.get(data["enterprise"])
    known = None if enterprise is None else _known(enterprise, data["entitlement"])
    if known is None:
        return refused(anomaly("entitlementNotFound", "reference"))
    if known.cancelled:
        return UNCHANGED
    taken_back = replace(
        known.override, reason=data.get("reason", ""), registered_at=datetime.fromisoformat(data["receivedAt"])
    )
    batch.override_all(event, KnownOverride(taken_back, None, known.version + 1, cancelled=True))
    return ACCEPTED


def _known(enterprise: KnownEnterprise, override: str) -> KnownOverride | None:
    return next((one for one in enterprise.overrides if one.override.id == override), None)


def _override(data: EnterpriseEntitlementData) -> Override:
    return Override(
        data["entitlement"],
        OverrideScope.ENTERPRISE,
        OverrideKind(data["basis"]),
        date.fromisoformat(data["validFrom"]),
        date.fromisoformat(data["validUntil"]),
        Decimal(data["days"]),
        data["reason"],
        datetime.fromisoformat(data["receivedAt"]),
        data.get("collectiveAgreement"),
        RightType(data["rightType"]),
        data["item"]["line"],
    )
