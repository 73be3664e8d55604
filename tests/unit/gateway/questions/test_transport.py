"""What the gateway asks the services behind it must be answered, however many pages are open."""

import asyncio
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
