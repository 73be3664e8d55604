"""One engine per service, and one way to open a transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_BEGIN = text("select 1")


def create_engine(url: str, connections: int) -> AsyncEngine:
    """An engine for a plain `postgresql://` URL. UTC, and short lock waits so that a stuck batch is seen."""
    return create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "timeout": 5,
            "server_settings": {"timezone": "UTC", "lock_timeout": "20000", "application_name": "fla"},
        },
    )


def driver(connection: AsyncConnection) -> asyncpg.Connection:
    """The asyncpg connection under an open SQLAlchemy transaction: for COPY and set-based statements.

    SQLAlchemy opens a transaction with its first statement only, so one must have run: `transaction` sees to that.
    """
    adapted = connection.sync_connection
    assert adapted is not None
    raw = adapted.connection.driver_connection
    assert isinstance(raw, asyncpg.Connection)
    return raw


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that is really open on the server, committed at the end unless an exception leaves it."""
    async with engine.begin() as connection:
        await connection.execute(_BEGIN)
        yield connection
