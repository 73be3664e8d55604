"""Somebody in front of the product's pages, without a browser: signs in, reads, fills in forms."""

import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from deploy.checkout import ROOT
from tests.support.running_stack import RunningStack

SECONDS = 90.0


def ssin_of(given_name: str) -> str:
    """The number of someone of the demo."""
    people = json.loads((ROOT / "deploy/demo/sign_in.json").read_text(encoding="utf-8"))["people"]
    return next(str(person["ssin"]) for person in people if person["givenName"] == given_name)


class Person:
    """Signed in at the demo identity provider under a demo name; pages are asked for in English."""

    def __init__(self, stack: RunningStack, name: str) -> None:
        self.name = name
        self.http = httpx.Client(base_url=stack.gateway, timeout=30, cookies={"fla_language": "en"})
        self._sign_in()

    def _sign_in(self) -> None:
        authorize = self.http.get("/sign-in/start", params={"means": "eid"}).headers["Location"]
        page = httpx.get(authorize).text
        people = {found.start(): found[1] for found in re.finditer(r'name="person"[^>]*value="([^"]+)"', page)}
        key = people[min(people, key=lambda place: abs(place - page.index(self.name)))]
        callback = httpx.post(authorize, data={"person": key, "means": "eid"}).headers["Location"]
        assert self.http.get(callback).headers["Location"] == "/start"

    def status(self, path: str) -> int:
        """What the page answers."""
        return self.http.get(path).status_code

    def page(self, path: str) -> str:
        """The page's text."""
        answer = self.http.get(path)
        assert answer.status_code == httpx.codes.OK, f"{path}: {answer.status_code}"
        return answer.text

    def until(self, path: str, holds: Callable[[str], bool]) -> str:
        """The page as soon as this holds of it."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                if holds(text := self.page(path)):
                    return text
            except (httpx.TransportError, AssertionError):
                text = "no answer"
            assert time.monotonic() < deadline, f"{path} as {self.name}: {text}"
            time.sleep(0.3)

    def sends(self, path: str, on: str = "/me", **fields: Any) -> httpx.Response:
        """A form, with the token and a new key; `on` is a page of this session. Names have `__` for a dot."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page(on))
        assert token, f"no form on {on}"
        form = {name.replace("__", "."): value for name, value in fields.items()}
        key = re.sub(r"\W", "", f"{time.monotonic_ns()}")
        return self.http.post(path, data={"csrf_token": token[1], "submission_key": key, "action": "send"} | form)

    def goes_on_to(self, answer: httpx.Response) -> str:
        """The path that a form leads to."""
        assert answer.status_code == httpx.codes.SEE_OTHER, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-3000:]
        return urlsplit(answer.headers["Location"]).path

    def registers(self, number: str, name: str) -> httpx.Response:
        """The form of a new enterprise."""
        return self.sends(
            "/enterprises/new", enterpriseNumber=number, name=name, jointCommittees="200",
            sizes__workers="25", sizes__basis="stated", sizes__validFrom="2026-01-01",
        )  # fmt: skip

    def employs(self, number: str, given_name: str, family_name: str) -> str:
        """Registers someone of the demo as employee by national number alone; gives the path of that employee."""
        answer = self.sends(
            f"/enterprises/{number}/employees/new", ssin=ssin_of(given_name), givenName=given_name,
            familyName=family_name, startDate="2026-01-05", jointCommittee="200", workingTime="100",
        )  # fmt: skip
        return self.goes_on_to(answer)
