"""`fla submit`, `fla batches` and `fla report`: what a person and a script learn from them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli import gateway_client, submit
from cli.main import app
from cli.token import TokenRefusedError

REFUSED = [
    {"line": 3, "xmlLine": 40, "reference": "R3", "status": "refused",
     "anomalies": [{"code": "invalidSsin", "field": "ssin", "severity": "error", "text": "Not a valid number."}]},
]  # fmt: skip


class Gateway:
    """Answers as the API does: a batch that goes through these states, one per question."""

    def __init__(self, *states: dict[str, Any], status: int = 202) -> None:
        self.states = list(states) or [batch("completed", accepted=4)]
        self.status = status
        self.received = b""
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.method == "POST":
            self.received = request.read()
            return httpx.Response(self.status, json=self.states[0])
        if request.url.path.endswith("/report"):
            return httpx.Response(200, json={"items": REFUSED})
        if request.url.path.endswith("/batches"):
            return httpx.Response(200, json={"items": self.states, "total": 1})
        return httpx.Response(200, json=self.states.pop(0) if len(self.states) > 1 else self.states[0])


def batch(state: str, **changes: Any) -> dict[str, Any]:
    counts = {"declared": 4, "accepted": 0, "acceptedWithWarnings": 0, "unchanged": 0, "refused": 0}
    progress = {"checkedBytes": 10, "published": 4, "decided": 4}
    whole = {"id": "b1", "state": state, "mode": "production", "size": 10, "progress": progress}
    return whole | (counts if state == "completed" else {}) | changes


Serve = Callable[[Callable[[httpx.Request], httpx.Response]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Puts a gateway in the place of the real one."""
    monkeypatch.setattr(submit, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(gateway_client, "access_token", lambda client, **_: f"token of {client}")
    made = httpx.Client

    def put(handler: Callable[[httpx.Request], httpx.Response]) -> None:
        transport = httpx.MockTransport(handler)
        monkeypatch.setattr(gateway_client.httpx, "Client", lambda **options: made(transport=transport, **options))

    return put


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "march.xml"
    path.write_bytes(b"<batch/>")
    return path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("states", "code", "said"),
    [
        ([batch("waiting"), batch("processing", declared=4), batch("completed", accepted=4)], 0, "4 accepted"),
        ([batch("waiting"), batch("completed", accepted=3, refused=1)], 1, "Not a valid number."),
        ([batch("rejected", acknowledgement={"refusal": {"text": "No XML.", "line": 1}})], 2, "No XML."),
        ([batch("cancelled")], 2, "cancelled"),
        ([batch("waiting"), batch("cancelled")], 2, "The file was cancelled before anything of it was registered."),
    ],
)
def test_the_exit_code_tells_a_script_how_it_went(
    serve: Serve, file: Path, states: list[dict[str, Any]], code: int, said: str
) -> None:
    """Lost: a nightly job that goes on as if all were well."""
    gateway = Gateway(*states)
    serve(gateway)
    result = run("submit", file, "--follow")
    assert (result.exit_code, said in result.output) == (code, True), result.output
    assert gateway.received == b"<batch/>"


def test_a_cancelled_file_was_not_rejected(serve: Serve, file: Path) -> None:
    """Lost: a person who looks for what is wrong in a file that a colleague took back."""
    serve(Gateway(batch("cancelled")))
    result = run("submit", file, "--follow")
    assert "cancelled" in result.output
    assert "rejected" not in result.output
    assert "declared" not in result.output


def test_a_cancelled_file_is_listed_as_cancelled(serve: Serve) -> None:
    serve(Gateway(batch("cancelled")))
    result = run("batches")
    assert result.exit_code == 0, result.output
    assert ("cancelled" in result.output, "rejected" in result.output) == (True, False)


def test_without_follow_it_ends_when_the_file_is_safe(serve: Serve, file: Path) -> None:
    gateway = Gateway(batch("waiting"))
    serve(gateway)
    assert run("submit", file).exit_code == 0
    assert [request.method for request in gateway.requests] == ["POST"]


def test_the_request_says_what_is_sent_and_by_whom(serve: Serve, file: Path) -> None:
    gateway = Gateway()
    serve(gateway)
    file.write_bytes(b"\x1f\x8bpacked")
    run("submit", file, "--client", "wegwijs-payroll", "--simulate", "--language", "fr")
    request = gateway.requests[0]
    assert dict(request.url.params) == {"mode": "simulation", "fileName": "march.xml"}
    assert request.headers["authorization"] == "Bearer token of wegwijs-payroll"
    assert request.headers["content-type"] == "application/gzip"
    assert request.headers["accept-language"] == "fr"
    assert request.headers["content-length"] == "8"


def test_a_script_gets_one_json_object(serve: Serve, file: Path) -> None:
    serve(Gateway(batch("completed", accepted=3, refused=1), status=200))
    said = json.loads(run("submit", file, "--follow", "--json").stdout)
    assert (said["refused"], said["refusedLines"], said["sentBefore"]) == (1, REFUSED, True)


def test_a_file_sent_before_is_said_to_be(serve: Serve, file: Path) -> None:
    serve(Gateway(batch("completed", accepted=4), status=200))
    assert "sent before; nothing changed" in run("submit", file, "--follow").output


@pytest.mark.parametrize(("status", "code"), [(400, 2), (413, 2), (401, 3), (500, 3)])
def test_an_answer_that_says_no(serve: Serve, file: Path, status: int, code: int) -> None:
    serve(lambda request: httpx.Response(status, json={"detail": "At most 5 bytes"}))
    result = run("submit", file)
    assert (result.exit_code, "At most 5 bytes" in result.output) == (code, True)


def test_no_gateway_no_token_and_no_json_are_technical(serve: Serve, file: Path, monkeypatch: Any) -> None:
    """Lost: a traceback in the place of a sentence."""

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    serve(away)
    assert run("submit", file).exit_code == 3
    serve(lambda request: httpx.Response(502, text="<html>"))
    assert run("submit", file).exit_code == 3

    def none(client: str, **_: object) -> str:
        raise TokenRefusedError("No key for client x.")

    monkeypatch.setattr(gateway_client, "access_token", none)
    result = run("submit", file)
    assert (result.exit_code, "No key for client x." in result.output) == (3, True)


def test_the_list_and_the_report(serve: Serve, tmp_path: Path) -> None:
    serve(Gateway(batch("completed", accepted=4, fileName="march.xml")))
    assert "march.xml" in run("batches").output
    assert json.loads(run("batches", "--json").stdout)["total"] == 1
    assert run("report", "b1", "--only", "refused", "--format", "json", "--out", tmp_path / "r.json").exit_code == 0
    assert json.loads((tmp_path / "r.json").read_text())["items"] == REFUSED


def test_a_file_that_cannot_be_read_is_technical(serve: Serve, tmp_path: Path) -> None:
    """Lost: a script that takes a missing file for a rejected one, or a traceback for refused declarations."""
    serve(Gateway())
    for path in (tmp_path / "nothing.xml", tmp_path):
        result = run("submit", path)
        assert (result.exit_code, path.name in result.output) == (3, True), result.output
        assert isinstance(result.exception, SystemExit)


def test_a_gateway_that_is_restarted_is_waited_for(serve: Serve, file: Path) -> None:
    """Lost: a nightly job, failed by a restart that harmed nothing."""
    gateway, failures = Gateway(batch("processing"), batch("completed", accepted=4)), [502, None, 503]

    def restarts(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and failures:
            status = failures.pop()
            if status is None:
                raise httpx.ConnectError("refused")
            return httpx.Response(status)
        return gateway(request)

    serve(restarts)
    result = run("submit", file, "--follow")
    assert (result.exit_code, failures) == (0, [])


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), httpx.ConnectError("refused")])
def test_who_stops_following_learns_that_the_file_goes_on(
    serve: Serve, file: Path, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    gateway = Gateway(batch("processing"))
    monkeypatch.setattr(submit, "_PATIENCE_SECONDS", 0.001)

    def stops(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            raise trouble
        return gateway(request)

    serve(stops)
    result = run("submit", file, "--follow")
    assert result.exit_code == (130 if isinstance(trouble, KeyboardInterrupt) else 3)
    assert "goes on as batch b1" in result.output


def test_a_report_that_breaks_off_leaves_no_half_file(serve: Serve, tmp_path: Path) -> None:
    class BreaksOff(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"line;status"
            raise httpx.ReadError("broken off")

    serve(lambda request: httpx.Response(200, stream=BreaksOff()))
    (tmp_path / "r.csv").write_text("the last one")
    assert run("report", "b1", "--out", tmp_path / "r.csv").exit_code == 3
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("r.csv", "the last one")]
    assert run("report", "b1", "--out", tmp_path / "no" / "r.csv").exit_code == 3


def test_a_wrong_setting_and_a_wrong_language_are_said(
    serve: Serve, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Gateway())
    assert "xx" in run("submit", file, "--language", "xx").output
    monkeypatch.setenv("FLA_PORT_OFFSET", "many")
    for command in (("submit", file), ("batches",), ("report", "b1")):
        result = run(*command)
        assert (result.exit_code, "FLA_PORT_OFFSET" in result.output) == (3, True), result.output
