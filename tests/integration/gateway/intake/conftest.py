from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import create_engine
from tests.support.intake_in_chunks import IntakeInChunks
from tests.support.migrated import migrated


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("gateway", new_database()), 4)
    yield made
    await made.dispose()


@pytest.fixture
async def intake(engine: AsyncEngine) -> IntakeInChunks:
    made = IntakeInChunks(engine)
    await made.empty()
    return made
