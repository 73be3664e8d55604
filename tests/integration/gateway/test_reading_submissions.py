"""`GET /submissions/{id}` is read with a scope of what was submitted, as the thing itself is."""

import itertools
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api import problems, submissions
from services.gateway.api.caller import Caller
from services.gateway.api.tracing import Tracing
from services.gateway.intake.declared import AREAS, DeclarationKind
from shared.database.engine import create_engine, driver, transaction
from shared.identifiers import new_id
from tests.support.migrated import migrated

MINE, THEIRS = "1999010345", "1999020144"
ADD = """
insert into submission (id, kind, channel, sender, actor, received_at, declared, completed_at, area)
values ($1::text::uuid, 'single', 'api', $2, 'client:test', now(), 1, now(), $3)
"""


@pytest.fixture
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("gateway", new_database()), 2)
    yield made
    await made.dispose()


@pytest.fixture
async def http(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """The API; who asks has the scopes in the header `X-Scopes`."""

    async def caller(request: Request) -> Caller:
        scopes = frozenset(f"scope:fla:{name}" for name in request.headers.get("x-scopes", "").split())
        return Caller("test", MINE, scopes, frozenset({MINE}))

    monkeypatch.setattr("services.gateway.api.caller._caller", caller)
    app = FastAPI(exception_handlers=problems.RESPONDERS)
    app.add_middleware(Tracing)
    app.state.gateway = SimpleNamespace(engine=engine)
    app.include_router(submissions.router, prefix="/api/v1")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client:
        yield client


async def added(engine: AsyncEngine, sender: str, area: str | None) -> str:
    submission = new_id()
    async with transaction(engine) as connection:
        await driver(connection).execute(ADD, submission, sender, area)
    return f"/api/v1/submissions/{submission}"


async def test_a_submission_is_read_with_a_scope_of_its_area(http: httpx.AsyncClient, engine: AsyncEngine) -> None:
    """Lost: what was declared about somebody's employment, to software that may only enter trainings."""
    for area, scope in itertools.product(AREAS, AREAS):
        address = await added(engine, MINE, area)
        for way in ("read", "write"):
            answer = await http.get(address, headers={"X-Scopes": f"{scope}:{way}"})
            assert answer.status_code == (200 if area == scope else 403), (area, scope)
            if area != scope:
                assert answer.json()["type"] == "urn:problem-type:belgif:missingScope"
                assert answer.json()["requiredScopes"] == [f"scope:fla:{area}:{w}" for w in ("read", "write")]


async def test_one_from_before_areas_were_kept_is_read_with_any_of_them(
    http: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    address = await added(engine, MINE, None)
    assert (await http.get(address, headers={"X-Scopes": "enterprises:read"})).status_code == 200
    assert (await http.get(address, headers={"X-Scopes": "parked:write"})).status_code == 403


async def test_without_any_scope_nothing_is_told_and_with_one_only_what_is_ones_own(
    http: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    theirs, unknown = await added(engine, THEIRS, "trainings"), f"/api/v1/submissions/{new_id()}"
    for address in (theirs, unknown):
        assert (await http.get(address)).status_code == 403
        assert (await http.get(address, headers={"X-Scopes": "trainings:read"})).status_code == 404


def test_every_declaration_has_an_area() -> None:
    assert {kind.area for kind in DeclarationKind} == set(AREAS) - {"batches"}
