"""The stream that says when to look again: `GET /internal/changes?enterprise=…` or `?person=…`."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from services.dashboard.live.announce import tail
from services.dashboard.live.hub import Hub, Watch
from services.dashboard.queries.asking import of_enterprise, of_person
from services.dashboard.settings import DashboardSettings
from shared.http.scope import Asking

router = APIRouter(prefix="/internal")


@router.get("/changes")
async def changes(
    request: Request,
    scope: Asking,
    enterprise: Annotated[str | None, Query(pattern=r"^\d{10}$")] = None,
    person: UUID | None = None,
) -> EventSourceResponse:
    """Stream server-sent events named `changed`, without content: what changed is asked for, in the asker's scope.

    At most a few a second however much happens, and always one after the last change. A change of the last ten seconds
    before the stream opened is told at once. Comments in between show that the stream is alive.
    """
    if (enterprise is None) == (person is None):
        raise HTTPException(400, "name either an enterprise or a person")
    if enterprise is not None:
        of_enterprise(enterprise, scope)
        key = enterprise
    else:
        assert person is not None
        of_person(person, scope)
        key = tail(str(person))
    settings: DashboardSettings = request.app.state.settings
    hub: Hub = request.app.state.hub
    return EventSourceResponse(
        _signals(hub, key, 1 / settings.dashboard_changes_per_second), ping=settings.dashboard_heartbeat_seconds
    )


async def _signals(hub: Hub, key: str, pause: float) -> AsyncIterator[ServerSentEvent]:
    with hub.watching(key) as watch:
        async for event in coalesced(watch, pause):
            yield event


async def coalesced(watch: Watch, pause: float) -> AsyncIterator[ServerSentEvent]:
    """Yield one event for all changes since the last one, at least `pause` seconds apart."""
    while True:
        await watch.wait()
        yield ServerSentEvent(event="changed", data="{}")
        await asyncio.sleep(pause)
