"""Every address x what holds for all of them: HEAD where there is GET, and nothing personal kept in between.

Lost otherwise: a page about somebody in the cache of a shared computer, and a monitor that reads "method not allowed".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from starlette_compress import CompressMiddleware

from services.gateway.main import API
from services.gateway.rate_limits import Limited, RateLimits
from services.gateway.web.kit.masking import unmasked
from tests.support.access.api_rows import ROWS as API_ROWS
from tests.support.access.cast import everybody
from tests.support.access.gateway import Visit, World
from tests.support.access.web_rows import ROWS

STREAMS = ("/changes",)
# Each answer has its own, whoever asks.
OF_ONE_ANSWER = {"belgov-trace-id", "location", "set-cookie", "content-length"}
PAGES = sorted({row.path for row in ROWS if row.method == "GET" and row.path != "/sign-out"})
QUESTIONS = sorted({row.path for row in API_ROWS if row.method == "GET"})
OTHERS = ["/health", "/metrics", "/static/js/fla.js", "/nowhere", f"{API}/nowhere"]


@pytest.fixture(scope="module")
async def employer(world: World) -> Visit:
    """Somebody who may have most pages."""
    visit = next(Visit(one, 700 + n) for n, one in enumerate(everybody()) if one.name == "wrote here once, and again")
    await world.add_visits([visit])
    return visit


def _address(path: str, visit: Visit) -> str:
    place = visit.target
    named: dict[str, Any] = dict.fromkeys(("id", "submission", "claim", "reopened", "name"), place.training)
    named |= {
        "number": place.number, "enterprise": place.number, "enterpriseNumber": place.number,
        "employment": place.employment, "training": place.training, "entitlement": place.entitlement,
        "enterprise_entitlement": place.for_all, "batch": place.batch,
    }  # fmt: skip
    return path.format_map(named)


@pytest.mark.parametrize("path", [*PAGES, *QUESTIONS, *OTHERS])
async def test_head_is_get_without_its_body_and_nothing_is_stored(world: World, employer: Visit, path: str) -> None:
    address = _address(path, employer)
    async with world.browser(employer) as browser:
        head = await browser.head(address)
        assert head.content == b""
        assert head.headers["x-content-type-options"] == "nosniff"
        if path.startswith("/static"):
            assert "immutable" in head.headers["cache-control"]
        else:
            assert head.headers["cache-control"] in ("no-store", "no-cache"), "it may be about somebody"
        if path.endswith(STREAMS):
            return
        got = await browser.get(address)
        assert got.status_code == head.status_code
        assert _comparable(got) == _comparable(head)


def _comparable(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}


@pytest.mark.parametrize(
    "path", [f"{API}/nowhere", "/api", f"//{API}/trainings", f"/{API}/trainings", f"{API}/trainings/"]
)
async def test_the_api_answers_problems_however_its_address_is_written(world: World, path: str) -> None:
    async with world.client() as client:
        answer = await client.send(client.build_request("GET", f"http://evil.example{path}"))
        assert answer.status_code in (401, 404)
        assert answer.headers["content-type"] == "application/problem+json"
        assert "location" not in answer.headers
        assert "evil.example" not in answer.text


async def test_no_redirect_repeats_the_host_that_was_asked(world: World) -> None:
    async with world.client() as client:
        for path in (*PAGES, *QUESTIONS):
            if "{" not in path:
                answer = await client.get(f"http://evil.example{path}/")
                assert "evil.example" not in answer.headers.get("location", ""), path


@pytest.mark.parametrize(("scheme", "remembered"), [("https", True), ("http", False)])
async def test_https_is_remembered_and_plain_http_is_not(world: World, scheme: str, remembered: bool) -> None:
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://fla.example") as client:
        assert ("strict-transport-security" in (await client.get("/help")).headers) is remembered


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
async def test_a_page_is_compressed_and_no_secret_stands_in_it_twice_alike(
    world: World, employer: Visit, encoding: str
) -> None:
    """Lost: pages of 100 kB on a slow line; or a CSRF token that is guessed from the length of compressed pages."""
    tokens = []
    for _ in range(2):
        async with world.browser(employer) as browser:
            answer = await browser.get(
                f"/enterprises/{employer.target.number}/facts", headers={"accept-encoding": encoding}
            )
        assert answer.headers["content-encoding"] == encoding
        assert "accept-encoding" in answer.headers["vary"].lower()
        tokens.append(re.findall(r'name="csrf_token" value="([^"]+)"', answer.text)[0])
    assert tokens[0] != tokens[1]
    assert {unmasked(token).decode() for token in tokens} == {employer.csrf}


@pytest.mark.parametrize("path", [*PAGES, *QUESTIONS, *OTHERS])
async def test_no_answer_is_large_on_the_wire(world: World, employer: Visit, path: str) -> None:
    if path.endswith(STREAMS):
        return
    async with world.browser(employer) as browser:
        answer = await browser.get(_address(path, employer), headers={"accept-encoding": "gzip"})
    assert answer.num_bytes_downloaded < 200_000


async def test_a_stream_of_changes_is_not_held_back_by_compression() -> None:
    """Each change leaves at once, in a piece of its own."""
    sent: list[bytes] = []

    async def stream(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
            assert len(sent) == number + 1
        await send({"type": "http.response.body", "body": b""})

    async def keep(message: Any) -> None:
        if message.get("body"):
            sent.append(message["body"])

    scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    await CompressMiddleware(stream)(scope, AsyncMock(), keep)


LIMITED = {Limited.CLIENT: 2, Limited.PERSON: 2, Limited.ADDRESS: 2, Limited.SIGN_IN: 1}


@pytest.fixture
def limited(world: World) -> Iterator[World]:
    """The same gateway, which lets hardly anything in."""
    generous = world.gateway
    world.app.state.gateway = replace(generous, rate_limits=RateLimits(LIMITED))
    yield world
    world.app.state.gateway = generous


@pytest.mark.parametrize(
    ("language", "title"), [("nl", "Te veel"), ("fr", "Trop"), ("de", "Zu viele"), ("en", "Too many")]
)
async def test_a_person_who_asks_too_much_is_told_when_to_come_again(
    limited: World, employer: Visit, language: str, title: str
) -> None:
    address = f"/enterprises/{employer.target.number}/facts"
    async with limited.browser(employer) as browser:
        answers = [await browser.get(address, headers={"accept-language": language}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit"][:12] for answer in answers] == ['"person";r=1', '"person";r=0', '"person";r=0']
    assert title in answers[2].text
    assert 0 < int(answers[2].headers["retry-after"]) <= 30
    assert employer.csrf not in answers[2].text


async def test_software_that_asks_too_much_gets_a_belgif_problem(limited: World) -> None:
    async with limited.client() as software:
        answers = [await software.get("/api/v1/refData/trainingKinds") for _ in range(3)]
        wrong = await software.get("/api/v1/trainings", headers={"authorization": "Bearer x"})
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    problem = answers[2].json()
    assert problem["type"] == "urn:problem-type:belgif:tooManyRequests"
    assert answers[2].headers["content-type"] == "application/problem+json"
    assert answers[2].headers["ratelimit-policy"] == '"address";q=2;w=60'
    assert int(answers[2].headers["retry-after"]) > 0
    # A token that is none costs its sender's address, not nothing.
    assert wrong.status_code == 429


async def test_sign_ins_of_one_address_are_bounded(limited: World) -> None:
    async with limited.client() as browser:
        first, second = [await browser.get("/sign-in/callback?code=x&state=y") for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 429)


async def test_cookies_are_bound_to_the_host_and_what_a_sign_in_keeps_is_not_to_be_read(world: World) -> None:
    async with world.client() as browser:
        answer = await browser.get("/sign-in/start")
        chosen = await browser.get("/help?lang=fr")
    for cookie in (answer.headers["set-cookie"], chosen.headers["set-cookie"]):
        assert cookie.startswith("__Host-fla_")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()
    kept = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    # JWE in its compact form: the second part is the key's, empty for a key that both share.
    assert [bool(part) for part in kept.split(".")] == [True, False, True, True, True]
