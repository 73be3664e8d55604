"""A form asks before it registers a joint committee that nobody knows; a typing error is no committee."""

from datetime import date
from typing import Any

import pytest
from fastapi import Request
from lxml import html

from services.gateway.access.rights_and_mandates import Grant
from services.gateway.web.employees import add_employee
from services.gateway.web.enterprises import enterprise_facts, register_enterprise
from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.frame import Access, ActingFor, Capacity, Party
from services.gateway.web.kit.joint_committees import choices
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.submit import Result
from services.gateway.web.kit.visitor import OpenEnterprise, Visitor
from shared.access.scope import Role
from shared.i18n import Language
from tests.support.gateway_pages import Answers, pages

NUMBER = "0403170701"
SESSION = Session("token", "018f0000-0000-7000-8000-000000000001", None, "csrf", "Els Vandamme")
OPEN = {NUMBER: OpenEnterprise(ActingFor(Party(NUMBER, "Bakkerij"), Capacity.OWN, Access.WRITE), NUMBER)}
OWN = (Grant(Role.LEGAL_REPRESENTATIVE, NUMBER),)
SENT = {"csrf_token": masked("csrf"), "submission_key": "k"}
EMPLOYEE = SENT | {"ssin": "85073003328", "startDate": "2024-03-01", "workingTime": "100"}


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What went on to be registered."""
    sent: list[Any] = []

    async def submit(_gateway: object, _sender: object, declared: Any, _key: str) -> Any:
        sent.extend(declared)
        return Result("018f0000-0000-7000-8000-000000000002", {})

    async def nothing(*_: object) -> tuple[()]:
        return ()

    async def register_own(request: Request, _reader: Visitor, _form: object, fields: dict[str, Any]) -> Any:
        sent.append(fields)
        return see_other(request, "/")

    monkeypatch.setattr(add_employee, "submit", submit)
    monkeypatch.setattr(enterprise_facts, "submit", submit)
    monkeypatch.setattr(register_enterprise, "_to_register", nothing)
    monkeypatch.setattr(register_enterprise, "_register_own", register_own)
    return sent


FORMS = [
    (f"/enterprises/{NUMBER}/employees/new", EMPLOYEE, "jointCommittee"),
    (f"/enterprises/{NUMBER}/facts", SENT | {"name": "Bakkerij"}, "jointCommittees"),
    ("/enterprises/new", SENT | {"name": "Bakkerij", "enterpriseNumber": "0403.170.701"}, "jointCommittees"),
]


@pytest.mark.parametrize(("address", "typed", "field"), FORMS, ids=["employee", "facts", "enterprise"])
async def test_a_committee_nobody_knows_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, submitted: list[Any], address: str, typed: dict[str, str], field: str
) -> None:
    browser = pages(monkeypatch, answers=Answers({"items": []}), reader=Visitor(Language.ENGLISH, SESSION, OWN, OPEN))
    asked = await browser.post(address, data=typed | {field: "999"})
    assert asked.status_code == 422
    [box] = html.fromstring(asked.text).xpath("//input[@name='confirmedCommittees']")
    assert (box.get("type"), box.get("value"), box.get("checked")) == ("checkbox", "999", None)
    assert "No joint committee with this number is known here" in asked.text
    assert submitted == []

    other = await browser.post(address, data=typed | {field: "998", "confirmedCommittees": "999"})
    assert other.status_code == 422
    assert submitted == []

    confirmed = await browser.post(address, data=typed | {field: "999", "confirmedCommittees": "999"})
    assert confirmed.status_code == 303
    assert len(submitted) == 1


@pytest.mark.parametrize(("address", "typed", "field"), FORMS, ids=["employee", "facts", "enterprise"])
@pytest.mark.parametrize("code", ["200", "2250100", "305.02.09"])
async def test_a_known_one_is_not(
    monkeypatch: pytest.MonkeyPatch, submitted: list[Any], address: str, typed: dict[str, str], field: str, code: str
) -> None:
    browser = pages(monkeypatch, answers=Answers({"items": []}), reader=Visitor(Language.ENGLISH, SESSION, OWN, OPEN))
    assert (await browser.post(address, data=typed | {field: code})).status_code == 303
    assert len(submitted) == 1


@pytest.mark.parametrize(("address", "typed", "field"), FORMS[:2], ids=["employee", "facts"])
async def test_one_that_is_registered_here_already_is_not(
    monkeypatch: pytest.MonkeyPatch, submitted: list[Any], address: str, typed: dict[str, str], field: str
) -> None:
    answers = Answers({"items": [], "jointCommittees": ["999"]})
    browser = pages(monkeypatch, answers=answers, reader=Visitor(Language.ENGLISH, SESSION, OWN, OPEN))
    assert (await browser.post(address, data=typed | {field: "999"})).status_code == 303


@pytest.mark.parametrize(
    ("language", "name"), [(Language.DUTCH, "Aanvullend Paritair Comité voor de bedienden"),
                           (Language.FRENCH, "Commission paritaire auxiliaire pour employés")],
)  # fmt: skip
async def test_committees_are_chosen_by_name(monkeypatch: pytest.MonkeyPatch, language: Language, name: str) -> None:
    browser = pages(monkeypatch, answers=Answers({"items": []}), reader=Visitor(language, SESSION, (), OPEN))
    page = html.fromstring((await browser.get(f"/enterprises/{NUMBER}/employees/new")).text)
    [option] = page.xpath("//datalist/option[@value='200']")
    assert option.get("label") == name


def test_a_committee_that_ended_is_not_offered() -> None:
    then, now = (dict(choices((), Language.DUTCH, day)) for day in (date(2005, 1, 1), date(2024, 1, 1)))
    assert "113.01" in then
    assert "113.01" not in now
