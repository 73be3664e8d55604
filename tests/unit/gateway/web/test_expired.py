"""What someone typed is not lost because the session ended before it was sent; nobody else's form gets in that way."""

from collections.abc import Mapping
from typing import Any

import pytest
from lxml import html

from services.gateway.web.sessions import COOKIE, Session
from tests.support.gateway_pages import pages

NEW_ENTERPRISE = "/enterprises/new"
TYPED = {"csrf_token": "of an earlier session", "submission_key": "k1", "name": "Bakkerij <De Klok>", "action": "send"}
FROM_OUR_PAGE = {"sec-fetch-site": "same-origin"}


def _someone() -> Session:
    return Session("token", "018f0000-0000-7000-8000-000000000001", None, "the new token", "Els Vandamme")


def _hidden(page: Any) -> Mapping[str, str]:
    return {field.get("name"): field.get("value") for field in page.xpath("//main//form//input[@type='hidden']")}


async def test_who_signed_in_again_sends_the_form_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await pages(monkeypatch, _someone()).post(NEW_ENTERPRISE, data=TYPED, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    page = html.fromstring(answer.text)
    assert "Dit formulier stond te lang open" in page.xpath("string(//title)")
    assert page.xpath("//main//form/@action") == [NEW_ENTERPRISE]
    assert _hidden(page) == TYPED | {"csrf_token": "the new token"}, "the same key: sent twice it still counts once"


async def test_who_is_signed_out_keeps_what_was_typed_until_signed_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await pages(monkeypatch, None).post(NEW_ENTERPRISE, data=TYPED, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    assert answer.headers["cache-control"] == "no-store"
    page = html.fromstring(answer.text)
    assert page.xpath("//main//a[@target='_blank']/@href") == ["/sign-in"]
    assert _hidden(page)["name"] == "Bakkerij <De Klok>"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}, {}])
async def test_what_another_site_sends_is_not_offered_to_be_sent(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    for session in (None, _someone()):
        answer = await pages(monkeypatch, session).post(NEW_ENTERPRISE, data=TYPED, headers=headers)
        assert answer.status_code == 419
        assert "Bakkerij" not in answer.text


async def test_an_old_browser_of_our_own_page_is_known_by_its_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await pages(monkeypatch, None).post(NEW_ENTERPRISE, data=TYPED, headers={"origin": "http://fla"})
    assert "Bakkerij" in answer.text


async def test_a_file_is_not_kept_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"file": ("trainings.xml", b"<x/>", "text/xml")}
    answer = await pages(monkeypatch, None).post("/batches/new", data=TYPED, files=sent, headers=FROM_OUR_PAGE)
    assert answer.status_code == 419
    assert "Open het formulier opnieuw en vul het nog eens in." in answer.text
    assert "Bakkerij" not in answer.text


async def test_a_part_that_refreshes_by_itself_takes_its_page_to_the_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Followed as a redirect, the sign-in page would be put in the middle of the dashboard."""
    client = pages(monkeypatch, None)
    answer = await client.get("/enterprises/0403170701", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?expired=true")


async def test_whoever_had_a_session_hears_that_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    client = pages(monkeypatch, None)
    assert (await client.get("/me")).headers["location"] == "/sign-in"
    client.cookies.set(COOKIE, "one that ended")
    assert (await client.get("/me")).headers["location"] == "/sign-in?expired=true"
    assert "Uw sessie is afgelopen" in (await client.get("/sign-in?expired=true")).text


async def test_signing_out_twice_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await pages(monkeypatch, None).post("/sign-out", data=TYPED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
