"""If these failed, someone would read about people and enterprises that are not theirs."""

from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from services.dashboard.queries.asking import QuestionConnections
from shared.access.scope import ActorKind, Role, Scope
from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import OPERATOR, Dashboard, citizen, employer

OURS, THEIRS = "0200000037", "0200000136"
ANNA, BRAM = examples.identifier("anna"), examples.identifier("bram")


@pytest.fixture
async def two_employers(dashboard: Dashboard) -> Dashboard:
    """Anna works for both enterprises, Bram for the other one only."""
    await dashboard.project(
        [
            examples.enterprise(OURS, name="Onze bakkerij"),
            examples.enterprise(THEIRS, name="Hun garage"),
            examples.employment("anna ours", ANNA, enterprise=OURS),
            examples.employment("anna theirs", ANNA, enterprise=THEIRS),
            examples.employment("bram", BRAM, enterprise=THEIRS),
            examples.training("anna ours", ANNA, enterprise=OURS),
            examples.training("anna theirs", ANNA, enterprise=THEIRS),
            examples.training("bram", BRAM, enterprise=THEIRS),
            examples.balances("anna ours", ANNA, examples.year(2026, granted="5"), enterprise=OURS),
            examples.balances("anna theirs", ANNA, examples.year(2026, granted="2"), enterprise=THEIRS),
        ]
    )
    return dashboard


@pytest.mark.parametrize(
    "path",
    [
        f"/enterprises/{THEIRS}",
        f"/enterprises/{THEIRS}/summary?year=2026",
        f"/enterprises/{THEIRS}/employees?year=2026",
        f"/enterprises/{THEIRS}/employees/ids?year=2026",
        f"/enterprises/{THEIRS}/trainings",
        f"/employments/{examples.identifier('employment', 'bram')}",
        f"/persons/{ANNA}",
        f"/changes?enterprise={THEIRS}",
        f"/changes?person={ANNA}",
    ],
)
async def test_another_enterprise_does_not_exist_for_an_employer(two_employers: Dashboard, path: str) -> None:
    assert (await two_employers.ask(path, employer(OURS))).status_code == 404


async def test_an_employer_sees_its_own_side_of_someone_who_works_elsewhere_too(two_employers: Dashboard) -> None:
    trainings = await two_employers.answer(f"/enterprises/{OURS}/trainings", employer(OURS), person=ANNA)
    employment = await two_employers.answer(
        f"/employments/{examples.identifier('employment', 'anna ours')}", employer(OURS)
    )

    assert [t["enterprise"] for t in trainings["items"]] == [OURS]
    assert [t["enterprise"] for t in employment["trainings"]["items"]] == [OURS]
    assert employment["others"] == []


async def test_an_employment_of_another_enterprise_is_no_filter_either(two_employers: Dashboard) -> None:
    bram = examples.identifier("employment", "bram")

    response = await two_employers.ask(f"/enterprises/{OURS}/trainings", employer(OURS), employment=bram)

    assert response.status_code == 404


async def test_an_employer_who_is_an_employee_elsewhere_does_not_see_that_employer(two_employers: Dashboard) -> None:
    anna = employer(OURS, person=ANNA)

    assert (await two_employers.ask(f"/enterprises/{THEIRS}/trainings", anna)).status_code == 404
    overview = await two_employers.answer("/enterprises", anna, year=2026)
    assert [item["enterprise"] for item in overview["items"]] == [OURS]


async def test_a_person_sees_oneself_at_every_employer_and_nobody_else(two_employers: Dashboard) -> None:
    account = await two_employers.answer(f"/persons/{ANNA}", citizen(ANNA))

    assert {e["enterprise"] for e in account["employments"]} == {OURS, THEIRS}
    assert account["trainings"]["total"] == 2
    assert (await two_employers.ask(f"/persons/{BRAM}", citizen(ANNA))).status_code == 404
    assert (await two_employers.ask(f"/enterprises/{OURS}/summary?year=2026", citizen(ANNA))).status_code == 404


async def test_a_mandatary_sees_its_mandates_side_by_side_and_only_those(two_employers: Dashboard) -> None:
    named = {"year": 2026, "number": [OURS, THEIRS, "0200000235"]}

    both = await two_employers.answer("/enterprises", employer(OURS, THEIRS), year=2026)
    one = await two_employers.answer("/enterprises", employer(OURS), **named)

    assert [item["name"] for item in both["items"]] == ["Hun garage", "Onze bakkerij"]
    assert [item["enterprise"] for item in one["items"]] == [OURS]


async def test_a_new_mandate_shows_before_anything_is_known_of_the_enterprise(two_employers: Dashboard) -> None:
    overview = await two_employers.answer("/enterprises", employer(OURS, "0200000235"), year=2026)

    new = overview["items"][-1]
    assert (new["enterprise"], new["employees"], new["trainings"], new["available"]) == ("0200000235", 0, 0, "0")
    assert "name" not in new
    assert "lastRegistration" not in new


async def test_an_inspector_finds_every_enterprise(two_employers: Dashboard) -> None:
    inspector = Scope(ActorKind.PERSON, "inspector", enterprises="all", roles=frozenset({Role.INSPECTOR}))

    overview = await two_employers.answer("/enterprises", inspector, year=2026, text="garage")

    assert [item["enterprise"] for item in overview["items"]] == [THEIRS]


async def test_totals_are_for_operators(two_employers: Dashboard) -> None:
    assert (await two_employers.ask("/totals", employer(OURS))).status_code == 403
    assert (await two_employers.answer("/totals", OPERATOR))["trainings"] == 3


async def test_without_a_token_nothing_is_answered(two_employers: Dashboard) -> None:
    transport = httpx.ASGITransport(two_employers.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dashboard") as client:
        assert (await client.get(f"/internal/enterprises/{OURS}/summary?year=2026")).status_code == 401


@pytest.mark.parametrize("table", ["training", "employment", "balance", "enterprise"])
async def test_a_query_that_forgets_its_condition_still_finds_nothing_of_others(
    two_employers: Dashboard, table: str
) -> None:
    questions: QuestionConnections = two_employers.app.state.questions
    column = "number" if table == "enterprise" else "enterprise"
    everything = text(f"select distinct {column} from {table}")

    async with questions.reading(employer(OURS)) as connection:
        assert (await connection.execute(everything)).scalars().all() == [OURS]
    async with questions.reading(replace(employer(), person=None)) as connection:
        assert (await connection.execute(everything)).scalars().all() == []
    async with questions.reading(OPERATOR) as connection:
        assert set((await connection.execute(everything)).scalars()) == {OURS, THEIRS}
