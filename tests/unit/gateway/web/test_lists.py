"""A page of a list that is not there any more leads to the list, and does not say that there is nothing."""

import pytest

from services.gateway.web.reader import Door, Reader
from services.gateway.web.sessions import Session
from services.gateway.web.views.frame import Access, ActingFor, Capacity, Party
from shared.i18n import Language
from tests.support.gateway_pages import Answers, pages

NUMBER = "0403170701"
SESSION = Session("token", "018f0000-0000-7000-8000-000000000001", None, "csrf", "Els Vandamme")
OPEN = {NUMBER: Door(ActingFor(Party(NUMBER, "Bakkerij"), Capacity.OWN, Access.WRITE), NUMBER)}


@pytest.mark.parametrize("part", ["employees", "trainings"])
async def test_a_page_beyond_the_last_leads_to_the_first(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    reader = Reader(Language.DUTCH, SESSION, (), OPEN)
    client = pages(monkeypatch, answers=Answers({"items": [], "total": 30}), reader=reader)
    answer = await client.get(f"/enterprises/{NUMBER}/{part}?sort=-startDate&page=9")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/enterprises/{NUMBER}/{part}?sort=-startDate")
