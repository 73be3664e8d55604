"""A question that is wrong is the asker's to mend: told by field, never "something went wrong on our side"."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.api import trainings
from services.gateway.api.caller import Caller
from services.gateway.api.problems import RESPONDERS
from tests.support.answering import questions_to

ENTERPRISE = "1999010345"


class Asked:
    """Remembers what the dashboard was asked; it knows no trainings."""

    def __init__(self) -> None:
        self.questions: list[dict[str, Any]] = []

    async def ask(self, _service: str, _path: str, _scope: object, **query: Any) -> Any:
        self.questions.append({name: value for name, value in query.items() if value is not None})


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def client(asked: Asked) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(exception_handlers=RESPONDERS)
    app.state.gateway = SimpleNamespace(questions=questions_to(asked))
    app.include_router(trainings.router)
    caller = Caller("client", ENTERPRISE, frozenset(), frozenset({ENTERPRISE}))
    app.dependency_overrides[get_args(trainings.MayRead)[1].dependency] = lambda: caller
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found


@pytest.mark.parametrize(
    ("filters", "name"),
    [
        ({"status": "bogus"}, "status"),
        ({"status": ["completed", 5]}, "status"),
        ({"from": "2026-02-30"}, "from"),
        ({"page": "x"}, "page"),
        ({"page": 10**18}, "page"),
        ({"sort": {"title": "up"}}, "sort"),
        ({"colour": "blue"}, "colour"),
        ({"enterpriseNumber": 5}, "enterpriseNumber"),
    ],
)
async def test_each_wrong_filter_is_named(
    client: httpx.AsyncClient, asked: Asked, filters: dict[str, Any], name: str
) -> None:
    answer = await client.post("/trainings/query", json={"enterpriseNumber": ENTERPRISE} | filters)
    assert answer.status_code == 400, answer.text
    assert [(issue["in"], issue["name"]) for issue in answer.json()["issues"]] == [("body", name)]
    assert asked.questions == []


async def test_right_filters_are_asked_for(client: httpx.AsyncClient, asked: Asked) -> None:
    filters = {"status": "completed", "from": "2026-01-01", "page": 2, "sort": "-minutes"}
    await client.post("/trainings/query", json={"enterpriseNumber": ENTERPRISE} | filters)
    (question,) = asked.questions
    assert {name: str(value) for name, value in question.items()} == {
        "status": "completed", "from": "2026-01-01", "page": "2", "pageSize": "100", "sort": "-minutes",
    }  # fmt: skip


async def test_a_page_beyond_all_counting_is_refused(client: httpx.AsyncClient, asked: Asked) -> None:
    answer = await client.get("/trainings", params={"enterpriseNumber": ENTERPRISE, "page": 10**18})
    assert (answer.status_code, answer.json()["issues"][0]["name"]) == (400, "page")
    assert asked.questions == []
