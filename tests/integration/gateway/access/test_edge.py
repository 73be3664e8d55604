"""Every address x what holds for all of them: HEAD where there is GET, and nothing personal kept in between.

Lost otherwise: a page about somebody in the cache of a shared computer, and a monitor that reads "method not allowed".
"""

from typing import Any

import httpx
import pytest

from services.gateway.main import API
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
