"""A source that is away, slow, lying or confused proves nothing: whoever asks then waits for a person's decision."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from services.gateway.settings import GatewaySettings
from services.gateway.sources import representation_http
from services.gateway.sources.representation import RepresentationStatus
from services.gateway.sources.representation_http import HttpRepresentationSource

SSIN, NUMBER = "71042397053", "1999010543"
RIGHT = {
    "enterpriseNumber": NUMBER,
    "known": True,
    "represents": True,
    "function": "zaakvoerder",
    "since": "2024-01-01",
}


def source(answer: Callable[[httpx.Request], httpx.Response], key: str = "") -> HttpRepresentationSource:
    return HttpRepresentationSource(
        "https://source.example/", key, httpx.AsyncClient(transport=httpx.MockTransport(answer))
    )


def saying(content: Any, status: int = 200) -> HttpRepresentationSource:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return source(lambda _: httpx.Response(status, content=body))


async def test_what_proves_is_kept_as_evidence() -> None:
    answer = await saying(RIGHT).represents(SSIN, NUMBER)
    assert (answer.said, answer.function, answer.since) == (
        RepresentationStatus.REPRESENTS,
        "zaakvoerder",
        date(2024, 1, 1),
    )
    assert answer.as_evidence() == {
        "said": "represents", "at": answer.at.isoformat(), "function": "zaakvoerder", "since": "2024-01-01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"represents": False, "known": True}, RepresentationStatus.OTHERS),
        ({"represents": False, "known": False}, RepresentationStatus.UNKNOWN),
        ({"until": "2025-01-01"}, RepresentationStatus.OTHERS),
        ({"since": "2999-01-01"}, RepresentationStatus.OTHERS),
        ({"until": "2999-01-01"}, RepresentationStatus.REPRESENTS),
        # Confused: it names a representative of an enterprise it does not know, or answers about another one.
        ({"known": False}, RepresentationStatus.AWAY),
        ({"enterpriseNumber": "1999010345"}, RepresentationStatus.AWAY),
        ({"represents": "yes"}, RepresentationStatus.AWAY),
        ({"represents": 1}, RepresentationStatus.AWAY),
        ({"represents": None}, RepresentationStatus.AWAY),
        ({"since": "yesterday"}, RepresentationStatus.AWAY),
        ({"function": "x" * 201}, RepresentationStatus.AWAY),
    ],
)
async def test_each_answer_means_one_thing(told: dict[str, Any], said: RepresentationStatus) -> None:
    assert (await saying(RIGHT | told).represents(SSIN, NUMBER)).said is said


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 200),
        (b"<html>Welcome</html>", 200),
        (b"true", 200),
        ([RIGHT], 200),
        ({"represents": True}, 200),
        (b"\xff\xfe", 200),
        (json.dumps(RIGHT).encode() + b" " * 1_000_000, 200),
        (RIGHT, 202),
        (RIGHT, 302),
        (RIGHT, 401),
        (RIGHT, 404),
        (RIGHT, 500),
        (RIGHT, 503),
    ],
)
async def test_nonsense_is_never_a_yes(content: Any, status: int) -> None:
    asked = saying(content, status)
    assert (await asked.represents(SSIN, NUMBER)).said is RepresentationStatus.AWAY
    assert await asked.represented_by(SSIN) == ()


async def test_a_moment_of_absence_is_asked_through() -> None:
    answers = iter([httpx.Response(503), httpx.ConnectError("away"), httpx.Response(200, json=RIGHT)])

    def next_one(_: httpx.Request) -> httpx.Response:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert (await source(next_one).represents(SSIN, NUMBER)).said is RepresentationStatus.REPRESENTS


async def test_a_slow_source_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(representation_http, "SECONDS_IN_ALL", 0.05)

    async def never(_: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    slow = HttpRepresentationSource("https://s.example", "", httpx.AsyncClient(transport=httpx.MockTransport(never)))
    assert (await slow.represents(SSIN, NUMBER)).said is RepresentationStatus.AWAY
    assert await slow.represented_by(SSIN) == ()


async def test_a_national_number_travels_in_the_body_alone_and_is_not_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(500, json={"detail": SSIN})

    asked = source(answer, key="token")
    await asked.represents(SSIN, NUMBER)
    await asked.represented_by(SSIN)
    assert seen
    for request in seen:
        assert request.method == "POST"
        assert SSIN not in str(request.url) + str(request.headers)
        assert SSIN in request.content.decode()
        assert request.headers["Authorization"] == "Bearer token"
    told = capsys.readouterr()
    assert SSIN not in told.out + told.err


async def test_what_is_offered_holds_today_and_is_an_enterprise() -> None:
    named = {"enterpriseNumber": NUMBER, "name": "Koelhuis BV"}
    items = [
        named,
        named | {"until": "2020-01-01"},
        named | {"since": "2999-01-01"},
        named | {"enterpriseNumber": "1999010544"},
    ]
    [offered] = await saying({"items": items}).represented_by(SSIN)
    assert (offered.enterprise, offered.name) == (NUMBER, "Koelhuis BV")


@pytest.mark.parametrize("address", ["http://source.example", "ftp://127.0.0.1", "source.example"])
def test_an_address_that_would_show_national_numbers_on_their_way_is_refused(address: str) -> None:
    secrets: dict[str, Any] = {"gateway_database_url": "postgresql://", "vault_key": "", "internal_key": ""}
    with pytest.raises(ValueError, match="https"):
        GatewaySettings(_env_file=None, representation_url=address, **secrets)
