"""Hearing what any replica announced, on a database connection of its own."""

import asyncio
from contextlib import suppress
from typing import Any

import asyncpg
import structlog

from services.dashboard.live.announce import CHANNEL, touched
from services.dashboard.live.hub import Hub

log = structlog.get_logger()

APPLICATION_NAME = "fla changes"

_CONNECT_SECONDS = 5
_CHECK_SECONDS = 10.0
_PAUSE_SECONDS = 1.0


class Listener:
    """Runs until cancelled; a lost connection is made again, and whoever watches is told to look."""

    def __init__(self, url: str, hub: Hub) -> None:
        self._url = url
        self._hub = hub

    async def run(self) -> None:
        """Listen for ever; a lost connection is made again."""
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("changes are not heard", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(
            self._url, timeout=_CONNECT_SECONDS, server_settings={"application_name": APPLICATION_NAME}
        )
        closed = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: closed.set())
            await connection.add_listener(CHANNEL, self._heard)
            self._hub.missed()
            while not closed.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_CHECK_SECONDS):
                        await closed.wait()
                # A connection that died silently shows itself only to who asks something.
                await connection.execute("select 1", timeout=_CONNECT_SECONDS)
        finally:
            connection.terminate()

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        enterprises, persons = touched(payload)
        self._hub.changed(enterprises)
        self._hub.changed(persons)
