"""Without these a cancelled training vanishes, comes back, or is cancelled by somebody else."""

from services.registration.storage.versions import KnownTrainings
from tests.support.declarations import cancellation, content, person, registration, training_id
from tests.unit.registration.handlers.deciding import decided, told, versions


def test_a_cancelled_training_keeps_its_content_and_is_marked_so() -> None:
    known = KnownTrainings()
    verdicts = decided(registration(1), cancellation(2, reason="was never given"), known=known)
    assert versions(verdicts) == [(1, "registered"), (2, "cancelled")]
    assert known.trainings[training_id()].content == content(status="cancelled")
    assert known.trainings[training_id()].reason == "was never given"
    assert verdicts.versions[0].training.content == content(), "the earlier version is not touched"


def test_cancelling_again_changes_nothing() -> None:
    verdicts = decided(registration(1), cancellation(2), cancellation(3, expectedVersion=1))
    assert told(verdicts)[1:] == [(2, "accepted", []), (3, "unchanged", ["unchanged"])]


def test_a_cancellation_of_an_older_version_is_refused() -> None:
    verdicts = decided(registration(1), cancellation(2, expectedVersion=4))
    assert told(verdicts)[1] == (2, "refused", ["versionConflict"])


def test_nobody_cancels_what_is_not_theirs() -> None:
    verdicts = decided(
        registration(1),
        cancellation(2, enterprise="0400000022"),
        cancellation(3, person=person(1)),
        cancellation(4, "R9"),
    )
    assert told(verdicts)[1:] == [(line, "refused", ["trainingNotFound"]) for line in (2, 3, 4)]


def test_the_reference_of_a_cancelled_training_is_not_free_again() -> None:
    verdicts = decided(registration(1), cancellation(2), registration(3))
    assert told(verdicts)[2] == (3, "refused", ["trainingCancelled"])
