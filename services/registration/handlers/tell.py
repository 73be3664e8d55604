"""What registration tells the others: each new version of a training, and what was decided on each submission."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.registration.domain.training import Change, Training
from shared.contracts import outcomes, trainings
from shared.contracts.envelope import event
from shared.contracts.outcomes import ItemOutcome
from shared.identifiers import derived_id
from shared.messaging.records import Work

SOURCE = "urn:fla:registration"
DECIDED = "be.fla.submission.decided.v1"
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


def tell_outcomes(work: Work, accepted: Sequence[Any], others: Sequence[tuple[Any, ItemOutcome]]) -> None:
    """One event per submission with all that was decided on it in this batch.

    Its id follows from the first item in it: an item is decided once, so no other event can ever have this id.
    """
    first: dict[str, Any] = {}
    decisions: dict[str, dict[str, Any]] = {}
    for cause in accepted:
        item = cause["data"]["item"]
        decision = decisions.get(item["submission"])
        if decision is None:
            decision = decisions[item["submission"]] = {"submission": item["submission"], "accepted": []}
            first[item["submission"]] = cause
        decision["accepted"].append(item["line"])
    for cause, outcome in others:
        submission = cause["data"]["item"]["submission"]
        if submission not in decisions:
            decisions[submission] = {"submission": submission, "accepted": []}
            first[submission] = cause
        decisions[submission].setdefault("others", []).append(outcome)
    now = work.now.isoformat()
    for submission, decision in decisions.items():
        cause = first[submission]
        told = event(
            DECIDED,
            decision,
            id_=derived_id(cause["data"]["item"]["id"], "decision"),
            source=SOURCE,
            subject=submission,
            actor=cause["actor"],
            party=cause["party"],
            time=now,
            submission=submission,
            traceparent=cause.get("traceparent"),
        )
        work.emit(outcomes.TOPIC, submission, told)
