"""The trace of a request, from the way in to every event and log line that follows from it (W3C Trace Context).

A `traceparent` is `00-<trace id>-<parent id>-<flags>`: 32, 16 and 2 hexadecimal digits. The trace id is also shown as a
UUID, under which people find a request in the logs (`BelGov-Trace-Id`). Source: https://www.w3.org/TR/trace-context/
"""

import re
import secrets
from contextvars import ContextVar
from uuid import UUID

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.identifiers import derived_id, new_id

HEADER = "traceparent"
_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_IN_EVENT = re.compile(rb'"traceparent":"[0-9a-f]{2}-([0-9a-f]{32})-')

_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current() -> str | None:
    """Get the traceparent of what runs here; None outside of any request."""
    return _current.get()


def begin(sent: str | None = None) -> str:
    """Begin this service's part of a trace, or a new trace where none was sent in the form of the standard.

    Log lines of the running task carry the trace id as `trace` from here on.
    """
    caller = _valid(sent)
    trace = caller[0] if caller else UUID(new_id()).hex
    flags = caller[1] if caller else "01"
    return _bind(f"00-{trace}-{secrets.token_hex(8)}-{flags}")


def of(identifier: str) -> str:
    """Derive the traceparent of what outlives any request from its UUID: always the same, also after a crash.

    The trace id is the UUID itself: the trace of a file is found by the file's id.
    """
    return f"00-{UUID(identifier).hex}-{UUID(derived_id('trace', identifier)).hex[:16]}-01"


def trace_id(traceparent: str) -> str:
    """Give the trace id as people see it: a UUID."""
    return str(UUID(traceparent[3:35]))


def trace_of_event(encoded: bytes) -> str | None:
    """Find the trace id in an encoded event, which may be broken; None where there is none."""
    found = _IN_EVENT.search(encoded)
    return str(UUID(found[1].decode())) if found else None


def _valid(sent: str | None) -> tuple[str, str] | None:
    """Read trace id and flags of a header; None where it is not as the standard wants it."""
    match = _FORM.fullmatch(sent or "")
    if match is None or match[1] == "ff" or (match[1] == "00" and match[4]):
        return None
    if not match[2].strip("0") or not match[3].strip("0"):
        return None
    return match[2], (sent or "")[53:55]


def _bind(traceparent: str) -> str:
    _current.set(traceparent)
    structlog.contextvars.bind_contextvars(trace=trace_id(traceparent))
    return traceparent


class AskedTracing:
    """Middleware of the services behind the gateway: their log lines carry the trace of the question.

    The gateway's own `api/tracing.py` lies around it and has begun the trace already.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the trace from the question's header, where it has one."""
        if scope["type"] == "http":
            sent = next((value for name, value in scope["headers"] if name == b"traceparent"), None)
            if sent is not None and current() is None:
                begin(sent.decode("latin-1"))
        await self._app(scope, receive, send)
