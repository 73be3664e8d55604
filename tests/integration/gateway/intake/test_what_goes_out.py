"""The inside of what goes out: of whom, under which id, with which warning, reason and name."""

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.intake.declared import DeclarationKind as Kind
from shared.database.engine import driver, transaction
from shared.identifiers import derived_id
from tests.support.intake_in_chunks import ENTERPRISE, IntakeInChunks, amendment, employment, figure, people, training

A, B, *_ = people(8)


def last(intake: IntakeInChunks) -> dict[str, Any]:
    data: dict[str, Any] = intake.events[-1]["data"]
    return data


@pytest.mark.parametrize(
    ("first", "until", "warns"),
    [
        ("2025-03-01", "2026-02-20", False),  # the first and the last day of the employment
        ("2025-02-28", "2025-03-02", True),  # a day before the first
        ("2026-02-20", "2026-02-21", True),  # a day after the last
        ("2024-01-02", "2024-01-02", True),
    ],
)
async def test_days_outside_the_employment_are_warned_about(
    intake: IntakeInChunks, first: str, until: str, warns: bool
) -> None:
    """Lost: a clerk who wonders why a training of a former employee costs nothing."""
    await intake.sends([employment(A, "E", startDate="2025-03-01", endDate="2026-02-20", endReason="resignation")])
    assert await intake.sends([training(A, "T", startDate=first, endDate=until)]) == {1: []}
    assert last(intake).get("warnings", []) == (["outsideEmployment"] if warns else [])


async def test_two_employments_side_by_side_cover_together(intake: IntakeInChunks) -> None:
    await intake.sends(
        [
            employment(A, "E1", startDate="2025-01-01", endDate="2025-06-15", endReason="endOfTerm"),
            employment(A, "E2", startDate="2025-06-16"),
        ]
    )
    await intake.sends([training(A, "T", startDate="2025-06-14", endDate="2025-06-17")])
    assert "warnings" not in last(intake)


@pytest.mark.parametrize(
    ("make", "kind", "names"), [(training, "training", "training"), (figure, "entitlement", "entitlement"),
                                (employment, "employment", "employment")]
)  # fmt: skip
async def test_the_id_follows_from_sender_and_reference(
    intake: IntakeInChunks, make: Any, kind: str, names: str
) -> None:
    """Lost: a correction by reference that finds nothing, and the same declaration sent twice as two things."""
    await intake.sends([employment(A, "EA")])
    await intake.sends([make(A, "R-1")])
    first = last(intake)[names]
    assert first == derived_id(kind, ENTERPRISE, "R-1")
    await intake.sends([make(A, "R-1")])
    assert last(intake)[names] == first


async def test_without_a_reference_two_are_two(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "EA")])
    await intake.sends([training(A), training(A)])
    assert intake.events[-1]["data"]["training"] != intake.events[-2]["data"]["training"]


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        (Kind.EMPLOYMENT_CANCELLATION, employment),
        (Kind.EMPLOYMENT_CHANGE, employment),
        (Kind.TRAINING_CANCELLATION, training),
        (Kind.TRAINING_CORRECTION, training),
        (Kind.ENTITLEMENT_CANCELLATION, figure),
    ],
)
async def test_the_reason_goes_out_with_what_it_explains(intake: IntakeInChunks, kind: Kind, make: Any) -> None:
    await intake.sends([employment(A, "EA"), *([] if make is employment else [make(A, "X")])])
    reference = "EA" if make is employment else "X"
    assert await intake.sends([amendment(kind, A, reference)]) == {1: []}
    assert last(intake)["reason"] == "fout"


async def test_a_name_goes_to_the_person_it_was_given_for(intake: IntakeInChunks, engine: AsyncEngine) -> None:
    """Lost: two people of one file who get each other's name."""
    await intake.sends(
        [
            employment(A, "EA", givenName="An", familyName="Aerts"),
            employment(B, "EB", givenName="Bert", familyName="Bos"),
        ]
    )
    of_line = {event["data"]["item"]["line"]: event["data"]["person"] for event in intake.events}
    async with transaction(engine) as connection:
        rows = await driver(connection).fetch(
            "select person::text, given_name, family_name from declared_name where enterprise = $1", ENTERPRISE
        )
    assert {row["person"]: (row["given_name"], row["family_name"]) for row in rows} == {
        of_line[1]: ("An", "Aerts"),
        of_line[2]: ("Bert", "Bos"),
    }


async def test_an_own_figure_does_not_end_before_it_begins(intake: IntakeInChunks) -> None:
    await intake.sends([employment(A, "EA")])
    wrong = figure(A, "F", validFrom="2025-07-01", validUntil="2025-06-30")
    one_day = figure(A, "G", validFrom="2025-07-01", validUntil="2025-07-01")
    assert await intake.sends([wrong, one_day]) == {1: ["endBeforeStart"], 2: []}
