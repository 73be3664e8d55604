"""If these failed, a damaged or outdated dashboard could not be made right again, or nobody would notice the damage."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from deploy.setup.topics import create_topics
from services.dashboard.projections import HANDLERS
from services.dashboard.rebuild import RebuildRunsError, rebuild
from services.dashboard.settings import NAME
from services.dashboard.verify import verify
from shared.database.engine import create_engine, driver, transaction
from shared.messaging import parking
from shared.messaging.producer import Producer
from shared.messaging.records import Outgoing
from shared.messaging.runtime import Messaging
from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import KEY, Dashboard, settings_for, topic_of

PEOPLE = [examples.identifier("rebuild", number) for number in range(20)]


def told() -> list[dict[str, Any]]:
    """Twenty employees with balances and five trainings each, two of them corrected."""
    events = [examples.enterprise()]
    for person in PEOPLE:
        events.append(examples.employment(person, person))
        events += [examples.training((person, number), person, minutes=60 + number) for number in range(5)]
        events += [examples.training((person, number), person, version=2, minutes=30) for number in range(2)]
        for version in (1, 2, 3):
            figures = examples.year(2026, granted="5.000000", charged=f"{version}.5")
            events.append(examples.balances(person, person, figures, version=version))
    events.append(examples.employment(PEOPLE[3], PEOPLE[3], version=2, end="2026-01-31"))
    return events


async def produce(kafka: str, events: list[dict[str, Any]]) -> None:
    producer = Producer(kafka)
    await producer.send(
        [
            Outgoing(topic_of(e), e["data"].get("person", e["data"]["enterprise"]).encode(), orjson.dumps(e))
            for e in events
        ]
    )
    await producer.close()


@pytest.fixture(scope="module")
async def topics(kafka: str) -> str:
    """Kafka with these events in its topics, beside whatever other tests left there."""
    await create_topics(kafka, partitions=6)
    await produce(kafka, told())
    return kafka


@pytest.fixture
async def rebuilt(dashboard: Dashboard, topics: str) -> AsyncIterator[Dashboard]:
    """A dashboard made from the topics alone."""
    async with transaction(dashboard.engine) as connection:
        await driver(connection).execute("truncate watermark, parked, parked_dropped")
    await rebuild(dashboard.engine, topics, lambda _handled, _total: None)
    yield dashboard


async def ours(dashboard: Dashboard) -> tuple[int, int, int, str]:
    """Trainings, their minutes, balances and what was charged, of the people of this module."""
    [row] = await dashboard.rows(
        "select (select count(*) from training where person = any($1::uuid[])),"
        " (select sum(minutes) from training where person = any($1::uuid[])),"
        " (select count(*) from balance where person = any($1::uuid[])),"
        " (select sum(charged)::text from balance where person = any($1::uuid[]))",
        PEOPLE,
    )
    return tuple(row)


RIGHT = (100, 20 * (30 + 30 + 62 + 63 + 64), 20, "70.0")


async def test_everything_comes_back_from_the_topics_alone(rebuilt: Dashboard, topics: str) -> None:
    assert await ours(rebuilt) == RIGHT
    findings = await verify(rebuilt.url, topics)
    assert findings.wrong == {}
    assert findings.rows["training"] >= 100


async def test_a_rebuild_tells_how_far_it_is(rebuilt: Dashboard, topics: str) -> None:
    told_so_far: list[tuple[int, int]] = []

    total = await rebuild(rebuilt.engine, topics, lambda handled, of: told_so_far.append((handled, of)))

    assert told_so_far[-1] == (total, total)
    assert [handled for handled, _ in told_so_far] == sorted(handled for handled, _ in told_so_far)


async def test_every_kind_of_damage_is_found_and_a_rebuild_cures_it(rebuilt: Dashboard, topics: str) -> None:
    stranger = examples.identifier("stranger")
    rows = await rebuilt.rows(
        "select person, id from training where person = any($1::uuid[]) order by id limit 2", PEOPLE
    )
    (person, changed), (_, lost) = rows
    async with transaction(rebuilt.engine) as connection:
        raw = driver(connection)
        await raw.execute("update training set minutes = minutes + 1 where id = $1", changed)
        await raw.execute("delete from training where id = $1", lost)
        await raw.execute("update balance set charged = charged + 0.000001 where person = $1", PEOPLE[0])
        await raw.execute("""update employment set terms = '[]' where person = $1""", PEOPLE[1])
        await raw.execute("delete from ended_access where person = $1", PEOPLE[3])
        await raw.execute("insert into ended_access values ($1, $2, '2026-01-31')", examples.ENTERPRISE, stranger)
        await raw.execute(
            "insert into enterprise (number, version, name, joint_committees, sizes, recorded_at)"
            " values ('0999999999', 1, $1, '[]', '[]', now())",
            stranger,
        )

    findings = await verify(rebuilt.url, topics)
    await rebuild(rebuilt.engine, topics, lambda _handled, _total: None)

    assert findings.wrong == {
        "different training": 1,
        "missing training": 1,
        "different balance": 1,
        "different employment": 1,
        "unexpected enterprise": 1,
        "different ended_access": 2,
    }
    assert f"different training {person} {changed}" in findings.examples
    assert (await verify(rebuilt.url, topics)).wrong == {}
    assert await ours(rebuilt) == RIGHT


async def test_what_cannot_be_projected_is_parked_again_and_harms_nobody_else(
    dashboard: Dashboard, topics: str
) -> None:
    person = examples.identifier("someone with a broken training")
    events = [
        examples.training("good", person),
        examples.training("broken", person, start="2026-02-31"),
        examples.training("behind it", person),
    ]
    await produce(topics, events)
    await rebuild(dashboard.engine, topics, lambda _handled, _total: None)

    known = "select count(*) from training where person = $1"
    assert (await dashboard.rows(known, person))[0][0] == 1
    waiting = 'select "offset" from parked where key = $1 order by 1'
    assert len(await dashboard.rows(waiting, person.encode())) == 2
    assert (await verify(dashboard.url, topics)).wrong == {}

    async with transaction(dashboard.engine) as connection:
        topic = topic_of(events[0])
        await parking.drop(driver(connection), topic, person.encode(), "operator", "no such day")
    await rebuild(dashboard.engine, topics, lambda _handled, _total: None)

    # What was given up stays given up; the rest of the key is released, for the running service to try.
    left = await dashboard.rows(
        "select released_at is not null as released from parked where key = $1", person.encode()
    )
    assert [row["released"] for row in left] == [True]
    assert (await verify(dashboard.url, topics)).wrong == {}


async def test_a_rebuild_beside_a_running_service_counts_everything_once(rebuilt: Dashboard, topics: str) -> None:
    engine = create_engine(rebuilt.url, 4)
    messaging = Messaging(NAME, engine, HANDLERS, settings_for(rebuilt.url, kafka_bootstrap=topics))
    await messaging.start()
    newcomer = examples.identifier("newcomer", id(engine))
    try:
        async with asyncio.timeout(60):
            await rebuild(rebuilt.engine, topics, lambda _handled, _total: None)
            await produce(topics, [examples.training(("late", newcomer), newcomer)])
            while not await rebuilt.rows("select from training where person = $1", newcomer):
                await asyncio.sleep(0.2)
    finally:
        await messaging.stop()
        await engine.dispose()

    assert await ours(rebuilt) == RIGHT
    assert (await verify(rebuilt.url, topics)).wrong == {}


async def test_two_rebuilds_at_once_are_refused(rebuilt: Dashboard, topics: str) -> None:
    results = await asyncio.gather(
        *(rebuild(rebuilt.engine, topics, lambda _handled, _total: None) for _ in range(2)), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == [RebuildRunsError.__name__, "int"]
    assert await ours(rebuilt) == RIGHT


async def run(module: str, *arguments: str, url: str, kafka: str) -> tuple[int, str, str]:
    """A command as an operator starts it: exit status, standard output and standard error."""
    settings = {"FLA_DASHBOARD_DATABASE_URL": url, "FLA_KAFKA_BOOTSTRAP": kafka, "FLA_INTERNAL_KEY": KEY}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), error.decode()


async def test_the_commands_say_what_they_found_and_did(rebuilt: Dashboard, topics: str) -> None:
    where = {"url": rebuilt.url, "kafka": topics}
    async with transaction(rebuilt.engine) as connection:
        await driver(connection).execute("delete from balance where person = $1", PEOPLE[0])

    status, found, error = await run("services.dashboard.verify", "--json", **where)
    assert (status, error) == (1, "")
    assert orjson.loads(found)["wrong"] == {"missing balance": 1}
    status, done, progress = await run("services.dashboard.rebuild", **where)
    assert (status, done.startswith("rebuilt from ")) == (0, True)
    assert " records" in progress
    status, found, _ = await run("services.dashboard.verify", **where)
    assert status == 0
    assert "rows of training" in found


async def test_without_kafka_the_commands_say_so_and_touch_nothing(rebuilt: Dashboard) -> None:
    nowhere = {"url": rebuilt.url, "kafka": "127.0.0.1:1"}

    status, _, error = await run("services.dashboard.rebuild", **nowhere)
    assert (status, error.count("not rebuilt: "), "Traceback" in error) == (1, 1, False)
    status, _, error = await run("services.dashboard.verify", **nowhere)
    assert (status, error.count("not verified: "), "Traceback" in error) == (2, 1, False)
    assert await ours(rebuilt) == RIGHT
