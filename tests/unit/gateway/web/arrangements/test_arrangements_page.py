"""What a person reads on the public look-up is the rule itself."""

from typing import Any

import pytest
from lxml import html

from tests.support.gateway_pages import Answers, pages

ANSWER = {"items": [{"reason": "base", "parameters": {}, "days": "2.083333", "set": "brochure", "code": "200"}]}


class Rules(Answers):
    """An arrangement of many decimals, and no general rule."""

    async def ask(self, service: str, path: str, scope: object, **query: Any) -> Any:
        return {"items": []} if path == "/internal/generalRule" else await super().ask(service, path, scope, **query)


@pytest.mark.parametrize("rounding", ["exact", "twoDecimals", "upToHalfDay"])
async def test_an_arrangement_is_a_rule_and_never_rounded(monkeypatch: pytest.MonkeyPatch, rounding: str) -> None:
    page: Any = await pages(monkeypatch, answers=Rules(ANSWER), day_rounding=rounding).get(
        "/arrangements", params={"jointCommittee": "200", "size": "24", "date": "2024-06-16"}
    )
    assert html.fromstring(page.text).xpath("string(//*[@id='answer']//span[@class='figure'])").startswith("2,083333")
