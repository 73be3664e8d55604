"""Headers, parameters and queries obey the rules of declarations: one reading of texts and numbers."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI, Request

from services.gateway.api import enterprises, trainings
from services.gateway.api.caller import Caller
from services.gateway.api.idempotency_key import idempotency_key
from services.gateway.api.problems import RESPONDERS
from tests.support.answering import questions_to
from tests.support.text_cases import NATIONAL_NUMBER

ENTERPRISE = "1999010345"
SPELLINGS = [ENTERPRISE, "1999.010.345", "BE 1999.010.345", "be\u00a01999\u2011010\u2011345", " 1999/010/345 "]


class Asked:
    """Remembers what the services were asked; they know nothing."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.questions: list[dict[str, Any]] = []

    async def ask(self, _service: str, path: str, _scope: object, **query: Any) -> Any:
        self.paths.append(path)
        self.questions.append(query)


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
async def client(asked: Asked) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI(exception_handlers=RESPONDERS)
    app.state.gateway = SimpleNamespace(questions=questions_to(asked))
    app.include_router(trainings.router)
    app.include_router(enterprises.router)

    @app.get("/key")
    async def key(request: Request) -> dict[str, Any]:
        return {"key": idempotency_key(request)}

    caller = Caller("client", ENTERPRISE, frozenset(), frozenset({ENTERPRISE}))
    for reader in (trainings.MayRead, enterprises.MayRead):
        app.dependency_overrides[get_args(reader)[1].dependency] = lambda: caller
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as found:
        yield found


def told(answer: httpx.Response) -> list[tuple[str, str, str]]:
    assert NATIONAL_NUMBER not in answer.text
    return [(issue["in"], issue["name"], issue["code"]) for issue in answer.json()["issues"]]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (NATIONAL_NUMBER, "nationalNumberInText"),
        ("a\x00b", "invalidText"),
        ("a\x86b", "invalidText"),
        ("x" * 201, "tooLong"),
    ],
)
async def test_a_filter_of_text_obeys(client: httpx.AsyncClient, asked: Asked, text: str, code: str) -> None:
    by_address = await client.get("/trainings", params={"enterpriseNumber": ENTERPRISE, "text": text})
    by_body = await client.post("/trainings/query", json={"enterpriseNumber": ENTERPRISE, "text": text})
    assert told(by_address) == [("query", "text", code)]
    assert told(by_body) == [("body", "text", code)]
    assert asked.questions == []


async def test_a_filter_of_text_is_normalised(client: httpx.AsyncClient, asked: Asked) -> None:
    text = " Cafe\u0301\u00a0 Zoë\n"
    await client.get("/trainings", params={"enterpriseNumber": ENTERPRISE, "text": text})
    await client.post("/trainings/query", json={"enterpriseNumber": ENTERPRISE, "text": text})
    assert [question["text"] for question in asked.questions] == ["Café Zoë"] * 2


@pytest.mark.parametrize("number", SPELLINGS)
async def test_the_number_of_an_enterprise_is_read_alike_everywhere(
    client: httpx.AsyncClient, asked: Asked, number: str
) -> None:
    await client.get("/trainings", params={"enterpriseNumber": number})
    await client.post("/trainings/query", json={"enterpriseNumber": number})
    if "/" not in number:
        await client.get(f"/enterprises/{number}")
    assert all(f"/internal/enterprises/{ENTERPRISE}" in path for path in asked.paths)
    assert len(asked.paths) >= 2


@pytest.mark.parametrize("sent", [None, "k-1", "x" * 128, "a  b"])
async def test_a_key_is_read_as_a_line(client: httpx.AsyncClient, sent: str | None) -> None:
    answer = await client.get("/key", headers={} if sent is None else {"Idempotency-Key": sent})
    assert answer.json() == {"key": "a b" if sent == "a  b" else sent}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"x" * 129, "tooLong"),
        (f"key {NATIONAL_NUMBER}".encode(), "nationalNumberInText"),
        (b"\xa0", "requiredInput"),
        (b"a\x86b", "invalidText"),
    ],
)
async def test_a_key_that_is_no_line_is_refused(client: httpx.AsyncClient, sent: bytes, code: str) -> None:
    answer = await client.get("/key", headers=[(b"Idempotency-Key", sent)])
    assert answer.status_code == 400
    assert told(answer) == [("header", "Idempotency-Key", code)]
