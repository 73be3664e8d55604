from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.ledger_inputs import decode_inputs, encode_inputs
from shared.database.engine import create_engine
from tests.support.entitlements import Entitlements, Submissions
from tests.support.migrated import migrated


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("entitlements", new_database()), 4)
    yield made
    await made.dispose()


@pytest.fixture
async def service(engine: AsyncEngine) -> AsyncIterator[Entitlements]:
    """The service on an empty database; whatever a test books must be explained to the last key."""
    made = Entitlements(engine)
    await made.empty()
    yield made
    for rule, version, inputs in await made.fetch("select rule, rule_version, inputs::text from ledger_line"):
        assert encode_inputs(decode_inputs(rule, version, inputs)) == inputs


@pytest.fixture
def declared() -> Submissions:
    return Submissions()
