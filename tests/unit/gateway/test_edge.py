"""A refusal reaches its sender, and asks nobody for what is refused already."""

from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from services.gateway.edge import Edge


async def refused(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": []})
    await send({"type": "http.response.body", "body": b"too large"})


async def refused_in_the_middle(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await refused(scope, receive, send)


@pytest.mark.parametrize(
    ("app", "headers", "parts"),
    [
        (refused, [], 3),  # it sends anyway: read on, so that it reads the answer
        (refused, [(b"expect", b"100-continue")], 0),  # reading would be asking for it
        (refused_in_the_middle, [(b"expect", b"100-continue")], 3),  # asked for already
    ],
)
async def test_who_waits_to_be_asked_is_not_asked_once_it_is_refused(app: Any, headers: Any, parts: int) -> None:
    """Lost: a polite client's gigabyte, uploaded after its refusal."""
    read, sent = 0, []

    async def receive() -> Any:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": b"x" * 1000, "more_body": read < 3}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "scheme": "http", "headers": headers, "state": {}}
    await Edge(app)(scope, receive, send)
    assert read == parts
    assert sent[-1]["body"] == b"too large"
