"""Lost: every request with a body of software in Java, whose client offers HTTP/2 first."""

import asyncio
import socket
from typing import Any

import pytest
import uvicorn

from shared.http.protocol import Protocol, without_offer

BODY = b'{"a": "Upgrade: h2c\r\n"}'


def request(*lines: bytes, body: bytes = BODY) -> bytes:
    head = [b"POST /x HTTP/1.1", b"Host: x", b"Content-Length: %d" % len(body), *lines]
    return b"\r\n".join([*head, b"", body])


JAVA = (b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAEAAEAAAAIAAAAA", b"Upgrade: h2c")


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("lines", [(), JAVA, (b"connection:upgrade", b"uPGRADE:h2c ")], ids=["plain", "java", "odd"])
@pytest.mark.parametrize("cut", [0, 60, 250])
async def test_a_body_arrives_whatever_its_client_offers(lines: tuple[bytes, ...], cut: int) -> None:
    """In one piece or in several, and twice over one connection."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(echo, http=Protocol, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        for _ in range(2):
            sent = request(*lines)
            # A head that comes in pieces is not Java's; its body in a second piece is.
            place = sent.index(b"\r\n\r\n") + 4 if cut == 60 else cut
            writer.write(sent[:place] if place else sent)
            await writer.drain()
            if place:
                await asyncio.sleep(0.05)
                writer.write(sent[place:])
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            assert await reader.readexactly(len(BODY)) == BODY
        writer.close()
        server.should_exit = True
        await running


@pytest.mark.parametrize(
    "data",
    [
        request(),
        request(b"Connection: Upgrade", b"Upgrade: websocket"),
        request(b"Upgrade: h2c2"),
        BODY + b"\r\n\r\nUpgrade: h2c\r\n",
    ],
)
def test_nothing_else_is_touched(data: bytes) -> None:
    assert without_offer(data) == data


def test_only_the_head_changes_and_not_its_length() -> None:
    sent = request(*JAVA)
    read = without_offer(sent)
    assert len(read) == len(sent)
    assert read.partition(b"\r\n\r\n")[2] == BODY
    assert b"Upgrade: h2c" not in read.partition(b"\r\n\r\n")[0]
