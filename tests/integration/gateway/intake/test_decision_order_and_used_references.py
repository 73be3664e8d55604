"""What a sender would lose: chance decides which of two declarations counts, and a file must be in the right order."""

import random
from typing import Any

import pytest

from services.gateway.intake.declared import DeclarationKind as Kind
from shared.identifiers import new_id
from tests.support.intake_in_chunks import IntakeInChunks, amendment, employment, figure, people, training

A, B, C, *_ = people(8)
USED, LEANS = ["referenceAlreadyUsed"], ["leansOnRefused"]


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("chunk", [1, 2, 1000])
@pytest.mark.parametrize("make", [training, figure, employment])
async def test_of_two_people_under_one_reference_the_first_counts(
    intake: IntakeInChunks, make: Any, chunk: int, killed: bool
) -> None:
    """On any partition, in chunks of any size, after a crash: always the same one."""
    if make is not employment:
        await intake.sends([employment(A, "EA"), employment(B, "EB")])
    for round_ in range(5):
        first, second = (A, B) if round_ % 2 else (B, A)
        sent = [make(first, f"R{round_}"), make(second, f"R{round_}"), make(first, f"S{round_}")]
        assert await intake.sends(sent, chunk=chunk, killed=killed) == {1: [], 2: USED, 3: []}


async def test_the_first_counts_even_if_it_is_refused(intake: IntakeInChunks) -> None:
    """Within one file; afterwards the reference is free for whoever sends it right."""
    await intake.sends([employment(A, "EA")])
    refused = training(B, "R")
    assert await intake.sends([refused, training(A, "R")]) == {1: ["employmentNotFound"], 2: USED}
    assert await intake.sends([training(A, "R")]) == {1: []}


async def test_a_bulk_call_and_requests_in_flight_keep_the_order_too(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "EA"), employment(B, "EB")])
    assert await intake.sends([training(B, "R"), training(A, "R")], channel="api") == {1: [], 2: USED}
    assert await intake.sends([training(B, "Q")], channel="api") == {1: []}
    assert await intake.sends([training(A, "Q")], channel="api") == {1: USED}


async def test_a_single_request_that_was_refused_holds_no_reference(intake: IntakeInChunks) -> None:
    """A clerk who picked the wrong person sends the same reference again, for the right one."""
    await intake.sends([employment(A, "EA")])
    assert await intake.sends([training(B, "R")], channel="api") == {1: ["employmentNotFound"]}
    assert await intake.sends([training(A, "R")], channel="api") == {1: []}


async def test_what_was_refused_by_who_decides_frees_its_reference(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "EA"), employment(B, "EB")])
    submission = new_id()
    await intake.sends([figure(A, "R")], submission=submission)
    assert await intake.sends([figure(B, "R")], channel="api") == {1: USED}
    await intake.decides(submission, 1, "refused")
    assert await intake.sends([figure(B, "R")], channel="api") == {1: []}


@pytest.mark.parametrize("chunk", [1, 3, 1000])
async def test_what_leans_on_something_may_stand_before_it(intake: IntakeInChunks, chunk: int) -> None:
    sent = [
        amendment(Kind.TRAINING_CORRECTION, A, "T"),
        figure(A, "F", employmentReference="E"),
        training(A, "T"),
        amendment(Kind.EMPLOYMENT_CHANGE, A, "E"),
        employment(A, "E"),
    ]
    assert await intake.sends(sent, chunk=chunk) == {line: [] for line in range(1, 6)}


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("chunk", [1, 3, 1000])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        (employment(B, "TAKEN"), USED),
        (employment(B, "E", startDate="2025-02-30"), None),
        (employment(B, "E", endReason="retirment"), ["notInList"]),
    ],
)
async def test_who_leans_on_what_was_refused_is_refused_with_that_reason(
    intake: IntakeInChunks, wrong: Any, codes: list[str] | None, first: bool, chunk: int, killed: bool
) -> None:
    """An employment whose reference is taken, or that cannot be: no orphan is registered that nobody ever charges."""
    await intake.sends([employment(A, "TAKEN")])
    leaning = [training(B, "T"), figure(B, "F"), amendment(Kind.TRAINING_CORRECTION, B, "T")]
    sent = [wrong, *leaning] if first else [*leaning, wrong]
    found = await intake.sends(sent, chunk=chunk, killed=killed)
    of_wrong = found.pop(1 if first else 4)
    assert of_wrong == codes if codes else of_wrong
    assert set(map(tuple, found.values())) == {tuple(LEANS)}


async def test_the_reason_names_line_and_code(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "TAKEN")])
    submission = new_id()
    await intake.sends([training(B, "T"), employment(B, "TAKEN")], submission=submission)
    # Alone it is what it is: nobody of that number is known here.
    assert await intake.sends([training(B, "T")]) == {1: ["employmentNotFound"]}


async def test_nothing_leans_on_an_employment_that_the_same_file_cancels(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "E")])
    submission = new_id()
    sent = [training(A, "T"), amendment(Kind.EMPLOYMENT_CANCELLATION, A, "E")]
    assert await intake.sends(sent, submission=submission) == {1: ["employmentNotFound"], 2: []}
    await intake.decides(submission, 2, "refused")
    assert await intake.sends([training(A, "T")]) == {1: []}


@pytest.mark.parametrize("kind", [Kind.EMPLOYMENT_CHANGE, Kind.EMPLOYMENT_CANCELLATION])
async def test_an_unknown_employment_changed_employs_nobody(intake: IntakeInChunks, kind: Kind) -> None:
    """What was lost: a change of an employment that is not there made its person employed, and trainings orphans."""
    sent = [amendment(kind, A, "NONE"), training(A, "T")]
    assert await intake.sends(sent) == {1: ["employmentNotFound"], 2: ["employmentNotFound"]}


async def test_what_was_cancelled_leads_to_another_reference(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "E"), employment(B), amendment(Kind.EMPLOYMENT_CANCELLATION, A, "E")])
    assert await intake.sends([employment(A, "E")]) == {1: ["employmentCancelled"]}
    assert await intake.sends([employment(B, "E")]) == {1: ["employmentCancelled"]}
    assert await intake.sends([employment(A, "E2")]) == {1: []}


async def test_without_a_reference_contracts_of_one_day_are_told_apart_by_their_committee(
    intake: IntakeInChunks,
) -> None:
    await intake.sends([employment(A, committee="140.03"), employment(A, committee="200")])
    await intake.sends([employment(A, committee="14003")])
    ids = [event["data"]["employment"] for event in intake.events]
    assert ids[0] == ids[2] != ids[1]
    cancelled = {"ssin": A, "enterpriseNumber": "1999010345", "employmentId": ids[0], "reason": "fout"}
    await intake.sends([(Kind.EMPLOYMENT_CANCELLATION, cancelled)])
    await intake.sends([employment(A, committee="140.03"), employment(A, committee="140.03")])
    again = [event["data"]["employment"] for event in intake.events[-2:]]
    assert again[0] == again[1] not in ids


async def test_a_figure_that_could_be_of_two_contracts_names_them(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "E1"), employment(A, "E2", startDate="2025-03-01")])
    assert await intake.sends([figure(A, "F")]) == {1: ["ambiguousEmployment"]}
    assert await intake.sends([figure(A, "F", employmentReference="E2")]) == {1: []}
    assert await intake.sends([figure(A, "G", employmentReference="E3")]) == {1: ["employmentNotFound"]}
    assert await intake.sends([figure(A, "H", year=2024)]) == {1: ["yearOutsideEmployment"]}


async def test_any_file_ends_the_same_in_chunks_of_any_size_and_after_any_crash(intake: IntakeInChunks) -> None:
    """A random file of few people and few references, so that everything collides with everything."""
    chance = random.Random(20261126)
    numbers = people(6)
    for _ in range(12):
        sent = [_anything(chance, numbers) for _ in range(40)]
        expected = None
        for chunk, killed in ((1000, False), (1, False), (7, True), (13, False)):
            await intake.empty()
            found = await intake.sends(sent, chunk=chunk, killed=killed)
            assert len(found) == len(sent)
            expected = expected or found
            assert found == expected, (chunk, killed)
        assert {code for codes in expected.values() for code in codes} >= {"referenceAlreadyUsed"}


def _anything(chance: random.Random, numbers: list[str]) -> tuple[Kind, dict[str, Any]]:
    ssin, reference = chance.choice(numbers), f"R{chance.randrange(8)}"
    make = chance.choice([employment, employment, training, training, figure, None])
    if make is not None:
        kind, fields = make(ssin, reference)
        broken = {"startDate": "2025-02-30"} if chance.random() < 0.15 and make is not figure else {}
        return kind, fields | broken
    kinds = [kind for kind in Kind if not kind.value.endswith("Registration")]
    return amendment(chance.choice(kinds), ssin, reference)
