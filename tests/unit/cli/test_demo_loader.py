"""If these fail, `make up` ends with an empty product, or says it is filled when it is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import cli.demo
from cli.demo import DemoError, Loaded, _Sender
from cli.token import TokenSettings

CONTENT: dict[str, Any] = {
    "enterprise": {"enterpriseNumber": "1999010347", "name": "Noordzee"},
    "employments": [{"reference": "NZ-001"}],
    "entitlements": [],
    "trainings": [{"reference": "a"}, {"reference": "b"}],
}


def outcome(**changes: Any) -> dict[str, Any]:
    counts = {
        "accepted": 0,
        "acceptedWithWarnings": 0,
        "unchanged": 0,
        "refused": 0,
        "items": [],
        "status": "completed",
    }
    return {"id": "s"} | counts | changes


class Gateway:
    """Answers as the test says, and remembers what it was sent."""

    def __init__(self, **answers: Callable[[], httpx.Response]) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        name = request.url.path.removeprefix("/api/v1/").replace("/", "_")
        return self.answers[name]()


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.demo, "access_token", lambda client, **_: f"token of {client}")
    monkeypatch.setattr(cli.demo, "_POLL_SECONDS", 0)


def sent(gateway: Gateway, tmp_path: Path, content: dict[str, Any] = CONTENT) -> Loaded:
    loaded = Loaded()
    settings = TokenSettings(_env_file=None, state_dir=tmp_path)
    with httpx.Client(base_url="http://127.0.0.1/api/v1", transport=httpx.MockTransport(gateway)) as http:
        _Sender(http, "noordzee", "noordzee-hr", settings).send(content, loaded)
    return loaded


def happy(**changes: Callable[[], httpx.Response]) -> Gateway:
    answers: dict[str, Callable[[], httpx.Response]] = {
        "enterprises": lambda: httpx.Response(201, json={"id": "1", "status": "accepted"}),
        "employments_bulk": lambda: httpx.Response(200, json=outcome(accepted=1)),
        "trainings_bulk": lambda: httpx.Response(200, json=outcome(accepted=1, unchanged=1)),
    }
    return Gateway(**(answers | changes))


def test_everything_is_sent_in_order_and_counted(tmp_path: Path) -> None:
    """The enterprise before its people, the people before what is about them; nothing is sent for an empty list."""
    gateway = happy()
    assert sent(gateway, tmp_path) == Loaded(registrations=4)
    paths = [request.url.path.removeprefix("/api/v1/") for request in gateway.requests]
    assert paths == ["enterprises", "employments/bulk", "trainings/bulk"]
    assert {request.headers["authorization"] for request in gateway.requests} == {"Bearer token of noordzee-hr"}


def test_who_left_leaves_last(tmp_path: Path) -> None:
    """Of somebody who left long ago nothing is declared any more: trainings come before the end."""
    known = iter([httpx.Response(404, json={}), httpx.Response(201, json={"id": "e-2"})])
    gateway = happy(
        employments=lambda: httpx.Response(201, json={"id": "e-2", "status": "accepted"}),
        **{"employments_e-2": lambda: next(known)},
    )
    left = {"reference": "NZ-002", "givenName": "Amina", "endDate": "2024-05-31", "endReason": "resignation"}
    loaded = sent(gateway, tmp_path, CONTENT | {"employments": [*CONTENT["employments"], left]})
    assert loaded == Loaded(registrations=5)
    told = [(r.method, r.url.path.removeprefix("/api/v1/"), json.loads(r.content)) for r in gateway.requests]
    assert [(method, path) for method, path, _ in told] == [
        ("POST", "enterprises"), ("POST", "employments"), ("POST", "employments/bulk"), ("POST", "trainings/bulk"),
        ("PUT", "employments/e-2"), ("PUT", "employments/e-2"),
    ]  # fmt: skip
    assert told[1][2] == {"reference": "NZ-002", "givenName": "Amina"}
    assert told[-1][2] == {"reference": "NZ-002", "endDate": "2024-05-31", "endReason": "resignation"}


def test_loading_again_sends_the_same_requests(tmp_path: Path) -> None:
    """Same keys, same bodies: the gateway gives the same answer and changes nothing."""
    first, second = happy(), happy()
    sent(first, tmp_path)
    sent(second, tmp_path)
    keys = [[(request.headers["idempotency-key"], request.content) for request in g.requests] for g in (first, second)]
    assert keys[0] == keys[1]
    assert len({key for key, _ in keys[0]}) == 3
    assert all(len(key) <= 128 for key, _ in keys[0])


def test_a_slow_decision_is_waited_for(tmp_path: Path) -> None:
    """The employments must be there before the trainings are sent."""
    answers = iter([outcome(status="processing"), outcome(accepted=1)])
    gateway = happy(
        employments_bulk=lambda: httpx.Response(202, json=outcome(status="processing")),
        submissions_s=lambda: httpx.Response(200, json=next(answers)),
    )
    assert sent(gateway, tmp_path).registrations == 4


def test_a_refused_item_is_told_with_its_reason(tmp_path: Path) -> None:
    """Demo data that is half there must not look whole."""
    refused = {"line": 2, "reference": "b", "status": "refused", "issues": [{"name": "endDate", "detail": "too early"}]}
    gateway = happy(trainings_bulk=lambda: httpx.Response(200, json=outcome(accepted=1, refused=1, items=[refused])))
    with pytest.raises(DemoError, match="b: endDate too early"):
        sent(gateway, tmp_path)


def test_a_problem_is_told(tmp_path: Path) -> None:
    """In the gateway's words."""
    problem = {"detail": "This client is not registered here"}
    with pytest.raises(DemoError, match="not registered here"):
        sent(happy(enterprises=lambda: httpx.Response(403, json=problem)), tmp_path)


def test_a_gateway_that_is_away_is_told(tmp_path: Path) -> None:
    """And what to look at."""

    def away() -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(DemoError, match="make status"):
        sent(happy(enterprises=away), tmp_path)


def test_every_committed_submission_has_what_the_loader_reads() -> None:
    """The files and the loader belong together."""
    files = sorted((cli.demo.FOLDER / "submissions").glob("*.json"))
    assert len(files) == 4
    for path in files:
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content.keys() == {"client", *CONTENT.keys()}
