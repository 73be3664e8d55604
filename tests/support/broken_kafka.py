"""Kafka as it fails: one that hangs, and one that is not there yet."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import psutil
import pytest


@contextmanager
def standing_still(bootstrap: str) -> Iterator[None]:
    """The broker hangs: connections stay open and nothing answers."""
    port = int(bootstrap.rpartition(":")[2])
    listening = {
        connection.pid
        for connection in psutil.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port
    }
    pid = listening.pop() if listening else None
    if pid is None:
        pytest.skip("the broker is no process of this machine")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def unused_address() -> str:
    """Where nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@asynccontextmanager
async def reachable_at(address: str, bootstrap: str) -> AsyncIterator[None]:
    """The broker answers at this address too; clients that found it go on at its own address."""

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = bootstrap.rpartition(":")
        back, there = await asyncio.open_connection(host, int(port))
        await asyncio.gather(_pipe(reader, there), _pipe(back, writer), return_exceptions=True)

    server = await asyncio.start_server(forward, *address.split(":"))
    try:
        yield
    finally:
        server.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
