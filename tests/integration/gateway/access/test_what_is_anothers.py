"""Whoever may write at one enterprise reaches nothing of another through its pages: neither by address nor by form."""

import asyncio

import pytest

from services.gateway.representation.claim_decision import may_ask
from services.gateway.web.kit.masking import masked
from shared.access.scope import Role
from tests.support.access.cast import At, Right, Someone, everybody
from tests.support.access.gateway import Visit, World
from tests.support.access.places import Place
from tests.support.access.web_rows import ROWS, Who

VISITS = [Visit(someone, serial) for serial, someone in enumerate(everybody()) if someone.signed_in]
WRITES_AT_BOTH = Visit(
    Someone("writes at both", (Right(Role.EMPLOYER_WRITE, At.TARGET), Right(Role.EMPLOYER_WRITE, At.ELSEWHERE))), 2_000
)
WRITERS = [visit for visit in VISITS if visit.someone.name == "employerWrite of its own, in force"] + [WRITES_AT_BOTH]


@pytest.fixture(scope="module")
async def visited(world: World) -> World:
    await world.add_visits([*VISITS, WRITES_AT_BOTH])
    return world


@pytest.mark.parametrize("visit", WRITERS, ids=lambda v: v.someone.name)
async def test_anothers_things_are_not_at_ones_own_address(visited: World, visit: Visit) -> None:
    other = visit.places[At.ELSEWHERE]
    things = {"employment": other.employment, "training": other.training, "entitlement": other.entitlement,
              "batch": Place(9_000).batch}  # fmt: skip
    async with visited.browser(visit) as browser:
        for row in ROWS:
            named = [name for name in things if f"{{{name}}}" in row.path]
            if row.who is Who.ANYONE or not named:
                continue
            address = row.path.format(number=visit.target.number, **things)
            fields = (row.form(visit) if row.form else {}) | {"csrf_token": masked(visit.csrf), "submission_key": "k"}
            answer = await browser.request(row.method, address, data=fields if row.form else None)
            assert answer.status_code == 403, (row, answer.text[:300])
    assert await visited.submitted_by(visit.actor) == []


@pytest.mark.parametrize("visit", WRITERS, ids=lambda v: v.someone.name)
@pytest.mark.parametrize("path", ["trainings/new", "entitlements/new"])
async def test_a_form_that_ticks_anothers_employee_registers_nothing(visited: World, visit: Visit, path: str) -> None:
    row = next(row for row in ROWS if row.method == "POST" and row.path.endswith(f"/{path}"))
    assert row.form is not None
    other = visit.places[At.ELSEWHERE]
    fields = row.form(visit) | {
        "employees": other.employment, "enterpriseNumber": other.number, "csrf_token": masked(visit.csrf),
        "submission_key": "k",
    }  # fmt: skip
    async with visited.browser(visit) as browser:
        answer = await browser.post(row.address(visit), data=fields)
        assert answer.status_code == 422
        page = await browser.get(f"{row.address(visit)}?employee={other.employment}")
        assert f'value="{other.employment}"' not in page.text
        # Searching again keeps whom it ticked: who that is must not be told.
        found = await browser.post(row.address(visit), data=fields | {"action": "search", "employeeSearch": "nobody"})
        assert found.status_code == 200
        assert f'value="{other.employment}"' not in found.text
    assert await visited.submitted_by(visit.actor) == []


async def _claim(world: World, visit: Visit, number: str) -> int:
    fields = {"enterpriseNumber": number, "name": "Mine now", "jointCommittees": "200",
              "csrf_token": masked(visit.csrf), "submission_key": f"claim {number}"}  # fmt: skip
    async with world.browser(visit) as browser:
        return (await browser.post("/enterprises/new", data=fields)).status_code


@pytest.mark.parametrize("visit", VISITS, ids=lambda v: v.someone.name)
async def test_asking_for_an_enterprise_gives_no_right_to_it(visited: World, visit: Visit) -> None:
    """Its legal representative may tell it again; whoever else asks waits for the operator, an office cannot ask."""
    own = any(r.at is At.TARGET and r.force.holds and r.role is Role.LEGAL_REPRESENTATIVE for r in visit.someone.rights)
    rights = await _rights_at(visited, visit.target)
    answer = await _claim(visited, visit, visit.target.number)
    assert answer == (303 if may_ask(visit.someone.held) else 403)
    assert await _rights_at(visited, visit.target) == rights, "nobody got a right by it"
    expected = [("web", visit.target.number)] if own else []
    assert await visited.submitted_by(visit.actor) == expected


async def _rights_at(world: World, place: Place) -> int:
    return int(await world.database.fetchval("select count(*) from access_right where enterprise = $1", place.number))


async def test_of_two_who_claim_at_once_nobody_gets_in(visited: World) -> None:
    """Both wait for the operator: none acts for it."""
    first, second = VISITS[0], WRITES_AT_BOTH
    number = first.unregistered.number
    answers = await asyncio.gather(_claim(visited, first, number), _claim(visited, second, number))
    assert answers == [303, 303]
    for visit in (first, second):
        async with visited.browser(visit) as browser:
            assert (await browser.get(f"/enterprises/{number}/facts")).status_code == 403


@pytest.mark.parametrize("act", ["", "/withdraw", "/close"])
async def test_a_claim_is_its_askers_alone(visited: World, act: str) -> None:
    first, second = VISITS[0], WRITES_AT_BOTH
    async with visited.browser(second) as browser:
        address = f"/claims/{first.own_claim}{act}"
        form = {"csrf_token": masked(second.csrf)}
        answer = await (browser.post(address, data=form) if act else browser.get(address))
    assert answer.status_code == 403
    state = "select state from representation_claim where id = $1"
    assert await visited.database.fetchval(state, first.own_claim) == "pending"
