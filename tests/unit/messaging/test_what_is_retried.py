"""A fault taken for passing is tried for ever; one taken for lasting parks a record that was sound."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from shared.messaging.records import RecordRefusedError
from shared.messaging.what_is_retried import may_pass, pause


@pytest.mark.parametrize("error", [
    ConnectionRefusedError(), TimeoutError(), OSError("no route"),
    asyncpg.DeadlockDetectedError("deadlock"), asyncpg.SerializationError(), asyncpg.AdminShutdownError(),
    asyncpg.CannotConnectNowError(), asyncpg.ConnectionDoesNotExistError(), asyncpg.TooManyConnectionsError(),
    asyncpg.DiskFullError(), asyncpg.LockNotAvailableError(), asyncpg.InvalidPasswordError(),
    asyncpg.InvalidCatalogNameError(), asyncpg.InterfaceError("connection is closed"),
], ids=repr)  # fmt: skip
def test_what_nobody_needs_to_mend_is_waited_for(error: Exception) -> None:
    assert may_pass(error)


@pytest.mark.parametrize("error", [
    RecordRefusedError("broken"), ValueError("not a date"), KeyError("item"), ZeroDivisionError(),
    asyncpg.UniqueViolationError(), asyncpg.NotNullViolationError(), asyncpg.InvalidTextRepresentationError(),
    asyncpg.UndefinedColumnError(), asyncpg.InterfaceError("another operation is in progress"),
], ids=repr)  # fmt: skip
def test_what_would_fail_again_is_not_waited_for(error: Exception) -> None:
    assert not may_pass(error)


def test_sqlalchemys_wrapping_does_not_hide_the_cause() -> None:
    def wrapped(cause: Exception) -> Exception:
        class DriverError(Exception):
            pass

        driver = DriverError()
        driver.__cause__ = cause
        return OperationalError("select 1", {}, driver)

    assert may_pass(wrapped(asyncpg.AdminShutdownError()))
    assert not may_pass(wrapped(asyncpg.UndefinedColumnError()))
    assert may_pass(DBAPIError("select 1", {}, Exception(), connection_invalidated=True))


def test_pauses_grow_and_stay_bearable() -> None:
    pauses = [pause(attempt) for attempt in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[0] < 1 < pauses[-1] <= 10
