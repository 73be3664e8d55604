"""A client of the API that costs little: on a small machine an ordinary one takes the time that is to be measured."""

import asyncio
import time
from collections import deque
from typing import NamedTuple


class Answer(NamedTuple):
    """Status, body, and the moment (seconds since 1970) at which the answer was whole."""

    status: int
    body: bytes
    at: float


class _Connection(asyncio.Protocol):
    """One keep-alive connection: one request at a time. Understands answers with a Content-Length only."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes) -> "asyncio.Future[Answer]":
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator or self._answer is None:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._received = b""
            self._answer.set_result(Answer(int(head[9:12]), body, time.time()))

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the connection was closed before the answer was whole"))

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


class LeanClient:
    """Posts JSON to one path of a server on this machine, over as many connections as are busy at once."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._port = port
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._idle: deque[_Connection] = deque()
        self._all: list[_Connection] = []

    async def post(self, body: bytes) -> Answer:
        """Raises OSError."""
        # A server closes what was idle for long.
        while self._idle and self._idle[-1].lost:
            self._idle.pop()
        connection = self._idle.pop() if self._idle else await self._connect()
        answer = await connection.ask(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        self._idle.append(connection)
        return answer

    async def _connect(self) -> _Connection:
        _, connection = await asyncio.get_running_loop().create_connection(_Connection, "127.0.0.1", self._port)
        self._all.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._all:
            connection.close()
