"""If these failed, a former employer would go on reading trainings of whoever left long ago."""

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.registration.handlers import HANDLERS
from services.registration.queries import ROUTERS
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Scope, pair
from shared.contracts import employments
from shared.contracts.topics import TOPICS
from shared.database.engine import driver, transaction
from shared.database.scope import reading
from shared.identifiers import derived_id
from shared.messaging.records import Work
from tests.integration.dashboard import examples
from tests.integration.registration.conftest import Registration
from tests.support.declarations import ENTERPRISE, content, registration, training_id
from tests.support.leaving import CASES, OPEN_SINCE, Case, expected

KEY = "a key that only these tests know, long enough"
ELSEWHERE = "0400000022"


def person(case: Case) -> str:
    return derived_id("person", case.name)


REOPENED = frozenset(
    [pair(ENTERPRISE, person(case)) for case in CASES if case.reopened]
    + [pair(ELSEWHERE, person(case)) for case in CASES if case.reopened_elsewhere]
)
OPEN = Scope(ActorKind.PERSON, person(CASES[0]), enterprises=frozenset({ENTERPRISE}))
CLOSING = replace(OPEN, open_since=OPEN_SINCE, reopened=REOPENED)
INSPECTOR = Scope(ActorKind.PERSON, "inspector", enterprises="all")


def employment_events() -> list[dict[str, Any]]:
    """Every version of every employment; each was open-ended at first."""
    told = []
    for case in CASES:
        for number, worked in enumerate(case.employments):
            name, whose = (case.name, number), {"person": person(case), "enterprise": ENTERPRISE}
            start, end = worked.start.isoformat(), worked.end.isoformat() if worked.end else None
            told.append(examples.employment(name, start=start, **whose))
            told.append(examples.employment(name, start=start, end=end, version=2, **whose))
            if worked.cancelled:
                gone = examples.employment(name, start=start, end=end, version=3, cancelled=True, **whose)
                gone["data"]["recordedAt"] = worked.cancelled
                told.append(gone)
    return told


async def follow(service: Registration, events: list[dict[str, Any]]) -> None:
    async with transaction(service.engine) as connection:
        work = Work(driver(connection), datetime.now(UTC))
        handler = HANDLERS[employments.TOPIC]
        await handler(work, TOPICS[employments.TOPIC].many.validate_python(events))


@pytest.fixture
async def leaving(registration: Registration) -> Registration:
    for line, case in enumerate(CASES, 1):
        await registration.receives(declared(line, case))
    await follow(registration, [examples.enterprise(ENTERPRISE), *employment_events()])
    return registration


def declared(line: int, case: Case) -> dict[str, Any]:
    return registration(line, case.name, person=person(case))


@pytest.fixture
async def client(leaving: Registration) -> AsyncIterator[httpx.AsyncClient]:
    class Messaging:
        engine = leaving.engine

    app = FastAPI()
    app.state.messaging = Messaging()
    app.state.internal_tokens = InternalTokens(KEY)
    for router in ROUTERS:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registration") as made:
        yield made


def test_every_question_is_among_those_that_are_tried() -> None:
    routes = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert routes == {
        "/internal/trainings/{training_id}", "/internal/trainings/query", "/internal/trainings/doubles",
    }  # fmt: skip


async def one_by_one(client: httpx.AsyncClient, scope: Scope) -> dict[str, bool]:
    """A training with its versions."""
    headers, found = InternalTokens(KEY).authorization(scope), {}
    for case in CASES:
        answer = await client.get(f"/internal/trainings/{training_id(case.name)}", headers=headers)
        assert answer.status_code in (200, 404)
        found[case.name] = answer.status_code == 200
    return found


async def many_at_once(client: httpx.AsyncClient, scope: Scope, **more: str) -> dict[str, bool]:
    """The states of many."""
    headers = InternalTokens(KEY).authorization(scope)
    body = {"ids": [training_id(case.name) for case in CASES]} | more
    items = (await client.post("/internal/trainings/query", headers=headers, json=body)).json()["items"]
    seen = {item["training"] for item in items}
    return {case.name: training_id(case.name) in seen for case in CASES}


async def as_once_known(client: httpx.AsyncClient, scope: Scope) -> dict[str, bool]:
    """The same, as it was known at another moment: access is that of today."""
    return await many_at_once(client, scope, asKnownAt="2030-01-01T00:00:00Z")


async def who_has_it(client: httpx.AsyncClient, scope: Scope) -> dict[str, bool]:
    """The people who have a training that is about to be registered."""
    same = {name: content()[name] for name in ("title", "startDate", "endDate", "minutes")}
    body = same | {"enterprise": ENTERPRISE, "persons": [person(case) for case in CASES]}
    headers = InternalTokens(KEY).authorization(scope)
    items = (await client.post("/internal/trainings/doubles", headers=headers, json=body)).json()["items"]
    seen = {item["person"] for item in items}
    return {case.name: person(case) in seen for case in CASES}


@pytest.mark.parametrize("read", [one_by_one, many_at_once, as_once_known, who_has_it])
async def test_a_former_employer_reads_no_training_of_whoever_left(client: httpx.AsyncClient, read: Any) -> None:
    assert await read(client, CLOSING) == expected()
    for everyone in (OPEN, INSPECTOR):
        assert await read(client, everyone) == dict.fromkeys(expected(), True)


async def test_a_person_reads_the_own_trainings_for_life(client: httpx.AsyncClient) -> None:
    for case in CASES:
        own = Scope(ActorKind.PERSON, person(case), person=person(case), open_since=OPEN_SINCE)
        assert [name for name, seen in (await one_by_one(client, own)).items() if seen] == [case.name]


async def test_a_query_that_forgets_its_condition_still_finds_nobody_who_left(leaving: Registration) -> None:
    async with reading(leaving.engine, CLOSING) as connection:
        found = set((await connection.execute(text("select person::text from training_version"))).scalars())
    assert {case.name: person(case) in found for case in CASES} == expected()


@pytest.mark.parametrize("seed", range(3))
async def test_in_any_order_and_any_number_of_times_access_ends_alike(registration: Registration, seed: int) -> None:
    await follow(registration, employment_events())
    at_once = await _ended(registration)
    async with registration.engine.begin() as connection:
        await connection.exec_driver_sql("truncate employment, ended_access")
    chance, events = random.Random(seed), employment_events() * 2
    chance.shuffle(events)
    while events:
        size = chance.choice((1, 2, 7))
        await follow(registration, events[:size])
        events = events[size:]
    assert await _ended(registration) == at_once
    assert at_once


async def _ended(service: Registration) -> list[tuple[Any, ...]]:
    async with transaction(service.engine) as connection:
        rows = await driver(connection).fetch("select * from ended_access order by person")
        return [tuple(row) for row in rows]
