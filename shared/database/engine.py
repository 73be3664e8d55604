"""One engine per service, and one way to open a transaction.

Whoever hangs inside a transaction loses it: PostgreSQL ends a session that says nothing there for HANGS_SECONDS, and
looks after an unanswered line for about as long. Until then its locks stop whoever needs the same rows; a process that
is frozen, or a host that is gone, cannot let go of them by itself. Work that rightly says nothing for longer says so
(`unhurried`).
"""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

LOCK_SECONDS = 8
"""So long is a lock waited for: less than a piece of a batch may take, so that it is seen what was waited for."""
HANGS_SECONDS = 20
"""A session that says nothing for so long inside a transaction has lost it. With that the locks of whoever hung are
free within half a minute."""
LONGEST_TRANSACTION_SECONDS = 900
"""No transaction takes longer, whatever it does (from PostgreSQL 17 on)."""
_KNOWS_TRANSACTION_TIMEOUT = (17,)
# A host that is gone answers nothing: after ten seconds of silence it is asked, and given up after three questions.
_LOST_LINE = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": f"{HANGS_SECONDS}s",
}

_left_to_the_driver: WeakKeyDictionary[AsyncEngine, AsyncEngine] = WeakKeyDictionary()


def create_engine(url: str, connections: int) -> AsyncEngine:
    """Create an engine for a plain `postgresql://` URL. UTC, and an end to every wait and every hold on a lock."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+asyncpg://", 1),
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "timeout": 5,
            "server_settings": {
                "timezone": "UTC",
                "lock_timeout": f"{LOCK_SECONDS}s",
                "idle_in_transaction_session_timeout": f"{HANGS_SECONDS}s",
                # Who holds a lock is told by this name.
                "application_name": f"fla {socket.gethostname()[:40]} {os.getpid()}",
                **_LOST_LINE,
            },
        },
    )
    event.listen(engine.sync_engine, "connect", _limit_transactions)
    event.listen(engine.sync_engine, "checkout", _replace_closed)
    return engine


def _replace_closed(connection: Any, _record: object, _proxy: object) -> None:
    """Give out no connection whose server went away. Asking the server each time would cost three round trips."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _limit_transactions(connection: Any, _record: object) -> None:
    raw = connection.driver_connection
    if raw.get_server_version() >= _KNOWS_TRANSACTION_TIMEOUT:
        connection.run_async(lambda raw: raw.execute(f"set transaction_timeout = '{LONGEST_TRANSACTION_SECONDS}s'"))


_UNHURRIED = """
select set_config('idle_in_transaction_session_timeout', $1, true),
  (select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout')
"""


async def unhurried(connection: asyncpg.Connection, seconds: float) -> None:
    """Let this transaction say nothing for so long: what it waits for is no statement, such as a file or Kafka.

    For transactions whose locks stop nothing else: they last until the process is known to be gone.
    """
    await connection.execute(_UNHURRIED, f"{int(seconds)}s")


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
        opened = raw.transaction()
        async with _closed_unless_done(raw):
            await opened.start()
        try:
            yield connection
        except BaseException:
            async with _closed_unless_done(raw):
                await opened.rollback()
            raise
        async with _closed_unless_done(raw):
            await opened.commit()


@asynccontextmanager
async def _closed_unless_done(raw: asyncpg.Connection) -> AsyncIterator[None]:
    """Close a connection whose transaction did not begin or end as asked, for example because it was cancelled.

    The server may be in a transaction of which the driver does not know, or the other way round. Whoever got this
    connection next would write into that one, and nobody would commit it.
    """
    try:
        yield
    except BaseException:
        raw.terminate()
        raise


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
