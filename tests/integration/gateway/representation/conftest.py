from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import create_engine
from tests.support.claims import Claiming
from tests.support.migrated import migrated


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("gateway", new_database()), 8)
    yield made
    await made.dispose()


@pytest.fixture
async def gateway(engine: AsyncEngine) -> AsyncIterator[Claiming]:
    """A gateway on the emptied database."""
    made = Claiming(engine)
    await made.empty()
    async with made.running():
        yield made
