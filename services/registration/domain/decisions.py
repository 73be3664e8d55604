"""The rules of a training's life (domain.md section 3, corrections): nothing is overwritten, nothing doubled.

Each function takes the training as it stands, None when there is none, and what is declared about it.
"""

from collections.abc import Collection
from typing import TypeGuard, cast

from services.registration.domain.sameness import say_the_same
from services.registration.domain.training import Accepted, Amendment, Change, Decision, Refused, Training, Unchanged
from shared.anomalies import anomaly
from shared.contracts.training_submissions import TrainingContent


def register(current: Training | None, declared: Training, defaulted: Collection[str] = ()) -> Decision:
    """Register a new training, in its first version. Who sends the same again changes nothing.

    `defaulted`: the fields that the sender left to the day; what was decided on them at first stays.

    The sender's reference is unique: another training under it is refused with a pointer to the correction, and one
    that was cancelled with a pointer to another reference.
    """
    if current is None:
        return Accepted(declared)
    if current.change is Change.CANCELLED:
        return Refused(anomaly("trainingCancelled", "reference"))
    if (
        current.person == declared.person
        and current.enterprise == declared.enterprise
        and say_the_same(current.content, declared.content, defaulted)
    ):
        return Unchanged()
    return Refused(anomaly("referenceAlreadyUsed", "reference", reference=declared.reference or ""))


def correct(
    current: Training | None, amendment: Amendment, content: TrainingContent, defaulted: Collection[str] = ()
) -> Decision:
    """Correct the content of a training that still stands. Another person means cancelling and registering anew."""
    if not _is_about(current, amendment):
        return _not_found()
    if current.change is Change.CANCELLED:
        return Refused(anomaly("trainingCancelled"))
    if _somebody_was_first(current, amendment):
        return _conflict(current)
    if say_the_same(current.content, content, defaulted):
        return Unchanged()
    return _amended(current, Change.CORRECTED, amendment, content)


def cancel(current: Training | None, amendment: Amendment) -> Decision:
    """Cancel a training: it stays visible with its last content. Cancelling again changes nothing."""
    if not _is_about(current, amendment):
        return _not_found()
    if current.change is Change.CANCELLED:
        return Unchanged()
    if _somebody_was_first(current, amendment):
        return _conflict(current)
    content = cast("TrainingContent", {**current.content, "status": "cancelled"})
    return _amended(current, Change.CANCELLED, amendment, content)


def _is_about(current: Training | None, amendment: Amendment) -> TypeGuard[Training]:
    """Check whether there is such a training *for this sender*.

    Somebody else's training is answered like one that does not exist, so that nobody learns of it by guessing.
    """
    return current is not None and current.enterprise == amendment.enterprise and current.person == amendment.person


def _not_found() -> Refused:
    return Refused(anomaly("trainingNotFound", "reference"))


def _somebody_was_first(current: Training, amendment: Amendment) -> bool:
    return amendment.expected_version is not None and amendment.expected_version != current.version


def _conflict(current: Training) -> Refused:
    return Refused(anomaly("versionConflict", "expectedVersion", current=current.version))


def _amended(current: Training, change: Change, amendment: Amendment, content: TrainingContent) -> Accepted:
    return Accepted(
        current._replace(
            version=current.version + 1,
            change=change,
            received_at=amendment.received_at,
            reason=amendment.reason,
            content=content,
        )
    )
