"""The shell every service stands in: lifespan, health, metrics, status and the operator's parked records."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.access.internal_tokens import InternalTokens
from shared.http.away import AWAY_ERRORS, on_away
from shared.http.parked import router as parked_router
from shared.http.protocol import Protocol
from shared.http.simulations import router as rehearsals_router
from shared.messaging.runtime import Messaging
from shared.observability.logging import configure_logging
from shared.observability.tracing import AskedTracing
from shared.settings import ServiceSettings

CLOSING_SECONDS = 10
"""How long open requests are waited for when the service stops."""

Hook = Callable[[FastAPI], Awaitable[None]]


def create_app(
    messaging: Messaging,
    *,
    internal_key: str,
    started: Hook | None = None,
    stopping: Hook | None = None,
    **options: Any,
) -> FastAPI:
    """Create a FastAPI app whose life is the service's: messaging starts with it and ends with it.

    It describes itself to nobody unless told where: FastAPI's own pages load their scripts from another host. What is
    refused is not repeated in the answer.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await messaging.start()
        if started is not None:
            await started(app)
        yield
        if stopping is not None:
            await stopping(app)
        await messaging.stop()
        await messaging.engine.dispose()

    described = {"docs_url": None, "redoc_url": None, "openapi_url": None} | options
    # A redirect to the address without its last slash would repeat whatever `Host` the request named.
    described |= {"redirect_slashes": False}
    app = FastAPI(title=f"FLA {messaging.name}", lifespan=lifespan, **described)
    app.state.messaging = messaging
    app.state.internal_tokens = InternalTokens(internal_key)
    app.add_middleware(AskedTracing)
    app.include_router(parked_router)
    app.include_router(rehearsals_router)
    for kind in AWAY_ERRORS:
        app.add_exception_handler(kind, on_away)

    @app.exception_handler(RequestValidationError)
    async def refused(_: Request, error: RequestValidationError) -> JSONResponse:
        wrong = [{name: one[name] for name in ("type", "loc", "msg")} for one in error.errors()]
        return JSONResponse({"detail": wrong}, 422)

    @app.get("/health", include_in_schema=False)
    async def health(response: Response) -> dict[str, Any]:
        report = messaging.health()
        response.status_code = 503 if report["status"] == "DOWN" else 200
        return report

    @app.get("/metrics", include_in_schema=False)
    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return app


def serve(app: FastAPI, settings: ServiceSettings, port: int) -> None:
    """Run until a signal stops it."""
    configure_logging(settings.log_level)
    uvicorn.run(
        app,
        http=Protocol,
        host=settings.host,
        port=port + settings.port_offset,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=CLOSING_SECONDS,
        server_header=False,
    )
