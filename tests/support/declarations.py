"""Declarations about trainings as the gateway publishes them, for tests that start where the gateway ends."""

from typing import Any

from shared.contracts.envelope import event
from shared.identifiers import derived_id

ENTERPRISE = "0200000068"
SENDER = ENTERPRISE
SUBMISSION = derived_id("a submission")
RECEIVED_AT = "2026-03-02T09:00:00+00:00"


def person(number: int = 0) -> str:
    return derived_id("person", number)


def training_id(reference: str = "R1", sender: str = SENDER) -> str:
    return derived_id("training", sender, reference)


def content(**changes: Any) -> dict[str, Any]:
    """The brochure's own example: a training from 16/06/2024 to 19/06/2024."""
    return {
        "title": "Veiligheid op de werkvloer",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "minutes": 912,
        "status": "completed",
        "kind": "formal",
        "context": "professional",
        "rightType": "legal",
        "provider": {"name": "Opleidingscentrum Voorbeeld"},
    } | changes


def registration(line: int = 1, reference: str | None = "R1", **changes: Any) -> dict[str, Any]:
    training = training_id(reference) if reference else derived_id("training", item_id(line))
    data = {"registeredBy": "employer", "content": content()} | ({"reference": reference} if reference else {})
    return _event("registration", line, {"training": training} | data, changes)


def correction(line: int = 1, reference: str = "R1", **changes: Any) -> dict[str, Any]:
    data = {"training": training_id(reference), "content": content(minutes=456)}
    return _event("correction", line, data, changes)


def cancellation(line: int = 1, reference: str = "R1", **changes: Any) -> dict[str, Any]:
    return _event("cancellation", line, {"training": training_id(reference)}, changes)


def item_id(line: int, submission: str = SUBMISSION) -> str:
    return derived_id("item", submission, line)


def _event(kind: str, line: int, data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    submission = changes.pop("submission", SUBMISSION)
    item = {"id": item_id(line, submission), "submission": submission, "line": line}
    whole = {
        "item": item, "person": person(), "enterprise": ENTERPRISE, "sender": SENDER, "receivedAt": RECEIVED_AT,
    } | data | changes  # fmt: skip
    return event(
        f"be.fla.training.{kind}-submitted.v1",
        whole,
        id_=item["id"],
        source="urn:fla:gateway",
        subject=whole["training"],
        actor=f"person:{person(99)}",
        party=whole["sender"],
        time=RECEIVED_AT,
        submission=submission,
    )
