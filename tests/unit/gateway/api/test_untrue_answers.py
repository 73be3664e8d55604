"""What holds the answers of all other tests against the description must itself notice each kind of untruth."""

from typing import Any

import httpx
import pytest

from tests.support.api_description import UntrueAnswerError, description

TRACE = {"BelGov-Trace-Id": "01890a5d-ac96-774b-bcce-b302099a8057"}
LISTS = "/api/v1/refData/rightTypes"
CODES = {"items": [{"code": "legal"}]}
PROBLEM = {
    "type": "urn:problem-type:belgif:resourceNotFound", "title": "Not Found", "status": 404, "detail": "x",
    "instance": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
}  # fmt: skip


def answered(path: str, status: int, method: str = "GET", **content: Any) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request(method, f"http://gateway{path}"), **content)


def problem(status: int, **changes: Any) -> dict[str, Any]:
    headers = TRACE | {"Content-Type": "application/problem+json"} | changes.pop("headers", {})
    return {"headers": headers, "json": PROBLEM | {"status": status} | changes}


TRUE = [
    answered(LISTS, 200, headers=TRACE, json=CODES),
    answered(LISTS, 404, **problem(404)),
    answered("/api/v1/nowhere", 404, **problem(404)),
    answered(LISTS, 405, "DELETE", **problem(405, headers={"Allow": "GET"})),
]
UNTRUE = {
    "a status that is not named": answered(LISTS, 202, headers=TRACE, json=CODES),
    "no trace": answered(LISTS, 200, json=CODES),
    "a field too few": answered(LISTS, 200, headers=TRACE, json={}),
    "a field too many": answered(LISTS, 200, headers=TRACE, json=CODES | {"more": 1}),
    "a field too many, deep inside": answered(LISTS, 200, headers=TRACE, json={"items": [{"code": "x", "more": 1}]}),
    "null": answered(LISTS, 200, headers=TRACE, json={"items": [{"code": "x", "text": None}]}),
    "another kind of content": answered(LISTS, 200, headers=TRACE, text="items"),
    "a header that is not named": answered(LISTS, 200, headers=TRACE | {"Location": "/"}, json=CODES),
    "a problem that is none": answered(LISTS, 404, headers=TRACE, json=PROBLEM),
    "a problem with a field too many": answered(LISTS, 404, **problem(404, more=1)),
    "405 without Allow": answered(LISTS, 405, "DELETE", **problem(405)),
    "success where nothing is described": answered("/api/v1/nowhere", 200, headers=TRACE, json={}),
}


@pytest.mark.parametrize("response", TRUE, ids=lambda one: f"{one.request.method} {one.status_code}")
def test_what_is_true_passes(response: httpx.Response) -> None:
    description().check(response, response.content)


@pytest.mark.parametrize("kind", UNTRUE)
def test_each_kind_of_untruth_is_noticed(kind: str) -> None:
    with pytest.raises(UntrueAnswerError):
        description().check(UNTRUE[kind], UNTRUE[kind].content)


class Lying(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A gateway that answers what it says nowhere."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"lie": True})

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"lie": True})


async def test_no_client_gets_an_untrue_answer() -> None:
    """The hook stands in every test, for whole answers and for streams, in both kinds of client."""
    with httpx.Client(transport=Lying(), base_url="http://gateway") as http:
        with pytest.raises(UntrueAnswerError):
            http.get(LISTS)
        with pytest.raises(UntrueAnswerError), http.stream("GET", LISTS):
            pass
        assert http.get("/health").json() == {"lie": True}, "what is not the API's is not looked at"
    async with httpx.AsyncClient(transport=Lying(), base_url="http://gateway") as http:
        with pytest.raises(UntrueAnswerError):
            await http.get(LISTS)
