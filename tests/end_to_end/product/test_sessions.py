"""A session belongs to who signed in, until they sign out or someone else signs in on the same browser."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.demo_sign_in import csrf_token, sign_in
from tests.support.running_stack import RunningStack

COOKIE = "fla_session"
PAGE = "/me"


@pytest.fixture
def browser(stack: RunningStack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.gateway, timeout=30) as made:
        yield made


def opens(stack: RunningStack, cookie: str) -> bool:
    return httpx.get(stack.gateway + PAGE, cookies={COOKIE: cookie}).status_code == httpx.codes.OK


def test_after_signing_out_the_cookie_opens_nothing(stack: RunningStack, browser: httpx.Client) -> None:
    sign_in(browser, "Sofie Maes")
    cookie = browser.cookies[COOKIE]
    assert opens(stack, cookie)
    token = csrf_token(browser)
    for wrong in ({}, {"csrf_token": "x"}, {"csrf_token": "é"}):
        assert browser.post("/sign-out", data=wrong).status_code == 419
    assert opens(stack, cookie)
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert not opens(stack, cookie)


def test_signing_in_again_ends_the_session_before(stack: RunningStack, browser: httpx.Client) -> None:
    sign_in(browser, "Sofie Maes")
    before = browser.cookies[COOKIE]
    sign_in(browser, "Jan Peeters")
    assert browser.cookies[COOKIE] != before
    assert not opens(stack, before)


def test_a_sign_in_is_good_once_and_in_one_browser(stack: RunningStack, browser: httpx.Client) -> None:
    callback = sign_in(browser, "Sofie Maes")
    for again in (browser, httpx.Client(base_url=stack.gateway)):
        assert again.get(callback).headers["Location"] == "/sign-in?failed=true"


@pytest.mark.parametrize(
    "page", ["/operator", "/enterprises", "/parties", "/me", "/batches", "/enterprises/1999010345"]
)
def test_a_page_for_people_who_signed_in_leads_to_signing_in(browser: httpx.Client, page: str) -> None:
    assert browser.get(page).headers["Location"] == "/sign-in"


def test_nothing_is_read_of_a_form_that_is_too_large_or_nobodys(browser: httpx.Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post("/sign-out", content=b"a=" + b"x" * 5_000_000, headers=form).headers["Location"] == "/"
    sign_in(browser, "Sofie Maes")
    assert browser.post("/sign-out", content=b"a=" + b"x" * 5_000_000, headers=form).status_code == 403


@pytest.mark.parametrize("asked", ["date=morgen", "jointCommittee=²²²", "date=2024-02-30"])
def test_the_public_look_up_tells_what_is_wrong(browser: httpx.Client, asked: str) -> None:
    query = {"jointCommittee": "200", "size": "25", "date": "2024-06-16"} | dict([asked.split("=")])
    assert browser.get("/arrangements", params=query).status_code == 422
