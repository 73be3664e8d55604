"""Anyone may ask which arrangement applies, and whatever they type is answered, never by "our own fault"."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.api import enterprises as api
from services.gateway.api.problems import RESPONDERS
from services.gateway.api.tracing import Tracing
from services.gateway.questions import UnavailableError
from services.gateway.rate_limits import RateLimits
from services.gateway.web import site
from services.gateway.web.kit.day_rounding import DayRounding
from services.gateway.web.kit.rendering import field_id
from tests.support.answering import questions_to

KNOWN = {
    "known": True, "reason": "base", "parameters": {"decidedBy": "*"}, "days": "5", "hours": "38", "hoursPerDay": "7.6"
}  # fmt: skip

ENGLISH = {"accept-language": "en"}
LAW = [
    {"lower": "0", "lowerIncluded": True, "upper": "10", "upperIncluded": False, "days": "0"},
    {"lower": "10", "lowerIncluded": True, "upper": "20", "upperIncluded": False, "days": "1"},
    {"lower": "20", "lowerIncluded": True, "upperIncluded": False, "days": "5"},
]


class Asked:
    """Answers every question, and remembers what was asked about arrangements."""

    def __init__(self) -> None:
        self.away = False
        self.questions: list[dict[str, Any]] = []

    async def ask(self, service: str, path: str, _scope: object, **query: Any) -> Any:
        if path == "/internal/generalRule":
            if self.away:
                raise UnavailableError(service)
            return {"items": LAW}
        if path != "/internal/arrangement":
            return {"items": []}
        self.questions.append(query)
        return {"on": query["on"], "items": [KNOWN]}


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def visitor(asked: Asked) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.add_middleware(Tracing)
    app.state.gateway = SimpleNamespace(
        questions=questions_to(asked),
        issuer="http://127.0.0.1:8090",
        settings=SimpleNamespace(day_rounding=DayRounding.EXACT, address="http://gateway"),
        rate_limits=RateLimits({}),
    )
    site.install(app, RESPONDERS)
    app.include_router(api.router, prefix="/api/v1")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway", headers=ENGLISH) as client:
        yield client


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("date", "2024-02-30"),
        ("date", "2024-06-16T10:00"),
        ("size", "1e-99999"),  # as an exact fraction it has a hundred thousand digits
        ("size", "-1"),
        ("size", "NaN"),
        ("size", "\u0662\u0660"),
        ("jointCommittee", "\u00b200"),
        ("jointCommittee", "20"),
    ],
)
async def test_the_page_tells_what_is_wrong_and_asks_nobody(
    visitor: httpx.AsyncClient, asked: Asked, field: str, typed: str
) -> None:
    query = {"jointCommittee": "200", "size": "20", "date": "2024-06-16"} | {field: typed}
    answer = await visitor.get("/arrangements", params=query)
    assert answer.status_code == 422
    assert f'href="#{field_id(field)}"' in answer.text
    assert asked.questions == []


@pytest.mark.parametrize(
    ("typed", "on"), [("2024-06-16", "2024-06-16"), ("20240616", "2024-06-16"), ("2024-W24-7", "2024-06-16")]
)
async def test_a_date_written_otherwise_is_asked_as_the_day_it_is(
    visitor: httpx.AsyncClient, asked: Asked, typed: str, on: str
) -> None:
    query = {"jointCommittee": "2250100", "size": "20,5", "date": typed}
    assert (await visitor.get("/arrangements", params=query)).status_code == 200
    assert asked.questions == [{"jointCommittee": "225.01.00", "size": "20.5", "on": on}]


@pytest.mark.parametrize(("name", "value"), [("on", "2024-02-30"), ("size", "1e-99999"), ("jointCommittee", "20")])
async def test_the_api_names_the_parameter_that_is_wrong(
    visitor: httpx.AsyncClient, asked: Asked, name: str, value: str
) -> None:
    query = {"jointCommittee": "200", "size": "20", "on": "2024-06-16"} | {name: value}
    answer = await visitor.get("/api/v1/arrangements", params=query)
    assert answer.status_code == 400
    assert [(issue["in"], issue["name"]) for issue in answer.json()["issues"]] == [("query", name)]
    assert asked.questions == []


@pytest.mark.parametrize("path", ["/", "/arrangements"])
async def test_the_pages_tell_the_general_rule_that_is_set(visitor: httpx.AsyncClient, path: str) -> None:
    """Where the law's set counts, "10 to 20 workers: 1 day" would be wrong for exactly 20."""
    page = (await visitor.get(path)).text
    for band in ("Fewer than 10 workers", "10 to fewer than 20 workers", "20 workers or more"):
        assert band in page
    assert "10 to 20 workers" not in page


async def test_the_first_page_is_there_while_the_rule_cannot_be_asked(visitor: httpx.AsyncClient, asked: Asked) -> None:
    asked.away = True
    answer = await visitor.get("/")
    assert answer.status_code == 200
    assert "workers or more" not in answer.text
