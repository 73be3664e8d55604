"""The operator's reason for giving a record up is looked at before any service hears of it."""

from typing import Any

import pytest

from services.gateway.access.rights_and_mandates import Grant
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import Visitor
from shared.access.scope import Role
from shared.i18n import Language
from tests.support.gateway_pages import Answers, pages
from tests.support.notices import notice_of
from tests.support.text_cases import NATIONAL_NUMBER

PERSON = "018f0000-0000-7000-8000-000000000001"
SESSION = Session("token", PERSON, None, "csrf", "Els Vandamme")
PARKED = {"csrf_token": masked("csrf"), "service": "dashboard", "topic": "fla.trainings.v1", "key": "k"}


class Told(Answers):
    """Remembers what a service was told to do."""

    def __init__(self) -> None:
        super().__init__({})
        self.told: list[Any] = []

    async def tell(self, _service: str, _path: str, _scope: object, body: Any) -> Any:
        self.told.append(body)
        return self.answer


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("dubbel\r\nbericht", "dubbel\nbericht"),
        (f"van {NATIONAL_NUMBER}", None),
        ("a\x86bc", None),
        ("ab", None),
        ("\u2800\u2800\u2800", None),
    ],
)
async def test_a_reason_obeys(monkeypatch: pytest.MonkeyPatch, reason: str, kept: str | None) -> None:
    answers = Told()
    reader = Visitor(Language.ENGLISH, SESSION, (Grant(Role.OPERATOR, None),))
    browser = pages(monkeypatch, answers=answers, reader=reader)
    answer = await browser.post("/operator/parked/drop", data=PARKED | {"reason": reason})
    assert answer.status_code == 303
    assert [body["reason"] for body in answers.told] == ([] if kept is None else [kept])
    assert notice_of(answer) == ("dropped" if kept else "reasonRefused", {})
    assert answer.headers["location"] == "/operator"


@pytest.mark.parametrize("action", ["release", "drop"])
async def test_a_key_that_is_not_there_any_more_is_not_said_to_be_done(
    monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """Lost: an operator who believes that a record was given up which another one released."""
    answers = Told()
    answers.answer = None
    reader = Visitor(Language.ENGLISH, SESSION, (Grant(Role.OPERATOR, None),))
    browser = pages(monkeypatch, answers=answers, reader=reader)
    answer = await browser.post(f"/operator/parked/{action}", data=PARKED | {"reason": "sent by mistake"})
    assert notice_of(answer) == ("notParked", {})
