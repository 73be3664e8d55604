"""On the real database: what was decided once stays decided, whatever is sent or delivered again."""

import asyncio
from typing import Any

from shared.identifiers import derived_id
from tests.integration.registration.conftest import Registration
from tests.support import declarations
from tests.support.declarations import cancellation, content, correction, item_id, person, training_id
from tests.support.declarations import registration as declared


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"].removeprefix("be.fla.").removesuffix(".v1") for event in events]


async def test_a_training_and_its_outcome_are_told_in_full(registration: Registration) -> None:
    [training, outcome] = await registration.receives(declared())
    assert training["type"] == "be.fla.training.registered.v1"
    assert training["subject"] == training_id()
    assert training["submissionid"] == declarations.SUBMISSION
    assert training["actor"] == declared()["actor"]
    expected = declared()["data"] | {"version": 1, "recordedAt": training["time"]}
    del expected["item"]
    assert training["data"] == expected
    assert outcome["data"] == {"submission": declarations.SUBMISSION, "accepted": [1]}


async def test_redelivery_changes_nothing_and_tells_nothing(registration: Registration) -> None:
    events = [declared(1), correction(2), declared(3), correction(4, "R9"), cancellation(5), correction(6)]
    first = await registration.receives(*events)
    assert types(first) == [
        "training.registered", "training.corrected", "training.cancelled", "submission.decided",
    ]  # fmt: skip
    assert first[-1]["data"]["accepted"] == [1, 2, 5]
    assert [(other["line"], other["status"]) for other in first[-1]["data"]["others"]] == [
        (3, "refused"), (4, "refused"), (6, "refused"),
    ]  # fmt: skip
    for event in events:
        assert await registration.receives(event) == []
    assert await registration.receives(*events) == []
    assert await registration.rows("training_version") == 3
    assert await registration.rows("settled_item") == 3


async def test_a_correction_works_on_what_an_earlier_batch_stored(registration: Registration) -> None:
    await registration.receives(declared(1))
    [corrected, _] = await registration.receives(correction(2, expectedVersion=1))
    assert (corrected["type"], corrected["data"]["version"]) == ("be.fla.training.corrected.v1", 2)
    assert corrected["data"]["content"] == content(minutes=456)
    assert corrected["data"]["reference"] == "R1"
    [outcome] = await registration.receives(correction(3, expectedVersion=2))
    assert outcome["data"]["others"][0]["status"] == "unchanged"


async def test_each_submission_hears_of_its_own_lines_only(registration: Registration) -> None:
    other, second = derived_id("another submission"), content(title="EHBO")
    told = await registration.receives(
        declared(1),
        declared(1, "R2", submission=other, content=second),
        declared(2, "R1"),
        declared(2, "R2", submission=other, content=second),
    )
    assert {event["subject"]: event["data"] for event in told if event["type"].endswith("decided.v1")} == {
        submission: {
            "submission": submission,
            "accepted": [1],
            "others": [{"line": 2, "status": "unchanged", "anomalies": [{"code": "unchanged"}]}],
        }
        for submission in (declarations.SUBMISSION, other)
    }


async def test_a_retry_after_a_lost_commit_makes_the_same_events(registration: Registration) -> None:
    """A consumer that applied the first try must recognise the second."""
    [training, outcome] = await registration.receives(declared())
    again = Registration(registration.engine)
    async with registration.engine.begin() as connection:
        await connection.exec_driver_sql("delete from training_version")
    [training_again, outcome_again] = await again.receives(declared())
    assert (training["id"], outcome["id"]) == (training_again["id"], outcome_again["id"])


async def test_one_reference_for_two_people_at_the_same_moment_is_given_to_one(registration: Registration) -> None:
    """Their person ids lie in two partitions, so two replicas may decide at once."""
    submissions = [derived_id("submission of", who) for who in range(2)]
    told = await asyncio.gather(
        *(
            registration.receives(
                *(
                    declared(
                        line,
                        f"R{line}",
                        person=person(who),
                        submission=submissions[who],
                        content=content(title=f"Les {line}"),
                    )
                    for line in range(300)
                )
            )
            for who in range(2)
        )
    )
    assert await registration.rows("training_version") == 300
    decisions = [batch[-1]["data"] for batch in told]
    accepted = [line for decision in decisions for line in decision["accepted"]]
    refused = [other["line"] for decision in decisions for other in decision.get("others", ())]
    assert sorted(accepted) == sorted(refused) == list(range(300))


async def test_what_was_settled_is_kept_as_evidence(registration: Registration) -> None:
    await registration.receives(correction(7, "R9"))
    async with registration.engine.connect() as connection:
        rows = (await connection.exec_driver_sql("select item::text, line, status, anomalies from settled_item")).all()
    assert [tuple(row) for row in rows] == [
        (item_id(7), 7, "refused", [{"code": "trainingNotFound", "field": "reference"}])
    ]
