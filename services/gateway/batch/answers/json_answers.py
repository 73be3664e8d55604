"""A batch and its acknowledgement as the API answers them in JSON, without nulls."""

from typing import Any

from services.gateway.batch.answers.explain_anomalies import explain_rejection
from services.gateway.batch.state import Batch, BatchState
from shared.i18n import Language


def batch_json(batch: Batch, language: Language) -> dict[str, Any]:
    """Give a batch as its sender sees it: state, counts, acknowledgement and links."""
    address = f"/api/v1/batches/{batch.id}"
    shown: dict[str, Any] = {
        "self": address,
        "id": batch.id,
        "sender": batch.sender,
        "mode": batch.mode.word,
        "state": batch.state.value,
        "size": batch.size,
        "receivedAt": batch.received_at.isoformat(),
        "progress": {
            "checkedBytes": batch.read_bytes,
            "published": batch.checkpoint,
            "decided": batch.decided,
        },
    }
    optional: dict[str, Any] = {
        "fileName": batch.file_name,
        "reference": batch.sender_reference,
        "finishedAt": batch.finished_at.isoformat() if batch.finished_at and batch.state.is_final else None,
    }
    shown |= {name: value for name, value in optional.items() if value is not None}
    if batch.is_positive:
        shown |= {"declared": batch.declared, "kinds": batch.kinds, **counts(batch)}
    if batch.acknowledged_at is not None:
        shown["acknowledgement"] = acknowledgement_json(batch, language)
    shown["links"] = {"acknowledgement": f"{address}/acknowledgement", "report": f"{address}/report"}
    return shown


def counts(batch: Batch) -> dict[str, int]:
    """Give the number of outcomes so far, by status."""
    return {
        "accepted": batch.accepted,
        "acceptedWithWarnings": batch.warned,
        "unchanged": batch.unchanged,
        "refused": batch.refused,
    }


def acknowledgement_json(batch: Batch, language: Language) -> dict[str, Any]:
    """Give the acknowledgement: `positive`, `negative` with the reason, or `cancelled`."""
    at = batch.acknowledged_at or batch.finished_at
    assert at is not None
    is_cancelled = batch.state is BatchState.CANCELLED
    result = "cancelled" if is_cancelled else "negative" if batch.rejection else "positive"
    shown: dict[str, Any] = {"result": result, "acknowledgedAt": at.isoformat()}
    if is_cancelled:
        return shown
    if batch.rejection:
        shown["refusal"] = explain_rejection(batch.rejection, language)
    else:
        shown |= {"declared": batch.declared, "kinds": batch.kinds}
    return shown
