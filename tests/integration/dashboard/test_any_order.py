"""If these failed, what people see would depend on the order in which messages happened to arrive."""

import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.dashboard.projections import HANDLERS
from shared.contracts import trainings
from shared.database.engine import driver, transaction
from shared.messaging.records import Work
from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import Dashboard
from tests.integration.dashboard.world import random_world
from tests.support.reading import as_read

TABLES = {
    "training": "id",
    "employment": "id",
    "enterprise": "number",
    "balance": "employment, year",
}


async def contents(dashboard: Dashboard) -> dict[str, list[dict[str, object]]]:
    """All rows of all read models, without the moment they were written."""
    found = {}
    for table, key in TABLES.items():
        rows = [dict(row) for row in await dashboard.rows(f"select * from {table} order by {key}")]
        for row in rows:
            del row["projected_at"]
        found[table] = rows
    return found


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_any_number_of_times_gives_the_newest_state_of_everything(
    dashboard: Dashboard, seed: int
) -> None:
    chance = random.Random(seed)
    world = random_world(chance)
    for batch in world.shuffled(chance):
        await dashboard.project(batch)

    found = await contents(dashboard)

    assert {(str(r["id"]), r["version"], r["minutes"], r["status"]) for r in found["training"]} == {
        (t["training"], t["version"], t["content"]["minutes"], t["content"]["status"]) for t in world.latest("training")
    }
    assert {(str(r["id"]), r["version"], str(r["start_date"]), r["cancelled"]) for r in found["employment"]} == {
        (e["employment"], e["version"], e["startDate"], e["cancelled"]) for e in world.latest("employment")
    }
    assert {(r["number"], r["version"]) for r in found["enterprise"]} == {
        (e["enterprise"], e["version"]) for e in world.latest("enterprise")
    }
    assert {
        (str(r["employment"]), r["year"], r["version"], r["charged"]) for r in found["balance"] if not r["gone"]
    } == {
        (employment, year, state["version"], Decimal(figures["charged"]))
        for (employment, year), (state, figures) in world.balances().items()
    }


async def test_one_large_batch_and_many_small_ones_lead_to_the_same_rows(dashboard: Dashboard) -> None:
    chance = random.Random(99)
    world = random_world(chance, people=150, trainings=900)
    await dashboard.project(world.events)
    at_once = await contents(dashboard)
    await dashboard.empty()
    for at in range(0, len(world.events), 7):
        await dashboard.project(world.events[at : at + 7])

    assert await contents(dashboard) == at_once


async def test_a_whole_bulk_file_told_twice_changes_nothing(dashboard: Dashboard) -> None:
    person = examples.identifier("person")
    fresh = [examples.training(number, person) for number in range(500)]
    await dashboard.project(fresh)
    before = await dashboard.rows("select id, version, projected_at from training order by id")

    await dashboard.project(fresh)

    assert await dashboard.rows("select id, version, projected_at from training order by id") == before


async def test_new_and_known_trainings_in_one_batch_all_arrive(dashboard: Dashboard) -> None:
    person = examples.identifier("person")
    await dashboard.project([examples.training(number, person) for number in range(100)])

    await dashboard.project(
        [
            *(examples.training(number, person, version=2, minutes=30) for number in range(80)),
            *(examples.training(number, person) for number in range(80, 300)),
        ]
    )

    rows = await dashboard.rows("select version, count(*) as rows, sum(minutes) as minutes from training group by 1")
    assert {(row["version"], row["rows"], row["minutes"]) for row in rows} == {(1, 220, 220 * 456), (2, 80, 80 * 30)}


async def test_what_a_training_says_is_what_is_kept_of_it(dashboard: Dashboard) -> None:
    person = examples.identifier("person")
    event = examples.training(
        "all fields",
        person,
        start="2024-06-16",
        end="2024-06-19",
        title="Tab\there, line\nthere, \\backslash and é",
        chargedMinutes=120,
        provider={"name": "Cevora", "enterpriseNumber": "0300000007"},
        certificate={"awarded": True, "validUntil": "2029-06-19"},
        theme="0413",
        modality="hybrid",
    )
    await dashboard.project([event])

    [row] = await dashboard.rows("select * from training")
    assert (row["title"], row["minutes"], row["charged_minutes"]) == (event["data"]["content"]["title"], 456, 120)
    assert (str(row["start_date"]), str(row["end_date"])) == ("2024-06-16", "2024-06-19")
    assert (row["provider_name"], row["provider_number"]) == ("Cevora", "0300000007")
    assert (row["certificate"], str(row["certificate_until"])) == (True, "2029-06-19")
    assert (row["theme"], row["modality"], row["reference"]) == ("0413", "hybrid", "R-all fields")


async def test_a_batch_of_thousands_needs_as_few_statements_as_one_of_hundreds(dashboard: Dashboard) -> None:
    people = [examples.identifier("person", number) for number in range(50)]

    async def statements(count: int, offset: int) -> int:
        seen: list[str] = []

        def log(query: Any) -> None:
            seen.append(query.query)

        events = [examples.training(offset + number, people[number % 50]) for number in range(count)]
        async with transaction(dashboard.engine) as connection:
            raw = driver(connection)
            raw.add_query_logger(log)
            read = as_read(HANDLERS, trainings.TOPIC, [*events, *events[:100]])
            await HANDLERS[trainings.TOPIC](Work(raw, datetime.now(UTC)), read)
            raw.remove_query_logger(log)
        return len(seen)

    assert await statements(300, 0) == await statements(3000, 10_000)
