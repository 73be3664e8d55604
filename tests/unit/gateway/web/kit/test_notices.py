"""A notice is shown once, to who did it, and no address makes a page say anything."""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response

from services.gateway.web.kit import notices as kit
from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.notices import forget_notice, notices, with_notice
from shared.i18n import Language
from tests.support.gateway_pages import gateway_stub

NAMES = "An Aerts, Çelik Yılmaz, Jean-François d’Hondt"


@pytest.fixture
async def browser() -> httpx.AsyncClient:
    app = FastAPI()
    app.state.gateway = gateway_stub()

    @app.get("/does")
    async def does(request: Request) -> Response:
        return see_other(request, with_notice("/shows?year=2026", "partly", count=2, refused=1, names=NAMES))

    @app.get("/shows")
    async def shows(request: Request) -> Response:
        response = Response(" ".join(one.text for one in notices(request, Language.ENGLISH)))
        forget_notice(request, response)
        return response

    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8080")


async def _done(browser: httpx.AsyncClient, cookies: Mapping[str, str] | None = None) -> httpx.Response:
    browser.cookies.update(cookies or {})
    return await browser.get("/does")


async def test_it_is_shown_once_and_stands_in_no_address(browser: httpx.AsyncClient) -> None:
    answer = await _done(browser)
    assert answer.headers["location"] == "/shows?year=2026"
    assert not any(name in value for name in NAMES.split(", ") for value in answer.headers.values())
    shown = await browser.get(answer.headers["location"])
    assert shown.text == f"Registered for 2; refused for 1: {NAMES}."
    assert (await browser.get("/shows")).text == ""


async def test_a_part_that_refreshes_by_itself_takes_it_from_no_page(browser: httpx.AsyncClient) -> None:
    await _done(browser)
    assert (await browser.get("/shows", headers={"HX-Request": "true"})).text == ""
    assert NAMES in (await browser.get("/shows")).text


async def test_another_session_in_the_same_browser_does_not_see_it(browser: httpx.AsyncClient) -> None:
    await _done(browser, {"fla_session": "of the first"})
    browser.cookies.set("fla_session", "of the second")
    assert (await browser.get("/shows")).text == ""


@pytest.mark.parametrize("forged", ["x", "a.b.c.d.e", ""])
async def test_nobody_else_can_write_one(browser: httpx.AsyncClient, forged: str) -> None:
    browser.cookies.set("fla_notice", forged)
    assert (await browser.get("/shows", params={"notice": "partly", "names": "anything"})).text == ""


def test_every_notice_is_one_that_some_page_gives() -> None:
    """Lost: words that four translators keep for nobody; or a notice that has none."""
    assert all(text for _, text in kit._TEXTS.values())
