"""What only a socket shows: a refusal that reaches who is still sending, whoever hangs up, and what is no request."""

import json
import socket
from collections.abc import Iterable

import pytest

from tests.end_to_end.product.conftest import Api
from tests.support.running_stack import RunningStack

MEGABYTE = 1024 * 1024


def _exchange(api: Api, head: str, pieces: Iterable[bytes] = (), *, answered: bool = True) -> tuple[str, bytes]:
    """Send this head with a token, then the pieces, and read the answer: its head and its body."""
    url = api.http.base_url
    token = api.http.headers["authorization"]
    with socket.create_connection((url.host, url.port or 80), timeout=30) as wire:
        wire.sendall(f"{head}Host: {url.host}\r\nAuthorization: {token}\r\n\r\n".encode())
        for piece in pieces:
            wire.sendall(piece)
        if not answered:
            return "", b""
        read = b""
        while b"\r\n\r\n" not in read:
            read += wire.recv(65536)
        start, _, body = read.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in start.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        while len(body) < length:
            body += wire.recv(65536)
        return start.decode(), body


@pytest.mark.parametrize("how", ["Content-Length: 31457280", "Transfer-Encoding: chunked"])
def test_who_sends_too_much_reads_why(api: Api, how: str) -> None:
    """Lost: "connection reset" in the sender's log, and nobody who knows that 4 MB is the most."""
    piece = b"x" * MEGABYTE
    pieces = [b"100000\r\n" + piece + b"\r\n"] * 30 if "chunked" in how else [piece] * 30
    head, body = _exchange(
        api, f"POST /api/v1/trainings HTTP/1.1\r\nContent-Type: application/json\r\n{how}\r\n", pieces
    )
    assert head.startswith("HTTP/1.1 413")
    assert json.loads(body)["type"] == "urn:problem-type:belgif:payloadTooLarge"


@pytest.mark.parametrize("length", [5_000, 70_000, 300_000])
def test_a_long_address_is_answered_with_a_problem(api: Api, length: int) -> None:
    head, body = _exchange(api, f"GET /api/v1/trainings/{'a' * length} HTTP/1.1\r\n")
    assert head.startswith("HTTP/1.1 400")
    assert "content-type: application/problem+json" in head.lower()
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize("path", ["/api/v1/trainings", "/api/v1/batches", "/api/v1/trainings/query"])
def test_whoever_hangs_up_is_no_failure_of_ours(api: Api, stack: RunningStack, path: str) -> None:
    log = stack.state_dir / "logs" / "gateway.log"
    before = log.stat().st_size
    kind = "application/xml" if "batches" in path else "application/json"
    head = f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: 100000\r\n"
    _exchange(api, head, [b"{"], answered=False)
    # The next one is served, and nothing was told of the last but that it is gone.
    assert api.http.get("/batches").status_code == 200
    told = log.read_bytes()[before:].decode()
    assert not any(one in told for one in ("Traceback", '"level": "error"'))


def test_a_field_given_twice_is_refused_by_its_name(api: Api) -> None:
    """Lost: a correction of which nobody knows which of two dates was meant."""
    body = '{"title": "A", "title": "B", "provider": {"name": "x", "name": "y"}}'
    answer = api.http.post("/trainings", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert {(one["name"], one["code"]) for one in answer.json()["issues"]} == {
        ("title", "givenTwice"), ("provider.name", "givenTwice"),
    }  # fmt: skip
