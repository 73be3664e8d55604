from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import create_engine
from tests.support.entitlements import Entitlements, Submissions
from tests.support.migrated import migrated


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("entitlements", new_database()), 4)
    yield made
    await made.dispose()


@pytest.fixture
async def service(engine: AsyncEngine) -> Entitlements:
    made = Entitlements(engine)
    await made.empty()
    return made


@pytest.fixture
def declared() -> Submissions:
    return Submissions()
