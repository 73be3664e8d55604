from collections.abc import AsyncIterator, Callable

import pytest

from tests.support.messaging import Notebook


@pytest.fixture
async def notebook(kafka: str, new_database: Callable[[], str]) -> AsyncIterator[Notebook]:
    made = Notebook(kafka, new_database(), partitions=2)
    await made.open()
    yield made
    await made.close()
