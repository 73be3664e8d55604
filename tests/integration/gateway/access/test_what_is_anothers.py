"""Whoever may write at one enterprise reaches nothing of another through its pages: neither by address nor by form."""

import asyncio

import pytest

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
            fields = (row.form(visit) if row.form else {}) | {"csrf_token": visit.csrf, "submission_key": "k"}
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
        "employees": other.employment, "enterpriseNumber": other.number, "csrf_token": visit.csrf, "submission_key": "k"
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
    fields = {"enterpriseNumber": number, "name": "Mine now", "jointCommittees": "200", "csrf_token": visit.csrf,
              "submission_key": f"claim {number}"}  # fmt: skip
    async with world.browser(visit) as browser:
        return (await browser.post("/enterprises/new", data=fields)).status_code


@pytest.mark.parametrize("visit", VISITS, ids=lambda v: v.someone.name)
async def test_a_registered_enterprise_is_claimed_by_nobody(visited: World, visit: Visit) -> None:
    """Who writes there by a right of its own may tell it again; for everybody else it is somebody's already, also for
    a mandatary, an inspector and whoever could once.
    """
    writing = {Role.LEGAL_REPRESENTATIVE, Role.ACCESS_MANAGER, Role.EMPLOYER_WRITE}
    own = any(r.at is At.TARGET and r.force.holds and r.role in writing for r in visit.someone.rights)
    rights = await _rights_at(visited, visit.target)
    assert await _claim(visited, visit, visit.target.number) == (303 if own else 422)
    assert await _rights_at(visited, visit.target) == rights, "nobody got a right by it"
    expected = [("web", visit.target.number)] if own else []
    assert await visited.submitted_by(visit.actor) == expected


async def _rights_at(world: World, place: Place) -> int:
    return int(await world.database.fetchval("select count(*) from access_right where enterprise = $1", place.number))


async def test_of_two_who_claim_at_once_one_gets_it(visited: World) -> None:
    """And only that one acts for it from then on, at once."""
    first, second = VISITS[0], WRITES_AT_BOTH
    number = first.unregistered.number
    answers = await asyncio.gather(_claim(visited, first, number), _claim(visited, second, number))
    assert sorted(answers) == [303, 422]
    winner = first if answers[0] == 303 else second
    for visit in (first, second):
        async with visited.browser(visit) as browser:
            seen = (await browser.get(f"/enterprises/{number}/facts")).status_code
            assert seen == (200 if visit is winner else 403)


@pytest.mark.parametrize(
    ("serial", "change", "can_be_claimed"),
    [
        (9_500, "valid_from = current_date + 30", False),
        (9_501, "withdrawn_at = now()", True),
        (9_502, "valid_until = current_date - 30", True),
    ],
    ids=["will represent it", "did until it was withdrawn", "did for a time"],
)
async def test_an_enterprise_that_somebody_else_represents_is_not_claimed(
    visited: World, serial: int, change: str, can_be_claimed: bool
) -> None:
    """Not registered yet, but somebody was given a right on it: that decides, as long as it is or will be one."""
    number, other = Place(serial).number, VISITS[4]
    await visited.database.execute(
        "insert into access_right (id, person, role, enterprise, granted_by)"
        " values (gen_random_uuid(), $1, 'legalRepresentative', $2, 'test')",
        other.person, number,
    )  # fmt: skip
    await visited.database.execute(f"update access_right set {change} where enterprise = $1", number)
    assert await _claim(visited, VISITS[3], number) == (303 if can_be_claimed else 422)
