"""`fla parked`: an operator without a browser sees what waits, and what is done reaches the right service."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli import parked
from cli.main import app
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import Role

KEY = "k" * 32
WAITING = {
    "topic": "fla.trainings.v1", "key": "a key", "offset": 7, "records": 2, "error": "ValueError: no date",
    "since": "2026-03-01T10:00:00Z", "attempts": 1, "released": False,
}  # fmt: skip


class Services:
    """Answer as the four do; only the dashboard has something parked."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def __call__(self, method: str, url: str, *, json: Any, headers: dict[str, str], timeout: float) -> httpx.Response:
        scope = InternalTokens(KEY).verify_header(headers["Authorization"])
        assert scope.has_role(Role.OPERATOR)
        request = httpx.Request(method, url)
        if method == "GET":
            return httpx.Response(200, json={"items": [WAITING] if ":8083" in url else []}, request=request)
        if ":8083" not in url or json["key"] != WAITING["key"]:
            return httpx.Response(404, json={}, request=request)
        self.told.append((url.partition("/internal")[2], json))
        return httpx.Response(202, json={}, request=request)


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Services:
    made = Services()
    monkeypatch.setenv("FLA_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("FLA_PORT_OFFSET", "0")
    monkeypatch.setenv("FLA_INTERNAL_KEY", KEY)
    monkeypatch.setattr(parked.httpx, "request", made)
    return made


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["parked", *arguments])
    return result.exit_code, result.output


def test_what_is_parked_is_listed_ready_to_be_copied(services: Services) -> None:
    code, output = run()
    assert code == 0
    assert output.splitlines()[0] == "dashboard fla.trainings.v1 'a key'"
    assert "2 records" in output
    assert "ValueError: no date" in output
    code, output = run("--json")
    assert json.loads(output) == {"items": [{"service": "dashboard", **WAITING}]}


def test_a_key_is_released_or_dropped_with_a_reason(services: Services) -> None:
    named = {"topic": "fla.trainings.v1", "key": "a key"}
    assert run("release", "dashboard", *named.values())[0] == 0
    assert run("drop", "dashboard", *named.values(), "--reason", "sent by mistake")[0] == 0
    assert services.told == [
        ("/parked/release", named),
        ("/parked/drop", named | {"reason": "sent by mistake"}),
    ]


@pytest.mark.parametrize(("arguments", "sentence"), [
    (("release", "registration", "fla.trainings.v1", "a key"), "has nothing parked under this topic and key any more"),
    (("release", "dashbord", "fla.trainings.v1", "a key"), "There is no service dashbord"),
    (("drop", "dashboard", "fla.trainings.v1", "a key", "--reason", " a "), "three characters"),
], ids=["nothing there", "no such service", "no reason"])  # fmt: skip
def test_what_cannot_be_done_is_said_and_does_nothing(
    services: Services, arguments: tuple[str, ...], sentence: str
) -> None:
    code, output = run(*arguments)
    assert code != 0
    assert sentence in " ".join(output.split())
    assert services.told == []


def test_a_service_that_is_away_is_named_and_hides_nothing_of_the_others(
    monkeypatch: pytest.MonkeyPatch, services: Services
) -> None:
    def half_away(method: str, url: str, **options: Any) -> httpx.Response:
        if ":8080" in url:
            raise httpx.ConnectError("refused")
        return services(method, url, **options)

    monkeypatch.setattr(parked.httpx, "request", half_away)
    code, output = run()
    assert code != 0
    assert "The gateway service does not answer" in " ".join(output.split())
    assert "dashboard fla.trainings.v1 'a key'" in output


def test_without_a_stack_or_a_key_it_says_what_to_do_and_makes_nothing(
    monkeypatch: pytest.MonkeyPatch, services: Services, tmp_path: Path
) -> None:
    monkeypatch.delenv("FLA_INTERNAL_KEY")
    code, output = run()
    assert code != 0
    assert " ".join(output.split()).count("start the stack once") == 1
    assert list(tmp_path.iterdir()) == []
