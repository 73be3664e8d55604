from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from services.gateway.web.kit import submit
from tests.support.access.gateway import World, gateway_on
from tests.support.migrated import migrated


@pytest.fixture(scope="module")
async def world(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The gateway with its rights read from a real database; what it takes is never decided, and not waited for."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submit, "WAIT_SECONDS", 0.0)
        folder: Path = tmp_path_factory.mktemp("batches")
        async with gateway_on(await migrated("gateway", new_database()), folder) as made:
            yield made
