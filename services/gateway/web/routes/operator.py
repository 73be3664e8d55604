"""The operator's page: how every service is doing, and the records that wait for a person."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.representation import announcements, claims
from services.gateway.representation.deciding import State
from services.gateway.web import links
from services.gateway.web.notices import told
from services.gateway.web.pages import form_of, page, see_other, typed
from services.gateway.web.reader import ForbiddenError, Reading
from services.gateway.web.views.frame import Area
from services.gateway.web.views.operator import Health, OperatorView, ParkedKey, ServiceState, TopicState
from services.gateway.wiring import gateway_of
from shared.access.scope import Scope
from shared.database.engine import driver, transaction
from shared.reasons import ReasonRefusedError, checked_reason

router = APIRouter(prefix="/operator", include_in_schema=False)

SERVICES = ("gateway", "registration", "entitlements", "dashboard")


@router.get("", response_class=HTMLResponse)
async def monitoring(request: Request, reader: Reading) -> Response:
    """Throughput, lag, age, outbox, health and parked keys."""
    scope = reader.operator_scope
    states = await asyncio.gather(*(_status(request, scope, name) for name in SERVICES))
    parked = await asyncio.gather(*(_parked(request, scope, name) for name in SERVICES))
    async with transaction(gateway_of(request).engine) as connection:
        claims_waiting = (await claims.counts(driver(connection))).get(State.PENDING, 0)
        contests_waiting = await announcements.count(driver(connection))
    view = OperatorView(
        updated_at=datetime.now(UTC),
        services=[_service(name, status) for name, status in zip(SERVICES, states, strict=True)],
        topics=[
            _topic(name, topic)
            for name, status in zip(SERVICES, states, strict=True)
            for topic in (status or {}).get("topics", ())
        ],
        parked=[key for keys in parked for key in keys],
        claims_waiting=claims_waiting,
        contests_waiting=contests_waiting,
    )
    return page(request, reader.frame(request, area=Area.OPERATOR), view)


async def _status(request: Request, scope: Scope, service: str) -> dict[str, Any] | None:
    try:
        status: dict[str, Any] | None = await gateway_of(request).questions.ask(service, "/internal/status", scope)
    except UnavailableError:
        return None
    return status


async def _parked(request: Request, scope: Scope, service: str) -> list[ParkedKey]:
    try:
        found = await gateway_of(request).questions.ask(service, "/internal/parked", scope) or {"items": []}
    except UnavailableError:
        return []
    return [
        ParkedKey(
            service=service,
            topic=item["topic"],
            key=item["key"],
            records=item["records"],
            error=item["error"],
            since=datetime.fromisoformat(item["since"]),
        )
        for item in found["items"]
    ]


def _service(name: str, status: dict[str, Any] | None) -> ServiceState:
    if status is None:
        return ServiceState(name, Health.UNREACHABLE, (), None)
    health = status["health"]
    details = tuple(f"{part}: {text}" for part, text in health["details"].items())
    return ServiceState(name, Health(health["status"]), details, status["outbox"]["rows"])


def _topic(consumer: str, topic: dict[str, Any]) -> TopicState:
    oldest = Decimal(str(topic["oldestSeconds"])) if topic["lag"] or topic["oldestSeconds"] else None
    return TopicState(topic["topic"], consumer, Decimal(str(topic["perSecond"])), topic["lag"], oldest)


@router.post("/parked/release")
async def release(request: Request, reader: Reading) -> Response:
    """Try a parked key again."""
    return await _act(request, reader, "release")


@router.post("/parked/drop")
async def drop(request: Request, reader: Reading) -> Response:
    """Give up the first record of a parked key, with a reason that is kept."""
    return await _act(request, reader, "drop")


async def _act(request: Request, reader: Reading, action: str) -> Response:
    scope = reader.operator_scope
    form = await form_of(request, reader)
    service, reason = typed(form, "service"), typed(form, "reason")
    if service not in SERVICES:
        raise ForbiddenError
    body = {"topic": typed(form, "topic"), "key": typed(form, "key")}
    if action == "drop":
        try:
            body["reason"] = checked_reason(reason)
        except ReasonRefusedError:
            return see_other(told(links.OPERATOR, "reasonRefused"))
    await gateway_of(request).questions.tell(service, f"/internal/parked/{action}", scope, body)
    return see_other(told(links.OPERATOR, "released" if action == "release" else "dropped"))
