"""How a page learns of a change: the dashboard service's stream of server-sent events, passed on to the browser."""

import asyncio
import time
from collections.abc import AsyncIterator

import httpx
import structlog
from fastapi import Request
from fastapi.responses import StreamingResponse

from services.gateway.web.kit.access import access_to
from services.gateway.web.kit.visitor import ForbiddenError, SignInNeededError, Visitor, visitor_of
from services.gateway.wiring import gateway_of
from shared.access.scope import Scope

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 30.0
"""An open stream ends within this time after the right or the session behind it did."""


async def stream_changes(request: Request, visitor: Visitor, **of: str) -> StreamingResponse:
    """Pass on the stream of changes of an `enterprise` or a `person`. Who may not have it is refused at once."""
    scope = await _scope(request, visitor, of)

    async def passing_on() -> AsyncIterator[bytes]:
        try:
            async with gateway_of(request).questions.dashboard.changes(scope, **of) as answer:
                async for part in _while_open(request, of, answer.aiter_raw()):
                    yield part
        except httpx.HTTPError:
            return  # the browser comes again by itself, and reads what changed meanwhile

    return StreamingResponse(
        passing_on(), media_type="text/event-stream", headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )


async def _scope(request: Request, visitor: Visitor, of: dict[str, str]) -> Scope:
    if "enterprise" in of:
        return (await access_to(request, visitor, of["enterprise"])).scope
    return visitor.own_scope


async def _while_open(request: Request, of: dict[str, str], parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the parts as they come, until there are no more or the visitor may not have them any more."""
    looked = time.monotonic()
    coming = asyncio.ensure_future(_next(parts))
    try:
        while True:
            left = looked + LOOK_AGAIN_SECONDS - time.monotonic()
            if left <= 0:
                if not await _is_open(request, of):
                    return
                looked = time.monotonic()
                continue
            await asyncio.wait([coming], timeout=left)
            if coming.done():
                part = coming.result()
                if part is None:
                    return
                yield part
                coming = asyncio.ensure_future(_next(parts))
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _next(parts: AsyncIterator[bytes]) -> bytes | None:
    return await anext(parts, None)


async def _is_open(request: Request, of: dict[str, str]) -> bool:
    """Check that session and right are still there. A database that is away ends the stream: it is opened anew."""
    try:
        await _scope(request, await visitor_of(request), of)
    except (SignInNeededError, ForbiddenError):
        return False
    except Exception as error:  # noqa: BLE001 - the answer has begun: only the log can say it
        log.warning("a stream of changes ends unchecked", error=type(error).__name__)
        return False
    return True
