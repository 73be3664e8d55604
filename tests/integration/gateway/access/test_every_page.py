"""Every page and form x everybody who may come x whether what they have is in force: open or refused, as said.

Lost otherwise: somebody's data to who may not see it, or the product to who may. The people are in
`tests/support/access/cast.py`, the routes in `web_rows.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from services.gateway.web.kit import access
from services.gateway.web.kit.csrf import posted_form
from services.gateway.web.kit.masking import masked
from shared.access.scope import ActorKind, Role, Scope
from tests.support.access.api_rows import INTERNAL
from tests.support.access.api_rows import ROWS as API_ROWS
from tests.support.access.cast import Someone, everybody
from tests.support.access.gateway import HOST_COOKIE, Visit, World
from tests.support.access.web_rows import ROWS, Row, Who

VISITS = [Visit(someone, serial) for serial, someone in enumerate(everybody())]
# What takes away something comes after what needs it.
IN_ORDER = sorted(ROWS, key=lambda row: (row.last, row.method == "POST" and row.path.endswith("/cancel")))


@pytest.fixture(scope="module")
async def visited(world: World) -> World:
    await world.add_visits(VISITS)
    return world


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything the app answers; files under /static are open to anyone."""
    for route in iter_route_contexts(app.routes):
        if route.path != "/static":
            assert route.methods, f"{route.path}: a kind of route that no row can describe"
            yield from ((method, str(route.path)) for method in route.methods - {"HEAD", "OPTIONS"})


def test_every_route_has_a_row(world: World) -> None:
    """Lost: the rules for a new page, which nobody would test."""
    described = {(row.method, row.path) for row in (*ROWS, *API_ROWS)} | set(INTERNAL)
    there = set(routes_of(world.app))
    assert sorted(there - described) == [], (
        "say who may have these: add a Row to tests/support/access/web_rows.py (pages and forms) or api_rows.py"
    )
    assert sorted(described - there) == [], "these are described and not there: take their rows away"


SAID: dict[Who, tuple[Callable[..., Any], ...]] = {
    Who.ANYONE: (),
    Who.SIGNED_IN: (access.signed_in,),
    Who.READER: (access.read_access,),
    Who.WRITER: (access.write_access,),
    Who.FILES_READER: (access.acting_read_access,),
    Who.FILES_WRITER: (access.acting_write_access,),
    Who.OPERATOR: (access.operator,),
    Who.CLAIMANT: (access.claimant,),
    # It is another's: whoever signed in may ask, and nobody of the cast gets it.
    Who.NOBODY: (access.signed_in, access.claimant),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.path}{row.query}")
def test_a_route_says_in_its_signature_who_may(world: World, row: Row) -> None:
    """Lost: a rule that a reader of the code does not see, and that the next change forgets."""
    [route] = [r for r in iter_route_contexts(world.app.routes) if r.path == row.path and row.method in r.methods]
    said = {d.call for d in route.dependant.dependencies} & {call for calls in SAID.values() for call in calls}
    if row.path == "/parties" and row.method == "POST":
        assert said == {access.signed_in}, "which enterprise it is stands in the form"
    elif row.who is Who.ANYONE:
        assert said == set()
    else:
        assert len(said) == 1 and said <= set(SAID[row.who])
    if row.form is not None and not row.file and row.path != "/sign-out":
        assert posted_form in {d.call for d in route.dependant.dependencies}, "the form's token is not checked"


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.someone.name)
async def test_pages_and_forms(visited: World, visit: Visit) -> None:
    wrong: list[str] = []
    expected: list[tuple[str, str]] = []
    async with visited.browser(visit) as browser:
        for n, row in enumerate(IN_ORDER):
            told = await _try(visited, browser, visit, row, n)
            wrong += [f"{row.method} {row.path}{row.query}: {one}" for one in told]
            if row.open_to(visit) and (sender := row.sender(visit)):
                expected.append(sender)
    submitted = await visited.submitted_by(visit.actor)
    if Counter(submitted) != Counter(expected):
        wrong.append(f"submitted {sorted(submitted)}, expected {sorted(expected)}")
    assert not wrong, "\n".join(wrong)


_IN_ADDRESSES = {"employee", "year", "other", "sort", "expired", "failed"}
"""What a redirect may name: what was done, to whom, and any other text is told on the page alone."""


async def _try(world: World, browser: httpx.AsyncClient, visit: Visit, row: Row, n: int) -> list[str]:
    """What is wrong with the answers to one route, wrong CSRF tokens included."""
    is_open = row.open_to(visit)
    wrong: list[str] = []
    if row.form is not None and is_open and visit.someone.signed_in:
        for token in ("", "csrf-of-someone-else"):
            answer = await _send(world, browser, visit, row, f"{n}", token)
            changed = [asked.path for asked in world.behind.asked if asked.method != "GET"]
            if answer.status_code != 419 or changed:
                wrong.append(f"{answer.status_code} and {changed} with the CSRF token {token!r}")
    answer = await _send(world, browser, visit, row, f"{n}", visit.csrf)
    if is_open:
        if answer.status_code not in row.taken:
            wrong.append(f"{answer.status_code} for who may: {_seen(answer)}")
        next_page = answer.headers.get("location", "")
        if next_page.startswith("/") and (said := set(parse_qs(urlsplit(next_page).query)) - _IN_ADDRESSES):
            wrong.append(f"{said} in the address of the next page")
        wrong += [f"asked {asked.path} as {asked.scope}" for asked in world.behind.told_of_someone()
                  if not _is_right(asked.scope, visit, row)]  # fmt: skip
    else:
        refusal = _refusal(visit.someone, row)
        if (answer.status_code, answer.headers.get("location")) != refusal:
            wrong.append(f"{answer.status_code} {answer.headers.get('location')}, not {refusal}: {_seen(answer)}")
        if world.behind.told_of_someone():
            wrong.append(f"asked {[asked.path for asked in world.behind.told_of_someone()]} all the same")
    if world.behind.unsigned:
        wrong.append(f"asked without a token: {world.behind.unsigned}")
    return wrong


async def _send(
    world: World, browser: httpx.AsyncClient, visit: Visit, row: Row, key: str, csrf: str
) -> httpx.Response:
    world.behind.asked.clear()
    if row.form is None:
        return await browser.request(row.method, row.address(visit))
    fields = row.form(visit) | {"csrf_token": masked(csrf), "submission_key": key}
    files: Any = {"file": ("file.xml", f"<file of='{visit.serial}'/>".encode(), "text/xml")} if row.file else None
    return await browser.post(row.address(visit), data=fields, files=files)


def _refusal(someone: Someone, row: Row) -> tuple[int, str | None]:
    """Status and `Location`."""
    if someone.signed_in:
        return 403, None
    if row.method == "POST":
        return 419, None
    return 303, "/sign-in" if not Visit(someone, 0).cookies else "/sign-in?expired=true"


def _is_right(scope: Scope, visit: Visit, row: Row) -> bool:
    """Whether a question was asked as this person, for nothing else than the page is about."""
    if (scope.actor_kind, scope.actor_id) != (ActorKind.PERSON, visit.person):
        return False
    about_target = (scope.enterprises, scope.person, scope.roles) == (
        {visit.target.number}, None, visit.someone.roles
    )  # fmt: skip
    match row.who:
        case Who.OPERATOR:
            return (scope.enterprises, scope.person, scope.roles) == (frozenset(), None, {Role.OPERATOR})
        case Who.SIGNED_IN if row.path.startswith("/me"):
            return (scope.enterprises, scope.person, scope.roles) == (frozenset(), visit.person, {Role.CITIZEN})
        case Who.SIGNED_IN:  # the overview: what is open, whoever opens it
            return scope.enterprises != "all" and scope.person is None
    return about_target


def _seen(answer: httpx.Response) -> str:
    return " ".join(answer.text.split())[:300]


@pytest.mark.parametrize("visit", [v for v in VISITS if not v.someone.signed_in], ids=lambda v: v.someone.name)
async def test_parts_that_refresh_by_themselves_take_their_page_along(visited: World, visit: Visit) -> None:
    """Followed as a redirect, the sign-in page would stand in the middle of a dashboard."""
    async with visited.browser(visit) as browser:
        for row in ROWS:
            if row.method == "GET" and row.who is not Who.ANYONE:
                answer = await browser.get(row.address(visit), headers={"HX-Request": "true"})
                assert (answer.status_code, answer.headers.get("hx-redirect")) == (401, "/sign-in?expired=true"), row


def test_the_cast_is_complete() -> None:
    """Lost: a role that was added, and that no test plays."""
    played = {right.role for visit in VISITS for right in visit.someone.rights}
    assert played == set(Role)
    assert HOST_COOKIE in VISITS[0].cookies
