"""Publishing each new version of a training."""

from collections.abc import Iterable
from typing import Any

from services.registration.domain.training import Change, Training
from services.registration.storage.versions import NewVersion
from shared.contracts import trainings
from shared.contracts.envelope import event
from shared.identifiers import derived_id
from shared.messaging.records import Work

SOURCE = "urn:fla:registration"
_TYPES = {change: f"be.fla.training.{change.value}.v1" for change in Change}


def training_data(training: Training, recorded_at: str) -> dict[str, Any]:
    """Write a version as `fla.trainings.v1` does."""
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
    if training.same_as is not None:
        data["sameAs"] = training.same_as
    return data


def publish_trainings(work: Work, versions: Iterable[NewVersion]) -> None:
    """Publish each new version. Ids follow from the items: no retry makes a second event.

    An item makes one version of its own training, and may make one of each that is the same.
    """
    now = work.now.isoformat()
    for training, origin, _ in versions:
        matched = training.change is Change.MATCHED
        made = event(
            _TYPES[training.change],
            training_data(training, now),
            id_=derived_id(origin.item, "matched", training.id) if matched else derived_id(origin.item, "training"),
            source=SOURCE,
            subject=training.id,
            actor=origin.actor,
            party=origin.party,
            time=now,
            submission=origin.submission,
            traceparent=origin.traceparent,
        )
        work.emit(trainings.TOPIC, training.person, made)
