from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import create_engine
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway, Kafka
from tests.support.migrated import migrated

MakeGateway = Callable[..., BatchGateway]


@pytest.fixture(scope="module")
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(await migrated("gateway", new_database()), 12)
    yield made
    await made.dispose()


@pytest.fixture
async def make_gateway(engine: AsyncEngine, tmp_path: Path) -> MakeGateway:
    """Makes a gateway on the emptied database; several share it as replicas."""
    first = BatchGateway(engine, tmp_path)
    await first.empty()
    await first.has_enterprises(SENDER, MANDATED)
    await first.has_mandates(SENDER, MANDATED)
    return lambda kafka=None, **settings: BatchGateway(engine, tmp_path, kafka, **settings)


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Any:
    return make_gateway(Kafka())
