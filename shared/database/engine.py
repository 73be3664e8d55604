"""One engine per service, and one way to open a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_left_to_the_driver: WeakKeyDictionary[AsyncEngine, AsyncEngine] = WeakKeyDictionary()


def create_engine(url: str, connections: int) -> AsyncEngine:
    """Create an engine for a plain `postgresql://` URL. UTC, and short lock waits so that a stuck batch is seen."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "timeout": 5,
            "server_settings": {"timezone": "UTC", "lock_timeout": "20000", "application_name": "fla"},
        },
    )
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    return engine


def _replace_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Give out no connection whose server went away. Asking the server each time would cost three round trips."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def driver(connection: AsyncConnection) -> asyncpg.Connection:
    """Get the asyncpg connection under SQLAlchemy's: for COPY and set-based statements."""
    adapted = connection.sync_connection
    assert adapted is not None
    raw = adapted.connection.driver_connection
    assert isinstance(raw, asyncpg.Connection)
    return raw


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction that is really open on the server, committed at the end unless an exception leaves it.

    Opened by the driver, because SQLAlchemy opens its own only with a first statement, at three times the cost: 0.45
    against 0.15 milliseconds, which single registrations pay several times each.
    """
    async with _bare(engine).connect() as connection:
        raw = driver(connection)
        try:
            async with raw.transaction():
                yield connection
        finally:
            if not raw.is_closed() and raw.is_in_transaction():
                # Cancelled while it ended: nobody must find it open.
                raw.terminate()


class _TakenBackError(Exception):
    """Ends a transaction without committing it."""


@asynccontextmanager
async def taken_back(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a transaction of which nothing stays: for what would happen."""
    try:
        async with transaction(engine) as connection:
            yield connection
            raise _TakenBackError
    except _TakenBackError:
        return


@asynccontextmanager
async def each_by_itself(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Open a connection without a transaction around its statements: right for a single one."""
    async with _bare(engine).connect() as connection:
        yield connection


def _bare(engine: AsyncEngine) -> AsyncEngine:
    """Get the same engine on the same pool, opening no transactions of its own."""
    bare = _left_to_the_driver.get(engine)
    if bare is None:
        bare = _left_to_the_driver[engine] = engine.execution_options(isolation_level="AUTOCOMMIT")
    return bare
