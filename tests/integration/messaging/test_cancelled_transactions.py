"""A transaction that is cancelled, wherever it is, takes nothing of a later one on the same connection with it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from random import Random

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import create_engine, driver, transaction

ROUNDS = 200


@pytest.fixture
async def engine(new_database: Callable[[], str]) -> AsyncIterator[AsyncEngine]:
    made = create_engine(new_database(), 1)
    async with transaction(made) as connection:
        await driver(connection).execute("create table kept (number int primary key)")
    yield made
    await made.dispose()


async def _something(engine: AsyncEngine) -> None:
    async with transaction(engine) as connection:
        await driver(connection).execute("select pg_sleep(0.001)")


async def test_what_was_committed_stays(engine: AsyncEngine) -> None:
    """Lost, in silence: a commit, because a request before it was hung up on while its transaction began."""
    chance = Random(1)
    for number in range(ROUNDS):
        doomed = asyncio.create_task(_something(engine))
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        await asyncio.sleep(chance.choice((0.0, 0.0, 0.0002, 0.0005, 0.001, 0.002)))
        doomed.cancel()
        await asyncio.gather(doomed, return_exceptions=True)
        async with transaction(engine) as connection:
            await driver(connection).execute("insert into kept values ($1)", number)
    async with transaction(engine) as connection:
        rows = await driver(connection).fetch("select number from kept order by number")
    assert [row[0] for row in rows] == list(range(ROUNDS))
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]
