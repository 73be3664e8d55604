"""Cancel an employment: all that was granted and charged on it is taken back."""

from dataclasses import replace
from typing import Any

import orjson

from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EmploymentCancellationData


def cancel_employment(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on a cancellation of an employment, which must be known as this person's at this enterprise."""
    data: EmploymentCancellationData = event["data"]
    known = batch.account(dict(data)).employments.get(data["employment"])
    if known is None:
        return refused(anomaly("employmentNotFound"))
    if known.cancelled:
        return UNCHANGED
    cancelled = replace(known, version=known.version + 1, cancelled=True)
    batch.employ(event, cancelled, orjson.loads(known.terms), "cancelled")
    return ACCEPTED
