"""The public look-up answers whatever is typed into its address, in a form's words and never with a fault of ours."""

from typing import Any

import pytest
from lxml import html

from tests.support.gateway_pages import Answers, pages

ANSWER = {"items": [{"reason": "base", "parameters": {}, "days": "2.083333", "set": "brochure", "code": "200"}]}
ASKED = {"jointCommittee": "200", "size": "24", "date": "2024-06-16"}


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"jointCommittee": "²²²"}, "#field-jointCommittee"),
        ({"jointCommittee": "20"}, "#field-jointCommittee"),
        ({"size": "NaN"}, "#field-size"),
        ({"size": "-1"}, "#field-size"),
        ({"date": "2024-02-30"}, "#field-date"),
        ({"date": "2024-06-16T10:00"}, "#field-date"),
    ],
)
async def test_what_cannot_be_is_told_beside_its_field(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], wrong: str
) -> None:
    answers = Answers({"items": []})
    answer = await pages(monkeypatch, answers=answers).get("/arrangements", params=ASKED | changes)
    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath("//div[@class='error-summary']//a/@href") == [wrong]
    assert len(answers.asked) == 1, "only the list of joint committees was asked for"


@pytest.mark.parametrize("date", ["2024-06-16", "20240616", "2024-W24-7"])
async def test_every_way_to_write_a_day_is_asked_as_one(monkeypatch: pytest.MonkeyPatch, date: str) -> None:
    answers = Answers(ANSWER)
    answer = await pages(monkeypatch, answers=answers).get("/arrangements", params=ASKED | {"date": date})
    assert answer.status_code == 200
    assert answers.asked[-1]["on"] == "2024-06-16"


@pytest.mark.parametrize("rounding", ["exact", "twoDecimals", "upToHalfDay"])
async def test_an_arrangement_is_a_rule_and_never_rounded(monkeypatch: pytest.MonkeyPatch, rounding: str) -> None:
    page: Any = await pages(monkeypatch, answers=Answers(ANSWER), day_rounding=rounding).get(
        "/arrangements", params=ASKED
    )
    assert html.fromstring(page.text).xpath("string(//*[@id='answer']//span[@class='figure'])").startswith("2,083333")
