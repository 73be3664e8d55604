"""Signing in on a running product, through its demo identity provider, as a person would."""

import re

import httpx


def sign_in(browser: httpx.Client, name: str) -> str:
    """Sign in as this person of the demonstration; gives the callback's address, with code and state."""
    authorize = browser.get("/sign-in/start", params={"means": "eid"}).headers["Location"]
    page = httpx.get(authorize).text
    people = {found.start(): found[1] for found in re.finditer(r'name="person"[^>]*value="([^"]+)"', page)}
    key = people[min(people, key=lambda place: abs(place - page.index(name)))]
    callback = httpx.post(authorize, data={"person": key, "means": "eid"}).headers["Location"]
    assert browser.get(callback).headers["Location"] == "/start"
    return callback


def csrf_token(browser: httpx.Client, page: str = "/me") -> str:
    """The token that the forms of this session carry."""
    (token,) = set(re.findall(r'name="csrf_token" value="([^"]+)"', browser.get(page).text))
    return token
