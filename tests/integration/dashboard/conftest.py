"""A dashboard with a real database: events go in by its projections, questions are asked over HTTP."""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dashboard.main import create
from services.dashboard.projections import HANDLERS
from services.dashboard.settings import DashboardSettings
from services.dashboard.storage.tables import balance, employment, enterprise, training
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Role, Scope, system_scope
from shared.contracts import employments, entitlements, trainings
from shared.database.engine import create_engine, driver, transaction
from shared.database.migrate import upgrade
from shared.messaging.records import Work
from tests.integration.dashboard.examples import MOMENT
from tests.support.reading import as_read

KEY = "a key that only this test run knows, long enough"
_TOPIC_OF = {"training": trainings.TOPIC, "entitlement": entitlements.TOPIC}


def topic_of(event: dict[str, Any]) -> str:
    """The topic an event travels on, by its type."""
    return _TOPIC_OF.get(event["type"].split(".")[2], employments.TOPIC)


def employer(*numbers: str, person: str | None = None) -> Scope:
    """Someone who may read these enterprises, and is perhaps an employee too."""
    roles = frozenset({Role.EMPLOYER_READ})
    return Scope(ActorKind.PERSON, person or "user", frozenset(numbers), person=person, roles=roles)


def citizen(person: str) -> Scope:
    """Someone who looks at the own account."""
    return Scope(ActorKind.PERSON, person, person=person, roles=frozenset({Role.CITIZEN}))


OPERATOR = system_scope("test")


@dataclass(frozen=True)
class Dashboard:
    """What a test does with it."""

    url: str
    app: FastAPI
    engine: AsyncEngine

    async def project(self, events: Iterable[dict[str, Any]]) -> None:
        """One batch: all these events in one transaction, topic by topic, as the consumer hands them over."""
        by_topic: dict[str, list[dict[str, Any]]] = {topic: [] for topic in HANDLERS}
        for event in events:
            by_topic[topic_of(event)].append(event)
        async with transaction(self.engine) as connection:
            work = Work(driver(connection), datetime.fromisoformat(MOMENT))
            for topic, of_topic in by_topic.items():
                if of_topic:
                    await HANDLERS[topic](work, as_read(HANDLERS, topic, of_topic))

    async def ask(self, path: str, scope: Scope, **parameters: Any) -> httpx.Response:
        """An internal question in someone's scope."""
        transport = httpx.ASGITransport(self.app)
        headers = InternalTokens(KEY).authorization(scope)
        async with httpx.AsyncClient(transport=transport, base_url="http://dashboard", headers=headers) as client:
            return await client.get(f"/internal{path}", params=parameters or None)

    async def answer(self, path: str, scope: Scope, **parameters: Any) -> Any:
        """The JSON of a question that must succeed."""
        response = await self.ask(path, scope, **parameters)
        assert response.status_code == 200, response.text
        return response.json()

    async def rows(self, statement: str, *arguments: Any) -> Sequence[Any]:
        """What the tables hold, seen by their owner."""
        async with transaction(self.engine) as connection:
            return list(await driver(connection).fetch(statement, *arguments))

    async def empty(self) -> None:
        """Nothing known any more."""
        tables = ", ".join(table.name for table in (training, employment, enterprise, balance))
        tables += ", ended_access"
        async with transaction(self.engine) as connection:
            await driver(connection).execute(f"truncate {tables}")


def migrate(url: str) -> None:
    """Bring a new database to the dashboard's schema."""
    os.environ["FLA_DASHBOARD_DATABASE_URL"] = url
    upgrade("dashboard")


@pytest.fixture(scope="module")
def dashboard_url(new_database: Callable[[], str]) -> str:
    url = new_database()
    migrate(url)
    return url


def settings_for(url: str, **more: Any) -> DashboardSettings:
    """Settings of a dashboard on this database; Kafka is nowhere unless named."""
    return DashboardSettings(
        _env_file=None, dashboard_database_url=url, internal_key=KEY, **{"kafka_bootstrap": "127.0.0.1:1"} | more
    )


@pytest.fixture(scope="module")
async def running(dashboard_url: str) -> AsyncIterator[Dashboard]:
    app = create(settings_for(dashboard_url))
    engine = create_engine(dashboard_url, 2)
    yield Dashboard(dashboard_url, app, engine)
    await engine.dispose()
    await app.state.questions.engine.dispose()


@pytest.fixture
async def dashboard(running: Dashboard) -> Dashboard:
    """An empty dashboard."""
    await running.empty()
    return running
