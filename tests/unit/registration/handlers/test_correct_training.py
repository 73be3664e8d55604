"""Without these a correction overwrites what somebody else wrote, or reaches a training that is not the sender's."""

import pytest

from services.registration.storage.versions import KnownTrainings
from tests.support.declarations import cancellation, content, correction, person, registration, training_id
from tests.unit.registration.handlers.deciding import anomalies, decided, told, versions


def test_a_correction_makes_the_next_version_and_keeps_who_registered_it() -> None:
    known = KnownTrainings()
    decided(registration(1), known=known)
    verdicts = decided(correction(2, reason="four hours too many", sender="0400000022"), known=known)
    assert versions(verdicts) == [(2, "corrected")]
    training = known.trainings[training_id()]
    assert training.content == content(minutes=456)
    assert (training.reason, training.sender, training.reference) == ("four hours too many", "0200000068", "R1")


def test_several_items_about_one_training_are_applied_in_order() -> None:
    verdicts = decided(
        registration(1), correction(2), correction(3, content=content(minutes=60)), cancellation(4), correction(5)
    )
    assert versions(verdicts) == [(1, "registered"), (2, "corrected"), (3, "corrected"), (4, "cancelled")]
    assert told(verdicts)[-1] == (5, "refused", ["trainingCancelled"])


@pytest.mark.parametrize("other", [{"person": person(1)}, {"enterprise": "0400000022"}])
def test_somebody_elses_training_is_answered_like_one_that_does_not_exist(other: dict[str, str]) -> None:
    known = KnownTrainings()
    decided(registration(1), known=known)
    unknown = anomalies(decided(correction(3, "R9")))
    verdicts = decided(correction(2, expectedVersion=7, **other), known=known)
    assert anomalies(verdicts) == unknown == [{"code": "trainingNotFound", "field": "reference"}]
    assert known.trainings[training_id()].version == 1


def test_a_correction_of_an_older_version_is_refused_with_the_present_one() -> None:
    verdicts = decided(
        registration(1),
        correction(2, expectedVersion=1),
        correction(3, expectedVersion=1, content=content(minutes=30)),
    )
    assert told(verdicts)[1:] == [(2, "accepted", []), (3, "refused", ["versionConflict"])]
    assert anomalies(verdicts)[0]["params"] == {"current": "2"}


def test_a_correction_that_changes_nothing_makes_no_version() -> None:
    verdicts = decided(registration(1), correction(2, content=content()))
    assert versions(verdicts) == [(1, "registered")]
    assert told(verdicts)[1] == (2, "unchanged", ["unchanged"])


def test_a_refused_correction_stays_refused_when_it_is_replayed_after_the_registration_came() -> None:
    known = KnownTrainings()
    assert told(decided(correction(1), known=known)) == [(1, "refused", ["trainingNotFound"])]
    decided(registration(2), known=known)
    assert told(decided(correction(1), known=known)) == []
    assert known.trainings[training_id()].version == 1


def test_warnings_are_told_with_an_accepted_correction() -> None:
    verdicts = decided(registration(1), correction(2, warnings=["plannedInPast"]))
    assert told(verdicts)[1] == (2, "acceptedWithWarnings", ["plannedInPast"])
