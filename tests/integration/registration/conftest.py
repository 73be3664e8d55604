from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registration.handlers import HANDLERS
from shared.contracts.topics import TOPICS
from shared.contracts.training_submissions import TOPIC
from shared.database.engine import create_engine, driver, transaction
from shared.messaging.records import Work
from tests.support.migrated import migrated
from tests.support.reading import as_read


class Registration:
    """The service's handler on its real database; what it would send comes back decoded and checked."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def receives(self, *events: dict[str, Any], now: datetime | None = None) -> list[dict[str, Any]]:
        async with transaction(self.engine) as connection:
            work = Work(driver(connection), now or datetime.now(UTC))
            await HANDLERS[TOPIC](work, as_read(HANDLERS, TOPIC, TOPICS[TOPIC].many.validate_python(list(events))))
        for sent in work.outgoing:
            told = TOPICS[sent.topic].adapter.validate_json(sent.value)
            key = told["data"]["submission"] if sent.topic == "fla.outcomes.v1" else told["data"]["person"]
            assert sent.key.decode() == key
        return [orjson.loads(sent.value) for sent in work.outgoing]

    async def rows(self, table: str) -> int:
        async with transaction(self.engine) as connection:
            return int(await driver(connection).fetchval(f"select count(*) from {table}"))


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("registration", new_database()), 4)
    yield made
    await made.dispose()


@pytest.fixture
async def registration(engine: AsyncEngine) -> Registration:
    async with engine.begin() as connection:
        await connection.exec_driver_sql("truncate training_version, settled_item, employment, ended_access")
    return Registration(engine)
