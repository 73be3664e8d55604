from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.product_in_process import Product, product


@pytest.fixture(scope="module")
async def fla(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    folder: Path = tmp_path_factory.mktemp("product")
    async with product(new_database, folder) as running:
        yield running
