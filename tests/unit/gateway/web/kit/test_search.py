"""A national number typed in a search box goes no further than that box: not to a service, and not into an address."""

import pytest

from services.gateway.web.enterprises import choose_enterprise
from services.gateway.web.kit.frame import Access, ActingFor, Capacity, Party
from services.gateway.web.kit.search import is_enterprise
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import OpenEnterprise, Visitor
from shared.i18n import Language
from tests.support.gateway_pages import Answers, pages
from tests.support.notices import notice_of
from tests.support.text_cases import NATIONAL_NUMBER

NUMBER = "0403170701"
SESSION = Session("token", "018f0000-0000-7000-8000-000000000001", None, "csrf", "Els Vandamme")
OPEN = {NUMBER: OpenEnterprise(ActingFor(Party(NUMBER, "Bäckerei d’Hondt"), Capacity.OWN, Access.WRITE), NUMBER)}
SEARCHED = [f"/enterprises/{NUMBER}/employees", f"/enterprises/{NUMBER}/trainings", "/enterprises", "/parties"]


@pytest.mark.parametrize("address", SEARCHED)
@pytest.mark.parametrize("typed", [NATIONAL_NUMBER, "85.07.30-033.28", "Maes 85\u00a007\u00a030 033\u201128"])
async def test_a_national_number_is_not_searched_for(monkeypatch: pytest.MonkeyPatch, address: str, typed: str) -> None:
    answers = Answers({"items": [], "total": 0})
    browser = pages(monkeypatch, answers=answers, reader=Visitor(Language.ENGLISH, SESSION, (), OPEN))
    answer = await browser.get(address, params={"q": typed, "sort": "-name", "page": 2})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{address}?sort=-name"
    assert notice_of(answer) == ("numberNotSearched", {})
    assert answers.asked == []


async def test_the_page_says_why_nothing_was_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> list[object]:
        return []

    monkeypatch.setattr(choose_enterprise, "own_claims", nothing)
    monkeypatch.setattr(choose_enterprise, "offers", nothing)
    browser = pages(monkeypatch, reader=Visitor(Language.ENGLISH, SESSION, (), OPEN))
    answer = await browser.get("/parties", params={"q": NATIONAL_NUMBER}, follow_redirects=True)
    assert "A national number is not searched for" in answer.text
    assert NATIONAL_NUMBER not in answer.text + str(answer.url)


@pytest.mark.parametrize("address", SEARCHED[:2])
async def test_what_no_text_may_hold_is_not_passed_on(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answers = Answers({"items": [], "total": 0})
    browser = pages(monkeypatch, answers=answers, reader=Visitor(Language.ENGLISH, SESSION, (), OPEN))
    await browser.get(address, params={"q": "a\x00b", "sort": "-startDate", "page": 2})
    assert answers.asked and "\x00" not in repr(answers.asked)


@pytest.mark.parametrize("search", ["", "hondt", "backerei DHONDT", "0403.170.701", "BE 0403 170", "170\u2011701"])
def test_an_enterprise_is_found_by_name_and_number_however_typed(search: str) -> None:
    assert is_enterprise(search, "Bäckerei d’Hondt", NUMBER)


@pytest.mark.parametrize("search", ["bakkerij", "0404", "0403-9"])
def test_another_enterprise_is_not(search: str) -> None:
    assert not is_enterprise(search, "Bäckerei d’Hondt", NUMBER)
