"""What a service answers while its database or its disk is away, and that it hides no fault of its own behind that."""

import errno
import logging
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.testing import capture_logs

from shared.http.away import AWAY_ERRORS, on_away

SECRET = "85073003328"


def sqlalchemys(error: Exception) -> Exception:
    return DBAPIError(f"select '{SECRET}'", {"ssin": SECRET}, error)


AWAY = [
    ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
    OSError("Multiple exceptions: [Errno 111] …, [Errno 111] …"),
    FileNotFoundError(errno.ENOENT, "No such file or directory"),  # a Unix socket without its server
    TimeoutError(),
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.ENOSPC, "No space left on device", "/var/lib/fla/x"),
    asyncpg.DiskFullError("could not extend file"),
    asyncpg.TooManyConnectionsError("sorry, too many clients already"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.IdleInTransactionSessionTimeoutError("terminating connection"),
    asyncpg.InterfaceError("connection is closed"),
    NoConnectionError("QueuePool limit"),
    sqlalchemys(asyncpg.DiskFullError("could not extend file")),
]
OURS = [
    FileNotFoundError(errno.ENOENT, "No such file or directory", "template.html"),
    PermissionError(errno.EACCES, "Permission denied", "/etc/shadow"),
    asyncpg.UndefinedColumnError("column does not exist"),
    asyncpg.InterfaceError("the server expects 3 arguments for this query, 2 were passed"),
    sqlalchemys(asyncpg.UniqueViolationError("duplicate key")),
]


def failing(error: Exception) -> httpx.AsyncClient:
    app = FastAPI()
    for kind in AWAY_ERRORS:
        app.add_exception_handler(kind, on_away)

    @app.get("/internal/persons/{ssin}")
    async def fail(ssin: str) -> Any:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://service")


@pytest.mark.parametrize("error", AWAY, ids=repr)
async def test_what_passes_is_answered_with_when_to_come_again(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as lines, caplog.at_level(logging.DEBUG):
        answer = await failing(error).get(f"/internal/persons/{SECRET}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.headers["content-type"] == "application/problem+json"
    [line] = lines
    assert SECRET not in str(line) and SECRET not in answer.text, "neither an address nor a statement is repeated"
    assert len(str(line)) < 400
    assert caplog.records == [] or not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("error", OURS, ids=repr)
async def test_a_fault_of_ours_is_one(error: Exception) -> None:
    """Lost: a fault that everybody takes for an outage, and nobody looks for."""
    assert (await failing(error).get("/internal/persons/1")).status_code == 500
