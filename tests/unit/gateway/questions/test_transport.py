"""What the gateway asks the services behind it must be answered, however many pages are open."""

import asyncio
import contextlib
from contextlib import AsyncExitStack

import pytest

from services.gateway.questions import HttpTransport, QuestionRefusedError, UnavailableError
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import system_scope

SCOPE = system_scope("test")
MORE_THAN_QUESTIONS_HAVE = 110


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    path = head.split()[1].decode()
    if path == "/changes":
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: open\n\n")
        await writer.drain()
        await reader.read()
    else:
        status = path.removeprefix("/status/")
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}".encode())
    writer.close()


@pytest.fixture
async def transport() -> HttpTransport:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    return HttpTransport({"dashboard": f"http://127.0.0.1:{port}"}, InternalTokens("k" * 32))


async def test_open_pages_leave_connections_for_questions(transport: HttpTransport) -> None:
    """105 open dashboards made every page and the whole API answer 503, after ten seconds each."""
    async with AsyncExitStack() as pages:
        for _ in range(MORE_THAN_QUESTIONS_HAVE):
            await pages.enter_async_context(transport.stream("dashboard", "/changes", SCOPE, {}))
        assert await asyncio.wait_for(transport.get("dashboard", "/status/200", SCOPE, {}, dict), 2) == {}
    await transport.close()


@pytest.mark.parametrize(("status", "error"), [(422, QuestionRefusedError), (400, QuestionRefusedError),
                                               (500, UnavailableError)])  # fmt: skip
async def test_who_erred_is_told_apart(transport: HttpTransport, status: int, error: type[Exception]) -> None:
    """A wrong value is the sender's to mend; it was answered as our failure."""
    with pytest.raises(error):
        await transport.get("dashboard", f"/status/{status}", SCOPE, {}, dict)
    assert await transport.get("dashboard", "/status/404", SCOPE, {}, dict) is None
    await transport.close()


class Restarting:
    """A service that closes each connection after its first answer, without a word, as one that is restarted does."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.split()[1].decode())
        writer.write(b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()
        # The next request on this connection is read, and not answered.
        with contextlib.suppress(asyncio.IncompleteReadError):
            again = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(f"unanswered {again.split()[1].decode()}")
        writer.close()


async def test_a_question_is_asked_once_more_where_its_connection_was_closed_and_an_act_never() -> None:
    """Lost: a page, to each restart of a service behind it; or a parked record that is dropped twice."""
    service = Restarting()
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    transport = HttpTransport({"dashboard": address}, InternalTokens("k" * 32))
    for path in ("/first", "/question"):
        assert await transport.get("dashboard", path, SCOPE, {}, dict) == {}
    assert await transport.post("dashboard", "/asked-by-post", SCOPE, b"{}", dict) == {}
    with pytest.raises(UnavailableError):
        await transport.post("dashboard", "/act", SCOPE, b"{}", dict, acts=True)
    assert service.asked == [
        "/first", "unanswered /question", "/question", "unanswered /asked-by-post", "/asked-by-post", "unanswered /act",
    ]  # fmt: skip
    await transport.close()
