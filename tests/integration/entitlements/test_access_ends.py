"""If these failed, a former employer would go on reading balances and ledgers of whoever left long ago."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from services.entitlements.queries import ROUTERS
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Scope, pair
from shared.database.ended_access import LAST_DAY, filling
from shared.database.scope import reading
from shared.identifiers import derived_id
from tests.support.entitlements import (
    ENTERPRISE,
    NOW,
    OTHER_ENTERPRISE,
    Entitlements,
    Submissions,
    employment_id,
    size,
    training,
)
from tests.support.leaving import CASES, EMPLOYED, OPEN_SINCE, Case, expected

KEY = "a key that only these tests know, long enough"
YEAR = 2023


def person(case: Case) -> str:
    return derived_id("person", case.name)


def employment(case: Case, number: int = 0) -> str:
    return employment_id(f"{case.name}/{number}")


def figure(case: Case) -> str:
    return derived_id("entitlement", case.name)


REOPENED = frozenset(
    [pair(ENTERPRISE, person(case)) for case in CASES if case.reopened]
    + [pair(OTHER_ENTERPRISE, person(case)) for case in CASES if case.reopened_elsewhere]
)
OPEN = Scope(ActorKind.PERSON, person(CASES[0]), enterprises=frozenset({ENTERPRISE}))
CLOSING = replace(OPEN, open_since=OPEN_SINCE, reopened=REOPENED)
INSPECTOR = Scope(ActorKind.PERSON, "inspector", enterprises="all")
STANDING = tuple(case for case in EMPLOYED if not any(worked.cancelled for worked in case.employments))


@pytest.fixture
async def leaving(service: Entitlements, declared: Submissions) -> Entitlements:
    """Everyone has an override and a training; each employment is declared open-ended and then changed."""
    await service.receives(declared.enterprise(size("25")))
    registered, later = [], []
    for case in CASES:
        for number, worked in enumerate(case.employments):
            reference, start = f"{case.name}/{number}", worked.start.isoformat()
            given: dict[str, Any] = {"reference": reference, "person": person(case), "startDate": start}
            registered.append(declared.employment(**given))
            if worked.end:
                later.append(declared.employment(**given, change=True, endDate=worked.end.isoformat()))
        if case.employments:
            own = {"entitlement": figure(case), "employment": employment(case), "person": person(case), "year": YEAR}
            later.insert(0, declared.entitlement(case.name, **own))
    await service.receives(*registered)
    await service.receives(*later)
    for case in CASES:
        day = f"{YEAR}-05-02"
        await service.receives(training(case.name, person=person(case), startDate=day, endDate=day))
        for number, worked in enumerate(case.employments):
            if worked.cancelled:
                service.now = datetime.fromisoformat(worked.cancelled)
                await service.receives(declared.employment_cancellation(f"{case.name}/{number}", person=person(case)))
    service.now = NOW
    return service


@pytest.fixture
async def client(leaving: Entitlements) -> AsyncIterator[httpx.AsyncClient]:
    class Messaging:
        engine = leaving.engine

    app = FastAPI()
    app.state.messaging = Messaging()
    app.state.internal_tokens = InternalTokens(KEY)
    app.state.rules = leaving.rules
    for router in ROUTERS:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://entitlements") as made:
        yield made


Ask = Callable[[httpx.AsyncClient, dict[str, str], Case], Awaitable[httpx.Response]]


def _get(path: Callable[[Case], str]) -> Ask:
    return lambda client, headers, case: client.get(f"/internal{path(case)}", headers=headers)


_OF = "/internal/enterprises/{number}"
READS: dict[str, tuple[str, Ask, tuple[Case, ...]]] = {
    "list": (f"{_OF}/employments", _get(lambda _: f"/enterprises/{ENTERPRISE}/employments"), STANDING),
    "overrides": (f"{_OF}/entitlements", _get(lambda _: f"/enterprises/{ENTERPRISE}/entitlements"), EMPLOYED),
    "overrides of one": (
        f"{_OF}/entitlements",
        _get(lambda case: f"/enterprises/{ENTERPRISE}/entitlements?employment={employment(case)}"),
        EMPLOYED,
    ),
    "an override": (
        "/internal/entitlements/{entitlement}",
        _get(lambda case: f"/entitlements/{figure(case)}"),
        EMPLOYED,
    ),
    "an employment": (
        "/internal/employments/{employment_id}",
        _get(lambda case: f"/employments/{employment(case)}"),
        EMPLOYED,
    ),
    "a ledger": (
        "/internal/employments/{employment_id}/ledger",
        _get(lambda case: f"/employments/{employment(case)}/ledger"),
        EMPLOYED,
    ),
    "a ledger as known once": (
        "/internal/employments/{employment_id}/ledger",
        _get(lambda case: f"/employments/{employment(case)}/ledger?knownOn=2026-03-02"),
        EMPLOYED,
    ),
    "what if": (
        "/internal/what-if",
        lambda client, headers, case: client.post(
            "/internal/what-if", headers=headers, json={"employment": employment(case), "asOf": "2026-03-02"}
        ),
        STANDING,
    ),
    "effects of an override": (
        "/internal/entitlements/effects",
        lambda client, headers, case: client.post(
            "/internal/entitlements/effects",
            headers=headers,
            json={
                "enterprise": ENTERPRISE,
                "employments": [employment(case)],
                "year": 2026,
                "basis": "resultingDays",
                "days": "9",
                "reason": "agreed",
            },
        ),
        STANDING,
    ),
}
# What these answer names nobody: where nothing may be read, nothing is found.
NAMES_NOBODY = ("what if", "effects of an override")
NOT_ABOUT_SOMEBODY = {
    "/internal/arrangement", "/internal/generalRule", "/internal/jointCommittees", _OF, "/internal/recalculations",
    f"{_OF}/enterpriseEntitlements", "/internal/enterpriseEntitlements/{entitlement}",
}  # fmt: skip


def test_every_question_is_among_those_that_are_tried() -> None:
    routes = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert routes == {route for route, *_ in READS.values()} | NOT_ABOUT_SOMEBODY


@pytest.mark.parametrize("name", READS)
async def test_a_former_employer_reads_nothing_of_whoever_left(client: httpx.AsyncClient, name: str) -> None:
    _, ask, cases = READS[name]

    async def shown(scope: Scope) -> dict[str, bool]:
        headers, found = InternalTokens(KEY).authorization(scope), {}
        for case in cases:
            answer = await ask(client, headers, case)
            assert answer.status_code in (200, 404), answer.text
            about = person(case) in answer.text or name in NAMES_NOBODY
            found[case.name] = answer.status_code == 200 and about and "employmentNotFound" not in answer.text
        return found

    assert await shown(CLOSING) == expected(cases)
    for everyone in (OPEN, INSPECTOR):
        assert await shown(everyone) == dict.fromkeys(expected(cases), True)


async def test_pages_count_what_they_show(client: httpx.AsyncClient) -> None:
    headers = InternalTokens(KEY).authorization(CLOSING)
    found = (await client.get(f"/internal/enterprises/{ENTERPRISE}/entitlements", headers=headers)).json()
    assert found["total"] == len(found["items"]) == sum(expected(EMPLOYED).values())


async def test_a_person_reads_the_own_ledger_for_life(client: httpx.AsyncClient) -> None:
    for case in EMPLOYED:
        own = Scope(ActorKind.PERSON, person(case), person=person(case), open_since=OPEN_SINCE)
        headers = InternalTokens(KEY).authorization(own)
        assert (await READS["a ledger"][1](client, headers, case)).status_code == 200


async def test_a_query_that_forgets_its_condition_still_finds_nobody_who_left(leaving: Entitlements) -> None:
    about_people = await leaving.fetch(
        "select c.table_name as name from information_schema.columns c join pg_class t on t.relname = c.table_name"
        " where c.column_name = 'person' and t.relkind = 'r' and c.table_schema = 'public'"
    )
    tables = {row["name"] for row in about_people} - {"ended_access"}
    assert {"account", "employment", "employment_version", "training", "ledger_line", "balance"} < tables
    for table in sorted(tables):
        everyone = await leaving.fetch(f"select distinct person::text as person from {table}")
        there = tuple(case for case in CASES if person(case) in {row["person"] for row in everyone})
        async with reading(leaving.engine, CLOSING) as connection:
            found = set((await connection.execute(text(f"select person::text from {table}"))).scalars())
        assert {case.name: person(case) in found for case in there} == expected(there), table


async def test_what_was_known_before_the_release_is_closed_by_its_migration(leaving: Entitlements) -> None:
    kept = await leaving.fetch("select * from ended_access order by person")
    await leaving.fetch("truncate ended_access")
    await leaving.fetch(filling(LAST_DAY))
    assert await leaving.fetch("select * from ended_access order by person") == kept
    assert kept
