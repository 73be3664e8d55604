"""A session opens its own person's pages and nothing else; what someone typed is not lost because it ended; and a
database that is away signs nobody out.
"""

from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from lxml import html

from services.gateway.web.kit.masking import masked, unmasked
from shared.access.scope import Role
from shared.database.engine import create_engine
from tests.support.access.cast import At, Right, SessionIs, Someone
from tests.support.access.gateway import ADDRESS, HOST_COOKIE, Visit, World
from tests.support.access.software import SCOPES

NEW_ENTERPRISE = "/enterprises/new"
TYPED = {"csrf_token": "of an earlier session", "submission_key": "k1", "name": "Bakkerij <De Klok>", "action": "send"}
FROM_OUR_PAGE = {"sec-fetch-site": "same-origin"}
DUTCH = {"accept-language": "nl"}

RIGHTS = (Right(Role.EMPLOYER_WRITE, At.TARGET),)
VISITS = {
    session: Visit(Someone(f"session {session}", RIGHTS, session=session), n) for n, session in enumerate(SessionIs)
}
SIGNED_IN = VISITS[SessionIs.GOOD]
SIGNED_OUT = [visit for session, visit in VISITS.items() if session is not SessionIs.GOOD]


@pytest.fixture(scope="module")
async def visited(world: World) -> World:
    await world.add_visits(list(VISITS.values()))
    return world


def _browser(world: World, visit: Visit | None) -> httpx.AsyncClient:
    return world.client(cookies=visit.cookies if visit else {}, headers=DUTCH)


def _hidden(page: Any) -> Mapping[str, str]:
    return {field.get("name"): field.get("value") for field in page.xpath("//main//form//input[@type='hidden']")}


async def test_who_signed_in_again_sends_the_form_once_more(visited: World) -> None:
    answer = await _browser(visited, SIGNED_IN).post(NEW_ENTERPRISE, data=TYPED, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    page = html.fromstring(answer.text)
    assert "Dit formulier stond te lang open" in page.xpath("string(//title)")
    assert page.xpath("//main//form/@action") == [NEW_ENTERPRISE]
    hidden = _hidden(page)
    assert unmasked(hidden.pop("csrf_token")).decode() == SIGNED_IN.csrf
    kept = {name: text for name, text in TYPED.items() if name != "csrf_token"}
    assert hidden == kept, "the same key: sent twice it still counts once"


@pytest.mark.parametrize("visit", SIGNED_OUT, ids=lambda v: v.someone.name)
async def test_who_is_signed_out_keeps_what_was_typed_until_signed_in_again(visited: World, visit: Visit) -> None:
    answer = await _browser(visited, visit).post(NEW_ENTERPRISE, data=TYPED, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    assert answer.headers["cache-control"] == "no-store"
    page = html.fromstring(answer.text)
    assert page.xpath("//main//a[@target='_blank']/@href") == ["/sign-in"]
    assert _hidden(page)["name"] == "Bakkerij <De Klok>"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {}])
async def test_what_another_site_sends_is_not_offered_to_be_sent(visited: World, headers: dict[str, str]) -> None:
    for visit in VISITS.values():
        answer = await _browser(visited, visit).post(NEW_ENTERPRISE, data=TYPED, headers=headers)
        assert answer.status_code == 419
        assert "Bakkerij" not in answer.text


async def test_an_old_browser_of_our_own_page_is_known_by_its_origin(visited: World) -> None:
    answer = await _browser(visited, None).post(NEW_ENTERPRISE, data=TYPED, headers={"origin": ADDRESS})
    assert "Bakkerij" in answer.text


async def test_a_file_is_not_kept_and_that_is_said(visited: World) -> None:
    sent = {"file": ("trainings.xml", b"<x/>", "text/xml")}
    browser = _browser(visited, None)
    answer = await browser.post("/batches/new", data=TYPED, files=sent, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    assert "Open het formulier opnieuw en vul het nog eens in." in answer.text
    assert "Bakkerij" not in answer.text


@pytest.mark.parametrize("visit", SIGNED_OUT, ids=lambda v: v.someone.name)
async def test_whoever_had_a_session_hears_that_it_ended(visited: World, visit: Visit) -> None:
    """And nobody else: who never signed in is not told that they did."""
    browser = _browser(visited, visit)
    expected = "/sign-in?expired=true" if visit.cookies else "/sign-in"
    assert (await browser.get("/me")).headers["location"] == expected
    assert ("Uw sessie is afgelopen" in (await browser.get(expected)).text) == bool(visit.cookies)


@pytest.mark.parametrize("visit", SIGNED_OUT, ids=lambda v: v.someone.name)
async def test_signing_out_twice_is_no_error(visited: World, visit: Visit) -> None:
    answer = await _browser(visited, visit).post("/sign-out", data=TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("part", ["employees", "trainings"])
async def test_a_page_beyond_the_last_leads_to_the_first(visited: World, part: str) -> None:
    """A list that became shorter does not say that there is nothing."""
    address = f"/enterprises/{SIGNED_IN.target.number}/{part}?sort=-startDate"
    answer = await _browser(visited, SIGNED_IN).get(f"{address}&page=9")
    assert (answer.status_code, answer.headers["location"]) == (303, address)


@asynccontextmanager
async def _database_away(world: World) -> Any:
    gateway = world.gateway
    nowhere = create_engine("postgresql://nobody:x@127.0.0.1:1/nothing", 1)
    world.app.state.gateway = replace(gateway, engine=nowhere)
    try:
        yield
    finally:
        world.app.state.gateway = gateway
        await nowhere.dispose()


@asynccontextmanager
async def _table_away(world: World) -> Any:
    """The server answers, and the statement fails."""
    await world.database.execute("alter table session rename to session_elsewhere")
    try:
        yield
    finally:
        await world.database.execute("alter table session_elsewhere rename to session")


@pytest.mark.parametrize("away", [_database_away, _table_away])
async def test_a_database_that_is_away_signs_nobody_out(visited: World, away: Any) -> None:
    """It is our failure, and said so: no way to the sign-in, no form that "stood open for too long", no lost cookie."""
    transport = httpx.ASGITransport(visited.app, raise_app_exceptions=False)
    options: dict[str, Any] = {"transport": transport, "base_url": ADDRESS, "headers": DUTCH}
    form = {"csrf_token": masked(SIGNED_IN.csrf), "submission_key": "k"}
    async with httpx.AsyncClient(cookies=SIGNED_IN.cookies, **options) as browser, away(visited):
        for answer in (
            await browser.get("/me"),
            await browser.get("/"),
            await browser.get("/sign-in"),
            await browser.get(f"/enterprises/{SIGNED_IN.target.number}"),
            await browser.get(f"/enterprises/{SIGNED_IN.target.number}/changes"),
            await browser.get("/me", headers={"HX-Request": "true"}),
            await browser.post("/sign-out", data=form),
            await browser.post("/parties", data=form | {"enterprise": SIGNED_IN.target.number}),
        ):
            # One that is there and fails is our fault; one that is away will be back.
            assert answer.status_code == (503 if away is _database_away else 500), answer.request.url
            assert "set-cookie" not in answer.headers
            assert '<html lang="nl"' in answer.text or "HX-Request" in str(answer.request.headers)
        missing = await browser.get("/there-is-no-such-page")
        assert missing.status_code == 404, "what is answered without the database stays what it is"
    async with _browser(visited, SIGNED_IN) as browser:
        assert (await browser.get("/me")).status_code == 200, "and afterwards everybody is where they were"


async def test_the_api_tells_that_the_failure_is_ours(visited: World) -> None:
    token = visited.access_token("nobody-looked-up-yet", SCOPES)
    transport = httpx.ASGITransport(visited.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as software, _database_away(visited):
        answer = await software.get("/api/v1/enterprises", headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem-type:belgif:serviceUnavailable")


async def test_the_cookie_itself_is_nowhere_in_the_database(visited: World) -> None:
    """A leaked table opens nothing: what is kept of the cookie cannot be shown as one."""
    kept = await visited.database.fetchval("select token_hash from session where person = $1", SIGNED_IN.person)
    for shown in (kept.hex(), kept.decode("latin-1").encode("ascii", "ignore").decode()):
        async with visited.client(headers={"cookie": f"{HOST_COOKIE}={shown}"}) as thief:
            assert (await thief.get("/me")).headers["location"] == "/sign-in?expired=true"
