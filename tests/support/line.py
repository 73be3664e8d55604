"""The line to a server, which a test can cut and mend: to whoever uses it the server stopped, and came back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

LOOPBACK = "127.0.0.1"


class Line:
    """Passes bytes on to a server, in both directions, at an address of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0

    async def mend(self) -> None:
        """Take connections, at the same address as before."""
        self._server = await asyncio.start_server(self._connected, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """End every connection and refuse new ones."""
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answers, asks = await asyncio.open_connection(*self._to)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, asks}
        self._open |= ends
        await asyncio.gather(_pass_on(reader, asks), _pass_on(answers, writer))
        self._open -= ends


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the server of this URL, and the same URL by way of it."""
    parts = urlsplit(url)
    line = Line(parts.hostname or LOOPBACK, parts.port or 5432)
    await line.mend()
    names, at, _ = parts.netloc.rpartition("@")
    yield line, urlunsplit(parts._replace(netloc=f"{names}{at}{LOOPBACK}:{line.port}"))
    await line.cut()
