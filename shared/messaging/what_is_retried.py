"""What may pass and what will not: the one place that tells a database that is away from a message that is broken."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

# SQLSTATE classes: connection, transaction rollback (deadlock, serialization), resources, object in use,
# operator intervention (shutdown, cancel), system error; and what no record can cause: who may connect to what.
_PASSING_CLASSES = frozenset({"08", "28", "3D", "40", "53", "55", "57", "58"})
# What the server ends because its owner hung (`shared/database/engine.py`): whoever is told of it hangs no more.
_PASSING_STATES = frozenset({"25P03", "25P04"})
RETRY_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5)


def may_pass(error: BaseException) -> bool:
    """Check whether trying the same again later can succeed without anybody changing anything."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        cause = error.orig.__cause__ or error.orig
        return error.connection_invalidated or may_pass(cause)
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return state[:2] in _PASSING_CLASSES or state in _PASSING_STATES
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "released" in str(error)
    # All connections in use is a matter of waiting, whoever holds them.
    return isinstance(error, OSError | TimeoutError | ConnectionError | NoConnectionError)


def pause(attempt: int) -> float:
    """Give the seconds to wait before an attempt (0 is the first retry)."""
    return RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
