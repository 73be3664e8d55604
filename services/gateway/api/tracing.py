"""Every answer carries the id under which its request can be found in the logs, and is measured."""

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.observability import metrics, tracing

TRACE_HEADER = "BelGov-Trace-Id"


class Tracing:
    """`BelGov-Trace-Id` on every answer; the time per route template, never per address, so no id becomes a label."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mark its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = next((value for name, value in scope["headers"] if name == b"traceparent"), b"")
        # On every line of log that this request's task writes, the server's own on a failure among them.
        trace = tracing.trace_id(tracing.begin(sent.decode("latin-1")))
        scope.setdefault("state", {})["trace_id"] = trace
        started = time.perf_counter()
        status = "500"

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                message.setdefault("headers", []).append((TRACE_HEADER.lower().encode(), trace.encode()))
            await send(message)

        try:
            await self._app(scope, receive, marked)
        finally:
            route: Any = scope.get("route")
            template = getattr(route, "path", "other")
            metrics.REQUESTS.labels(template, scope["method"], status[0] + "xx").observe(time.perf_counter() - started)
