"""Headers that change what is done: heeded, or refused. Passed over, a simulation is registered for real."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from services.gateway.api.preferences import preferences_of
from tests.support.api_description import described, gateway_without_servers

NOBODY = "00000000-0000-7000-8000-000000000000"
VALUES = {"training": NOBODY, "employment": NOBODY, "entitlement": NOBODY, "enterprise_entitlement": NOBODY,
          "batch": NOBODY}  # fmt: skip
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in described()["paths"].items()
    for method, operation in item.items()
]
WRITING = [one for one in OPERATIONS if one[0] != "GET"]
Header = tuple[str, str]

REFUSED_EVERYWHERE: list[tuple[list[Header], str]] = [
    ([("Fla-Mode", "rehearsal")], "Fla-Mode"),
    ([("Fla-Mode", "")], "Fla-Mode"),
    ([("Fla-Mode", "production, simulation")], "Fla-Mode"),
    ([("Fla-Mode", "production"), ("Fla-Mode", "simulation")], "Fla-Mode"),
    ([("Fla-Dry-Run", "true")], "Fla-Dry-Run"),
    ([("FLA-MODUS", "simulation")], "Fla-Modus"),
    ([("Prefer", "return=minimal")], "Prefer"),
    ([("Prefer", "handling=lenient")], "Prefer"),
    ([("Prefer", "wait=5, dry-run")], "Prefer"),
    ([("Prefer", "wait=5"), ("Prefer", "simulate")], "Prefer"),
    ([("Prefer", "wait=soon")], "Prefer"),
    ([("Prefer", "wait=-5")], "Prefer"),
    ([("Prefer", "wait")], "Prefer"),
    ([("Prefer", "wait=5; more=1")], "Prefer"),
    ([("Prefer", "wait=5 6")], "Prefer"),
    ([("Prefer", "=5")], "Prefer"),
    ([("Prefer", "wait=1," * 100)], "Prefer"),
    ([("Idempotency-Key", "a"), ("Idempotency-Key", "b")], "Idempotency-Key"),
    ([("If-Match", '"1"'), ("If-Match", '"2"')], "If-Match"),
    ([("If-None-Match", "*")], "If-None-Match"),
    ([("If-Unmodified-Since", "Wed, 21 Oct 2015 07:28:00 GMT")], "If-Unmodified-Since"),
]
TAKEN_EVERYWHERE: list[list[Header]] = [
    [("Fla-Mode", "production")],
    [("Prefer", "wait=5")],
    [("Prefer", "WAIT = 5, respond-async")],
    [("Prefer", 'wait="5"')],
    [("Prefer", "wait=99999999")],
    [("Prefer", "wait=5"), ("Prefer", "respond-async")],
    [("Prefer", "")],
]


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """The whole gateway, without the servers behind it; whoever asks has no token."""
    transport = httpx.ASGITransport(gateway_without_servers())
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


async def refused(answer: httpx.Response) -> Any:
    """The header that is refused, and how; None where the request came as far as the question for its token."""
    if answer.status_code == 401:
        return None
    assert answer.status_code == 400, answer.text
    (issue,) = answer.json()["issues"]
    return issue["in"], issue["name"]


@pytest.mark.parametrize(("method", "path", "operation"), WRITING, ids=lambda one: str(one)[:40])
async def test_what_a_writing_address_cannot_do_is_refused(
    http: httpx.AsyncClient, method: str, path: str, operation: dict[str, Any]
) -> None:
    address = path.format(**VALUES)
    for headers, name in REFUSED_EVERYWHERE:
        answer = await http.request(method, address, headers=headers)
        assert await refused(answer) == ("header", name), headers
    for headers in TAKEN_EVERYWHERE:
        assert await refused(await http.request(method, address, headers=headers)) is None, headers
    said = {parameter["$ref"].rsplit("/", 1)[1] for parameter in operation["parameters"] if "$ref" in parameter}
    conditional = await refused(await http.request(method, address, headers={"If-Match": '"1"'}))
    assert conditional == (None if "IfMatch" in said else ("header", "If-Match"))
    simulated = await http.request(method, address, headers={"Fla-Mode": "Simulation"})
    if "FlaModeOrSimulation" in said:
        assert await refused(simulated) is None
    else:
        assert await refused(simulated) == ("header", "Fla-Mode")
        assert simulated.json()["issues"][0]["detail"].endswith("production.")


@pytest.mark.parametrize("path", [path for method, path, _ in OPERATIONS if method == "GET"])
async def test_reading_knows_no_other_mode_either(http: httpx.AsyncClient, path: str) -> None:
    address = path.format(**VALUES, number="1999010345", name="rightTypes", submission=NOBODY)
    for headers in ({"Fla-Mode": "simulation"}, {"Fla-As-Of": "2024-01-01"}):
        assert await refused(await http.get(address, headers=headers)) == ("header", next(iter(headers)))


async def test_only_a_file_can_be_rehearsed_and_one_address_says_so(http: httpx.AsyncClient) -> None:
    """What the query and the header say must agree: neither may win in silence."""
    able = [op["operationId"] for _, _, op in OPERATIONS if "FlaModeOrSimulation" in str(op["parameters"])]
    assert able == ["sendBatch"]


@pytest.mark.parametrize("query", ["mode=simulation&mode=production", "pageSize=2&pageSize=3", "page=1&page=1"])
async def test_a_parameter_that_is_said_twice_is_refused(http: httpx.AsyncClient, query: str) -> None:
    method = "POST" if "mode" in query else "GET"
    answer = await http.request(method, f"/api/v1/batches?{query}")
    name = query.partition("=")[0]
    assert answer.status_code == 400
    assert [(one["in"], one["name"], one["code"]) for one in answer.json()["issues"]] == [("query", name, "saidTwice")]


@pytest.mark.parametrize(
    ("lines", "wait", "applied"),
    [
        ([], 0, ""),
        (["wait=5"], 5, "wait=5"),
        (["wait=0"], 0, "wait=0"),
        (["wait=600"], 30, "wait=30"),
        (["respond-async"], 0, "respond-async"),
        (["respond-async, wait=3"], 3, "respond-async, wait=3"),
        (["wait=3", "wait=9"], 3, "wait=3"),
        ([" , ,wait=4 ,"], 4, "wait=4"),
    ],
)
def test_what_is_preferred(lines: list[str], wait: float, applied: str) -> None:
    """Of what is said twice the first counts (RFC 7240, section 2); a longer wait than may be is told as it is."""
    headers = [(b"prefer", line.encode()) for line in lines]
    asked = preferences_of(Request({"type": "http", "method": "POST", "path": "/", "headers": headers}))
    assert (asked.wait, asked.applied) == (wait, applied)


async def test_allow_lists_what_the_description_lists(http: httpx.AsyncClient) -> None:
    """`/trainings/bulk` is no training: what can be done with a training cannot be done with it."""
    for path, item in described()["paths"].items():
        address = path.format(**VALUES, number="1999010345", name="rightTypes", submission=NOBODY)
        answer = await http.request("PATCH", address)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {method.upper() for method in item}, path
