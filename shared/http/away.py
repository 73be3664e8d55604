"""Answering while the database, or a disk, is away or full: 503 and when to come again, and one line in the log."""

from typing import Final

import asyncpg
import structlog
from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from shared.messaging.what_is_retried import may_pass
from shared.observability.full_disk import FULL_DISKS

log = structlog.get_logger()

AWAY_ERRORS: Final = (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What a database or disk that is away raises, and programs that are wrong raise too: `is_away` tells them apart."""
RETRY_AFTER_SECONDS: Final = 5
DETAIL: Final = "Nothing can be stored or read for a moment; nothing of this request was registered. Send it again."
_LONGEST: Final = 200


def is_away(error: BaseException) -> bool:
    """Check whether the same request can succeed later without anybody changing the program."""
    if isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError):
        # A file of ours that is missing or closed to us is a fault of ours; connections and full disks have no name.
        return error.filename is None or not isinstance(error, FileNotFoundError | PermissionError)
    return may_pass(error)


def told(request: HTTPConnection, error: Exception) -> None:
    """Write the one line of this request. Raises the error itself where it is a fault of ours."""
    if not is_away(error):
        raise error
    FULL_DISKS.notice(error)
    # The kind and PostgreSQL's own words for it, never a statement with its values.
    cause = getattr(error, "orig", None) or error
    route = getattr(request.scope.get("route"), "path", "other")
    words = f"{type(cause).__name__}: {cause}"[:_LONGEST]
    log.warning("not answered: the database or a disk is away or full", path=route, error=words)


async def on_away(request: Request, error: Exception) -> JSONResponse:
    """Answer one service's question to another with a problem (RFC 9457), as the API has them."""
    told(request, error)
    body = {
        "type": "urn:problem-type:belgif:serviceUnavailable",
        "title": "Service Unavailable",
        "status": 503,
        "detail": DETAIL,
    }
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return JSONResponse(body, 503, headers=headers, media_type="application/problem+json")
