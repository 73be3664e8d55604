"""Without these an employer's right is charged twice for one training, or given back while it was followed."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.domain.doubles import counts, is_same, may_be_double
from services.registration.domain.training import Training
from services.registration.handlers.training_submissions import Verdicts
from services.registration.storage.versions import KnownTrainings
from tests.support.declarations import (
    cancellation,
    content,
    correction,
    person,
    registration,
    training_id,
)
from tests.unit.registration.handlers.deciding import anomalies, decided, told, versions

R1, R2, R3 = (training_id(reference) for reference in ("R1", "R2", "R3"))


def same_as(known: KnownTrainings) -> dict[str, str | None]:
    return {id_: training.same_as for id_, training in known.trainings.items()}


def started(*events: dict[str, Any]) -> KnownTrainings:
    known = KnownTrainings()
    decided(*events, known=known)
    return known


def three() -> KnownTrainings:
    return started(registration(1), registration(2, "R2"), registration(3, "R3"))


def changes(verdicts: Verdicts) -> list[tuple[str, int, str, str | None]]:
    return [(t.id, t.version, t.change.value, t.same_as) for t, *_ in verdicts.versions]


@pytest.mark.parametrize("references", [("R1", "R2"), ("R1", None), (None, "R2"), (None, None)])
def test_the_same_training_twice_is_accepted_with_a_warning_that_names_the_first(references: Any) -> None:
    first, second = references
    verdicts = decided(registration(1, first), registration(2, second))
    assert told(verdicts) == [(1, "accepted", []), (2, "acceptedWithWarnings", ["sameTraining"])]
    one, other = (training for training, *_ in verdicts.versions)
    assert (one.same_as, other.same_as) == (None, one.id)
    [warning] = anomalies(verdicts)
    assert (warning["field"], warning["params"]) == ("title", {"other": first or one.id})


@pytest.mark.parametrize(
    "written",
    [
        {"title": "VEILIGHEID op de  werkvloer"},
        {"title": "Veiligheid op de werkvloer "},
        {"provider": {"name": "Een ander"}},
        {"kind": "informal"},
        {"chargedMinutes": 60},
        {"description": "Met foto's"},
    ],
    ids=str,
)
def test_what_else_is_said_of_it_makes_no_other_training(written: dict[str, Any]) -> None:
    verdicts = decided(registration(1), registration(2, "R2", content=content(**written)))
    assert told(verdicts)[1] == (2, "acceptedWithWarnings", ["sameTraining"])


@pytest.mark.parametrize(
    "other",
    [
        {"content": content(title="Veiligheid op kantoor")},
        {"content": content(startDate="2024-06-15")},
        {"content": content(endDate="2024-06-20")},
        {"content": content(minutes=911)},
        {"person": person(1)},
        {"enterprise": "0400000022"},
        {"distinct": True},
    ],
    ids=str,
)
def test_another_training_is_not_taken_for_it(other: dict[str, Any]) -> None:
    verdicts = decided(registration(1), registration(2, "R2", **other))
    assert told(verdicts) == [(1, "accepted", []), (2, "accepted", [])]


def test_a_warning_of_the_intake_stays_beside_that_of_a_double() -> None:
    verdicts = decided(registration(1), registration(2, "R2", warnings=["outsideEmployment"]))
    assert told(verdicts)[1] == (2, "acceptedWithWarnings", ["outsideEmployment", "sameTraining"])


def test_a_training_is_not_the_double_of_itself() -> None:
    known = started(registration(1))
    assert told(decided(registration(2), known=known)) == [(2, "unchanged", ["unchanged"])]
    verdicts = decided(correction(3, content=content(location="Gent")), known=known)
    assert told(verdicts) == [(3, "accepted", [])]


def test_when_the_first_is_cancelled_the_next_one_counts_and_the_others_say_so() -> None:
    known, (following, last) = three(), sorted([R2, R3])
    verdicts = decided(cancellation(4), known=known)
    assert changes(verdicts) == [
        (R1, 2, "cancelled", None), (following, 2, "matched", None), (last, 2, "matched", following),
    ]  # fmt: skip
    decided(cancellation(5, "R2"), cancellation(6, "R3"), known=known)
    assert same_as(known) == {R1: None, R2: None, R3: None}


@pytest.mark.parametrize("early", ["R2", "R3"])
def test_the_next_one_is_the_one_registered_first(early: str) -> None:
    late = {"R2": "R3", "R3": "R2"}[early]
    known = started(
        registration(1), registration(2, early), registration(3, late, receivedAt="2026-03-02T10:00:00+00:00")
    )
    decided(cancellation(4), known=known)
    assert same_as(known) == {R1: None, training_id(early): None, training_id(late): training_id(early)}


def test_when_a_double_is_cancelled_nothing_else_changes() -> None:
    known = three()
    assert changes(decided(cancellation(4, "R2"), known=known)) == [(R2, 2, "cancelled", None)]
    assert same_as(known) == {R1: None, R2: None, R3: R1}


def test_a_correction_leaves_one_training_and_comes_to_another() -> None:
    known = started(
        registration(1), registration(2, "R2"), registration(3, "R3", content=content(title="EHBO")),
    )  # fmt: skip
    verdicts = decided(correction(4, "R1", content=content(title="ehbo")), known=known)
    assert changes(verdicts) == [(R1, 2, "corrected", R3), (R2, 2, "matched", None)]
    assert told(verdicts) == [(4, "acceptedWithWarnings", ["sameTraining"])]
    back = decided(correction(5, "R1", content=content()), known=known)
    assert changes(back) == [(R1, 3, "corrected", R2)]


def test_what_was_followed_counts_before_what_was_planned_and_not_followed() -> None:
    """Registered as planned, then anew as completed: the hours are charged and not only reserved."""
    known = started(registration(1, content=content(status="planned")))
    verdicts = decided(registration(2, "R2", content=content()), known=known)
    assert changes(verdicts) == [(R2, 1, "registered", None), (R1, 2, "matched", R2)]
    decided(correction(3, "R2", content=content(status="notFollowed")), known=known)
    assert same_as(known) == {R1: None, R2: R1}


def test_one_registered_all_the_same_counts_by_itself_whatever_happens_to_the_other() -> None:
    known = started(registration(1), registration(2, "R2", distinct=True))
    assert same_as(known) == {R1: None, R2: None}
    decided(registration(3, "R3"), cancellation(4), known=known)
    assert same_as(known) == {R1: None, R2: None, R3: None}
    verdicts = decided(correction(5, "R2", content=content(location="Gent")), known=known)
    assert changes(verdicts) == [(R2, 2, "corrected", None)]


def test_an_item_that_comes_again_changes_nothing() -> None:
    known = three()
    events = registration(1), registration(2, "R2"), cancellation(4)
    decided(cancellation(4), known=known)
    before = dict(known.trainings)
    assert versions(decided(*events, known=known)) == []
    assert known.trainings == before


REFERENCES = ("R1", "R2", "R3", "R4")
contents = st.builds(
    content,
    title=st.sampled_from(["EHBO", "ehbo ", "Heftruck"]),
    minutes=st.sampled_from([60, 120]),
    status=st.sampled_from(["planned", "completed", "notFollowed"]),
)
acts = st.one_of(
    st.tuples(st.just(registration), st.sampled_from(REFERENCES), contents, st.booleans()),
    st.tuples(st.just(correction), st.sampled_from(REFERENCES), contents, st.just(False)),
    st.tuples(st.just(cancellation), st.sampled_from(REFERENCES), st.none(), st.just(False)),
)


def event(line: int, act: Any) -> dict[str, Any]:
    make, reference, of, distinct = act
    extra = ({"content": of} if of else {}) | ({"distinct": True} if distinct else {})
    made: dict[str, Any] = make(line, reference, **extra)
    return made


def groups(trainings: list[Training]) -> list[list[Training]]:
    """Trainings that are the same, and may be; each of the others alone."""
    found: list[list[Training]] = []
    for training in trainings:
        for group in found:
            if may_be_double(training) and may_be_double(group[0]) and is_same(training, group[0]):
                group.append(training)
                break
        else:
            found.append([training])
    return found


def right(known: KnownTrainings) -> None:
    """In each group one counts, as nearly followed as any of it is, and all others name it."""
    order = ["completed", "planned", "notFollowed", "cancelled"]
    for group in groups(list(known.trainings.values())):
        counting = [training for training in group if training.same_as is None]
        assert len(counting) == 1
        assert {training.same_as for training in group if training is not counting[0]} <= {counting[0].id}
        ranks = [order.index(training.content["status"]) for training in group]
        assert order.index(counting[0].content["status"]) == min(ranks)
        assert counts(counting[0]) == may_be_double(counting[0])


@given(st.lists(acts, max_size=14), st.integers(1, 5))
@settings(max_examples=150)
def test_whatever_is_declared_each_training_counts_once(all_acts: list[Any], at_once: int) -> None:
    events = [event(line, act) for line, act in enumerate(all_acts, 1)]
    known, seen = KnownTrainings(), dict[str, int]()
    for start in range(0, len(events), at_once):
        verdicts = decided(*events[start : start + at_once], known=known)
        for training, *_ in verdicts.versions:
            assert training.version == seen.get(training.id, 0) + 1, "every version is told, in order"
            seen[training.id] = training.version
        right(known)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_three_are_registered_one_counts(order: tuple[int, ...]) -> None:
    events = [registration(1), registration(2, "R2"), registration(3, "R3")]
    known = started(*(events[at] for at in order))
    first = events[order[0]]["data"]["training"]
    assert same_as(known) == {id_: None if id_ == first else first for id_ in (R1, R2, R3)}
