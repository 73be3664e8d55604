from collections.abc import AsyncIterator, Callable

import pytest

from tests.support.messaging import Notebook


@pytest.fixture(scope="module")
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
async def notebook(kafka: str, database: str) -> AsyncIterator[Notebook]:
    made = Notebook(kafka, database, partitions=2)
    await made.open()
    yield made
    await made.close()
