"""Who may see a training, and what it was like before: the questions the gateway asks on behalf of people."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from services.registration.queries import ROUTERS
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Scope
from tests.integration.registration.conftest import Registration
from tests.support.declarations import ENTERPRISE, cancellation, content, correction, person, training_id
from tests.support.declarations import registration as declared

KEY = "a key that only these tests know, long enough"
EMPLOYER = Scope(ActorKind.PERSON, person(99), enterprises=frozenset({ENTERPRISE}))
OTHER_EMPLOYER = Scope(ActorKind.PERSON, person(98), enterprises=frozenset({"0400000022"}))
EMPLOYEE = Scope(ActorKind.PERSON, person(), person=person())
OTHER_EMPLOYEE = Scope(ActorKind.PERSON, person(1), person=person(1))
INSPECTOR = Scope(ActorKind.PERSON, person(97), enterprises="all")
MARCH, APRIL, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5))


class Asker:
    """Asks as the gateway does: with the scope signed into the request."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._tokens = InternalTokens(KEY)

    async def training(self, scope: Scope, id_: str) -> httpx.Response:
        return await self._client.get(f"/internal/trainings/{id_}", headers=self._tokens.authorization(scope))

    async def query(self, scope: Scope, **body: object) -> list[dict[str, object]]:
        answer = await self._client.post(
            "/internal/trainings/query", json=body, headers=self._tokens.authorization(scope)
        )
        assert answer.status_code == 200, answer.text
        items: list[dict[str, object]] = answer.json()["items"]
        return items


@pytest.fixture
async def asker(registration: Registration) -> AsyncIterator[Asker]:
    class Messaging:
        engine = registration.engine

    app = FastAPI()
    app.state.messaging = Messaging()
    app.state.internal_tokens = InternalTokens(KEY)
    for router in ROUTERS:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registration") as client:
        await registration.receives(declared(1), declared(2, "R2", person=person(1)), now=MARCH)
        await registration.receives(correction(3, reason="four hours too many"), now=APRIL)
        await registration.receives(cancellation(4), now=MAY)
        yield Asker(client)


async def test_the_history_of_a_training_is_complete_and_newest_first(asker: Asker) -> None:
    answer = (await asker.training(EMPLOYER, training_id())).json()
    assert answer["training"] == answer["versions"][0]
    shown = [
        (version["version"], version["change"], version["recordedAt"], version.get("supersededAt"))
        for version in answer["versions"]
    ]
    march, april, may = (moment.isoformat() for moment in (MARCH, APRIL, MAY))
    assert shown == [
        (3, "cancelled", may, None), (2, "corrected", april, may), (1, "registered", march, april),
    ]  # fmt: skip
    assert answer["versions"][0]["content"] == content(minutes=456, status="cancelled")
    assert answer["versions"][1]["reason"] == "four hours too many"
    assert answer["versions"][2]["content"] == content()
    assert answer["versions"][2]["actor"] == f"person:{person(99)}"


@pytest.mark.parametrize(("scope", "status"), [
    (EMPLOYER, 200), (EMPLOYEE, 200), (INSPECTOR, 200), (OTHER_EMPLOYER, 404), (OTHER_EMPLOYEE, 404),
])  # fmt: skip
async def test_a_training_is_shown_to_its_employer_and_its_person_only(asker: Asker, scope: Scope, status: int) -> None:
    assert (await asker.training(scope, training_id())).status_code == status


async def test_an_unknown_training_is_not_found_and_a_crooked_id_is_refused(asker: Asker) -> None:
    assert (await asker.training(INSPECTOR, training_id("R9"))).status_code == 404
    assert (await asker.training(INSPECTOR, "R9")).status_code == 422


async def test_many_are_asked_at_once_and_others_left_out(asker: Asker) -> None:
    ids = [training_id(), training_id("R2"), training_id("R9")]
    assert {item["training"]: item["version"] for item in await asker.query(EMPLOYER, ids=ids)} == {
        training_id(): 3, training_id("R2"): 1,
    }  # fmt: skip
    assert [item["training"] for item in await asker.query(OTHER_EMPLOYEE, ids=ids)] == [training_id("R2")]
    assert await asker.query(OTHER_EMPLOYER, ids=ids) == []
    assert await asker.query(EMPLOYER, ids=[]) == []


async def test_what_was_known_at_a_moment_can_be_asked(asker: Asker) -> None:
    """Bitemporal: "what did we know on 10 April about 2024" has an answer."""
    [then] = await asker.query(EMPLOYER, ids=[training_id()], asKnownAt="2026-04-10T00:00:00Z")
    assert (then["version"], then["content"]) == (2, content(minutes=456))
    assert await asker.query(EMPLOYER, ids=[training_id()], asKnownAt="2026-02-01T00:00:00Z") == []


async def test_a_question_without_a_scope_is_not_answered(asker: Asker) -> None:
    assert (await asker._client.get(f"/internal/trainings/{training_id()}")).status_code == 401
