"""What registration tells the others: each new version of a training."""

from collections.abc import Iterable
from typing import Any

from services.registration.domain.training import Change, Training
from shared.contracts import trainings
from shared.contracts.envelope import event
from shared.identifiers import derived_id
from shared.messaging.records import Work

SOURCE = "urn:fla:registration"
_TYPES = {change: f"be.fla.training.{change.value}.v1" for change in Change}


def training_data(training: Training, recorded_at: str) -> dict[str, Any]:
    """A version as `fla.trainings.v1` writes it."""
    data: dict[str, Any] = {
        "training": training.id,
        "version": training.version,
        "person": training.person,
        "enterprise": training.enterprise,
        "sender": training.sender,
        "registeredBy": training.registered_by,
        "receivedAt": training.received_at,
        "recordedAt": recorded_at,
        "content": training.content,
    }
    if training.reference is not None:
        data["reference"] = training.reference
    if training.reason is not None:
        data["reason"] = training.reason
    return data


def tell_trainings(work: Work, versions: Iterable[tuple[Any, Training]]) -> None:
    """Each new version beside the event that caused it. Ids follow from the items: no retry makes a second event."""
    now = work.now.isoformat()
    for cause, training in versions:
        item = cause["data"]["item"]
        told = event(
            _TYPES[training.change],
            training_data(training, now),
            id_=derived_id(item["id"], "training"),
            source=SOURCE,
            subject=training.id,
            actor=cause["actor"],
            party=cause["party"],
            time=now,
            submission=item["submission"],
            traceparent=cause.get("traceparent"),
        )
        work.emit(trainings.TOPIC, training.person, told)
