"""Cancel an override: the arrangement counts again, as if the override had never been."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from services.entitlements.bookkeeping.account import KnownOverride
from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EntitlementCancellationData


def cancel_override(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on a cancellation of an override, which must be known as this person's at this enterprise."""
    data: EntitlementCancellationData = event["data"]
    known = batch.account(dict(data)).overrides.get(data["entitlement"])
    if known is None:
        return refused(anomaly("entitlementNotFound", "reference"))
    if known.cancelled:
        return UNCHANGED
    taken_back = replace(
        known.override, reason=data.get("reason", ""), registered_at=datetime.fromisoformat(data["receivedAt"])
    )
    batch.override(event, KnownOverride(taken_back, known.employment, known.version + 1, cancelled=True))
    return ACCEPTED
