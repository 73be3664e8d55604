"""The operator's page: how every service is doing, and the records that wait for a person."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.representation import claims, employer_announcements
from services.gateway.representation.claim_decision import ClaimState
from services.gateway.web.kit.access import OperatorAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.wiring import gateway_of
from shared.access.scope import Scope
from shared.contracts.answers.service import ServiceStatus, TopicStatus
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/operator", include_in_schema=False)
SERVICES = ("gateway", "registration", "entitlements", "dashboard")


class Health(StrEnum):
    """As `/health` says it; `UNREACHABLE` when it did not answer."""

    UP = "UP"
    DEGRADED = "DEGRADED"
    DOWN = "DOWN"
    UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True)
class ServiceState:
    """One service. `details` are the parts of its health that are not UP. `outbox` counts rows not sent yet."""

    name: str
    health: Health
    details: Sequence[str]
    outbox: int | None


@dataclass(frozen=True)
class TopicState:
    """One consumer of one topic: records a second over the last minute, lag in records, age of the oldest."""

    topic: str
    consumer: str
    per_second: Decimal
    lag: int
    oldest_seconds: Decimal | None


@dataclass(frozen=True)
class ParkedKey:
    """A key that waits: its first record failed and later ones of the same key stand behind it."""

    service: str
    topic: str
    key: str
    records: int
    error: str
    since: datetime


@dataclass(frozen=True)
class OperatorView:
    """`fragment` is fetched again every five seconds. Forms about a parked key post `service`, `topic`, `key` (and
    `reason` when dropping) to `/operator/parked/release` and `/operator/parked/drop`."""

    template: ClassVar[str] = "monitoring/monitoring.html"
    fragment: ClassVar[str] = "monitoring/monitoring_figures.html"

    updated_at: datetime
    services: Sequence[ServiceState]
    topics: Sequence[TopicState]
    parked: Sequence[ParkedKey]
    claims_waiting: int = 0
    contests_waiting: int = 0


@router.get("", response_class=HTMLResponse)
async def monitoring(request: Request, operator: OperatorAccess) -> Response:
    """Show throughput, lag, age, outbox, health and parked keys of all services."""
    scope = operator.scope
    states = await asyncio.gather(*(_status(request, scope, name) for name in SERVICES))
    parked = await asyncio.gather(*(_parked(request, scope, name) for name in SERVICES))
    async with transaction(gateway_of(request).engine) as connection:
        claims_waiting = (await claims.counts(driver(connection))).get(ClaimState.PENDING, 0)
        contests_waiting = await employer_announcements.count(driver(connection))
    view = OperatorView(
        updated_at=datetime.now(UTC),
        services=[_service(name, status) for name, status in zip(SERVICES, states, strict=True)],
        topics=[
            _topic(name, topic)
            for name, status in zip(SERVICES, states, strict=True)
            for topic in (status.topics if status else ())
        ],
        parked=[key for keys in parked for key in keys],
        claims_waiting=claims_waiting,
        contests_waiting=contests_waiting,
    )
    return page(request, operator.frame(request), view)


async def _status(request: Request, scope: Scope, service: str) -> ServiceStatus | None:
    try:
        return await gateway_of(request).questions.services[service].status(scope)
    except UnavailableError:
        return None


async def _parked(request: Request, scope: Scope, service: str) -> list[ParkedKey]:
    try:
        found = await gateway_of(request).questions.services[service].parked(scope)
    except UnavailableError:
        return []
    return [
        ParkedKey(
            service=service,
            topic=one.topic,
            key=one.key,
            records=one.records,
            error=one.error,
            since=one.since,
        )
        for one in (found.items if found else ())
    ]


def _service(name: str, status: ServiceStatus | None) -> ServiceState:
    if status is None:
        return ServiceState(name, Health.UNREACHABLE, (), None)
    details = tuple(f"{part}: {text}" for part, text in status.health.details.items())
    return ServiceState(name, Health(status.health.status), details, status.outbox.rows)


def _topic(consumer: str, topic: TopicStatus) -> TopicState:
    oldest = Decimal(str(topic.oldest_seconds)) if topic.lag or topic.oldest_seconds else None
    return TopicState(topic.topic, consumer, Decimal(str(topic.per_second)), topic.lag, oldest)
