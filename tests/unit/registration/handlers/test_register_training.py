"""Without these a training is stored twice, or one sender's reference opens another's training."""

from typing import Any

import pytest

from services.registration.storage.versions import KnownTrainings
from tests.support.declarations import content, person, registration, training_id
from tests.unit.registration.handlers.deciding import anomalies, decided, told, versions


def test_a_new_training_is_its_first_version_with_everything_that_was_declared() -> None:
    verdicts = decided(registration())
    [version] = verdicts.versions
    assert version.training.id == training_id()
    assert (version.training.version, version.training.reference) == (1, "R1")
    assert version.training.content == content()
    assert told(verdicts) == [(1, "accepted", [])]


def test_the_same_training_sent_again_as_another_item_changes_nothing_and_says_so() -> None:
    verdicts = decided(registration(1), registration(2))
    assert versions(verdicts) == [(1, "registered")]
    assert told(verdicts) == [(1, "accepted", []), (2, "unchanged", ["unchanged"])]


@pytest.mark.parametrize(
    "other", [{"content": content(minutes=60)}, {"person": person(1)}, {"enterprise": "0400000022"}]
)
def test_another_training_under_a_used_reference_is_refused_and_the_first_one_stands(other: dict[str, Any]) -> None:
    known = KnownTrainings()
    verdicts = decided(registration(1), registration(2, **other), known=known)
    assert told(verdicts) == [(1, "accepted", []), (2, "refused", ["referenceAlreadyUsed"])]
    assert anomalies(verdicts)[0]["params"] == {"reference": "R1"}
    assert known.trainings[training_id()].content == content()


def test_two_trainings_without_a_reference_are_two_trainings() -> None:
    verdicts = decided(registration(1, None), registration(2, None, content=content(title="EHBO")))
    assert versions(verdicts) == [(1, "registered"), (1, "registered")]
    assert told(verdicts) == [(1, "accepted", []), (2, "accepted", [])]


def test_a_warning_of_the_intake_is_told_with_the_acceptance() -> None:
    verdicts = decided(registration(warnings=["outsideEmployment"]))
    assert versions(verdicts) == [(1, "registered")]
    assert told(verdicts) == [(1, "acceptedWithWarnings", ["outsideEmployment"])]


def test_an_item_that_comes_twice_is_told_once() -> None:
    known = KnownTrainings()
    first = decided(registration(1), registration(1), known=known)
    assert told(first) == [(1, "accepted", [])]
    assert told(decided(registration(1), known=known)) == []
