"""To an inspector every enterprise is open: one is looked up when a page is about it, none is loaded for nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import Request

from services.gateway.access import registered_enterprises as registered
from services.gateway.web.enterprises import enterprises
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.visitor import Visitor, visitor_of
from shared.access.scope import Role
from shared.text import folded
from tests.support.access.cast import At, Right, Someone
from tests.support.access.gateway import Visit, World
from tests.support.access.places import enterprise_number

INSPECTOR = Visit(Someone("inspects", (Right(Role.INSPECTOR, At.NOBODY),)), 0)
MANY = [enterprise_number(5_000 + serial) for serial in range(60)]


@pytest.fixture(scope="module")
async def inspected(world: World) -> World:
    await world.add_visits([INSPECTOR])
    for serial, number in enumerate(MANY):
        await registered.add(world.database, number, f"Bäckerei {serial:02} d’Hondt", "test")
    return world


@pytest.fixture
async def browser(inspected: World) -> AsyncIterator[httpx.AsyncClient]:
    """An inspector's browser; no enterprise is chosen."""
    await inspected.database.execute("update session set acting_for = null where person = $1", INSPECTOR.person)
    async with inspected.browser(INSPECTOR) as found:
        found.headers["accept-language"] = "en"
        yield found


async def _visitor(world: World) -> Visitor:
    cookie = "; ".join(f"{name}={value}" for name, value in INSPECTOR.cookies.items()).encode()
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"",
                       "headers": [(b"cookie", cookie)], "app": world.app})  # fmt: skip
    return await visitor_of(request)


async def test_no_enterprise_is_loaded_before_one_is_chosen(inspected: World, browser: httpx.AsyncClient) -> None:
    assert (await _visitor(inspected)).enterprises == {}
    assert (await browser.get(f"/enterprises/{MANY[3]}/employees")).status_code == 200
    chosen = await browser.post("/parties", data={"enterprise": MANY[3], "csrf_token": masked(INSPECTOR.csrf)})
    assert chosen.headers["location"] == f"/enterprises/{MANY[3]}"
    assert list((await _visitor(inspected)).enterprises) == [MANY[3]]


async def test_an_enterprise_that_is_not_registered_is_refused(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(f"/enterprises/{enterprise_number(9_999)}/employees")).status_code == 403


async def test_enterprises_are_found_by_name_and_number_however_typed(browser: httpx.AsyncClient) -> None:
    for typed in ("BACKEREI 07", "bäckerei 07 dhondt", MANY[7], f"{MANY[7][:4]}.{MANY[7][4:7]}.{MANY[7][7:]}"):
        page = await browser.get("/parties", params={"q": typed})
        assert "Bäckerei 07" in page.text and "Bäckerei 08" not in page.text, typed
    assert "Bäckerei" not in (await browser.get("/parties", params={"q": "100%"})).text


async def test_a_name_that_the_release_before_wrote_is_found(inspected: World, browser: httpx.AsyncClient) -> None:
    await inspected.database.execute("update enterprise set folded_name = null where number = $1", MANY[9])
    assert "Bäckerei 09" in (await browser.get("/parties", params={"q": "BÄCKEREI 09"})).text
    await inspected.database.execute(
        "update enterprise set folded_name = $2 where number = $1", MANY[9], folded("Bäckerei 09 d’Hondt")
    )


async def test_the_list_has_pages_in_order_of_name(browser: httpx.AsyncClient) -> None:
    pages = [(await browser.get("/enterprises", params={"q": "backerei", "page": at})).text for at in (1, 2, 3)]
    shown = [[serial for serial in range(60) if f"Bäckerei {serial:02}" in page] for page in pages]
    assert shown == [list(range(25)), list(range(25, 50)), list(range(50, 60))]
    last = await browser.get("/enterprises", params={"q": "backerei", "sort": "-name"})
    assert last.text.index("Bäckerei 59") < last.text.index("Bäckerei 35")


async def test_too_many_to_sort_by_figures_are_sorted_by_name_and_the_page_says_so(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enterprises, "MOST_SORTED", 59)
    page = await browser.get("/enterprises", params={"q": "backerei", "sort": "-available"})
    assert "too many enterprises to sort by figures" in page.text
    assert "Bäckerei 24" in page.text and "Bäckerei 25" not in page.text
    monkeypatch.setattr(enterprises, "MOST_SORTED", 60)
    page = await browser.get("/enterprises", params={"q": "backerei", "sort": "-available"})
    assert "too many enterprises" not in page.text
