"""On the real database: what was registered in earlier batches, the question forms ask, and trainings of older days."""

import asyncio
from itertools import permutations
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from services.registration.domain.doubles import key_of
from shared.database.migrate import upgrade
from tests.integration.registration.conftest import Registration
from tests.integration.registration.test_asking_about_trainings import (
    EMPLOYEE,
    EMPLOYER,
    OTHER_EMPLOYER,
    Asker,
    asker,
)
from tests.support.declarations import ENTERPRISE, cancellation, content, correction, person, training_id
from tests.support.declarations import registration as declared
from tests.unit.registration.handlers.test_same_training import acts, event

R1, R2, R3 = (training_id(reference) for reference in ("R1", "R2", "R3"))
__all__ = ["asker"]


def trainings(events: list[dict[str, Any]]) -> list[tuple[str, str, int, str | None]]:
    return [
        (e["data"]["training"], e["type"].split(".")[3], e["data"]["version"], e["data"].get("sameAs"))
        for e in events
        if e["type"].startswith("be.fla.training.")
    ]


async def standing(registration: Registration) -> dict[str, str | None]:
    async with registration.engine.connect() as connection:
        rows = await connection.execute(
            text("select distinct on (training) training::text, same_as::text from training_version"
                 " order by training, version desc")
        )  # fmt: skip
        return dict(rows.all())  # type: ignore[arg-type]


async def test_doubles_are_found_in_what_earlier_batches_stored(registration: Registration) -> None:
    await registration.receives(declared(1))
    told = await registration.receives(declared(2, "R2", content=content(title="veiligheid  OP de werkvloer")))
    assert trainings(told) == [(R2, "registered", 1, R1)]
    assert told[-1]["data"]["others"] == [
        {
            "line": 2,
            "status": "acceptedWithWarnings",
            "anomalies": [{"code": "sameTraining", "field": "title", "params": {"other": "R1"}}],
        }
    ]
    await registration.receives(declared(3, "R3"))
    told = await registration.receives(cancellation(4))
    following, last = sorted([R2, R3])
    assert trainings(told) == [
        (R1, "cancelled", 2, None), (following, "matched", 2, None), (last, "matched", 2, following),
    ]  # fmt: skip
    assert len({e["id"] for e in told}) == len(told)
    assert await registration.receives(cancellation(4)) == []


async def test_one_that_counts_in_place_of_another_takes_all_its_doubles(registration: Registration) -> None:
    planned = content(status="planned")
    for line, reference in enumerate(("R1", "R2"), 1):
        await registration.receives(declared(line, reference, content=planned))
    told = await registration.receives(declared(3, "R3"))
    assert trainings(told)[0] == (R3, "registered", 1, None)
    assert await standing(registration) == {R1: R3, R2: R3, R3: None}


@given(st.lists(acts, max_size=10), st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_batch_by_batch_it_comes_out_as_all_at_once(
    registration: Registration, all_acts: list[Any], at_once: int
) -> None:
    """What a batch loads must be all that it needs to decide."""
    events = [event(line, act) for line, act in enumerate(all_acts, 1)]
    results = []
    for size in (at_once, 100):
        async with registration.engine.begin() as connection:
            await connection.exec_driver_sql("truncate training_version, settled_item")
        for start in range(0, len(events), size):
            await registration.receives(*events[start : start + size])
        results.append(await standing(registration))
    assert results[0] == results[1]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_delivered_again_in_any_order_nothing_changes(registration: Registration, order: tuple[int, ...]) -> None:
    events = [declared(1), declared(2, "R2"), cancellation(3)]
    await registration.receives(*events)
    before = await standing(registration)
    assert await registration.receives(*(events[at] for at in order)) == []
    assert await standing(registration) == before == {R1: None, R2: None}


async def test_the_history_says_whose_double_it_was(registration: Registration, asker: Asker) -> None:
    await registration.receives(declared(11, "S1", person=person(2)), declared(12, "S2", person=person(2)))
    await registration.receives(cancellation(13, "S1", person=person(2)))
    answer = (await asker.training(EMPLOYER, training_id("S2"))).json()
    assert [(v["change"], v.get("sameAs")) for v in answer["versions"]] == [
        ("matched", None), ("registered", training_id("S1")),
    ]  # fmt: skip


QUESTION = {
    "enterprise": ENTERPRISE, "title": "VEILIGHEID op de werkvloer", "startDate": "2024-06-16", "endDate": "2024-06-19",
    "minutes": 912,
}  # fmt: skip


async def asked(asker: Asker, scope: Any, **changes: Any) -> set[str]:
    question = QUESTION | {"persons": [person(number) for number in range(5)]} | changes
    answer = await asker._client.post(
        "/internal/trainings/doubles", json=question, headers=asker._tokens.authorization(scope)
    )
    assert answer.status_code == 200, answer.text
    return {item["training"] for item in answer.json()["items"]}


async def test_a_form_learns_who_has_the_training_already(registration: Registration, asker: Asker) -> None:
    await registration.receives(
        declared(21, "T2", person=person(2)),
        declared(22, "T3", person=person(2)),
        declared(23, "T4", person=person(3), content=content(title="EHBO")),
        declared(24, "T5", person=person(4), distinct=True),
        declared(25, "T6", person=person(7)),
    )
    # R1 is cancelled by the fixture; R2 is person 1's.
    assert await asked(asker, EMPLOYER) == {R2, training_id("T2")}
    assert await asked(asker, EMPLOYER, title="ehbo") == {training_id("T4")}
    assert await asked(asker, EMPLOYER, minutes=60) == set()
    assert await asked(asker, EMPLOYER, persons=[person(2)]) == {training_id("T2")}


async def test_nobody_learns_of_another_employers_trainings(asker: Asker) -> None:
    assert await asked(asker, OTHER_EMPLOYER) == set()
    assert await asked(asker, OTHER_EMPLOYER, enterprise="0400000022") == set()
    assert R2 not in await asked(asker, EMPLOYEE)


async def test_trainings_of_an_earlier_release_are_found(registration: Registration) -> None:
    """The migration gives them their key: registered again the day after the update, they are charged once."""
    await registration.receives(declared(1), correction(2, content=content(title="EHBO")))
    async with registration.engine.begin() as connection:
        await connection.exec_driver_sql("drop index training_version_same")
        for column in ("same_as", "is_distinct", "same_key"):
            await connection.exec_driver_sql(f"alter table training_version drop column {column}")
        await connection.exec_driver_sql("update alembic_version set version_num = '0003'")
    await asyncio.to_thread(upgrade, "registration")
    await registration.engine.dispose()
    async with registration.engine.connect() as connection:
        rows = await connection.exec_driver_sql("select person::text, content::text, same_key from training_version")
        stored = rows.all()
    assert stored
    assert all(key == key_of(who, orjson.loads(one)) for who, one, key in stored)
    told = await registration.receives(declared(3, "R2", content=content(title="ehbo")))
    assert trainings(told) == [(R2, "registered", 1, R1)]
