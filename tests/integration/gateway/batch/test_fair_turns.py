"""Senders take turns: a hundred files of one do not hold up the one of another."""

import pytest

from services.gateway.batch.work.leases import NextBatch, claim, end_slice
from shared.database.engine import driver, transaction
from tests.support.batch_gateway import OTHER, SENDER, BatchGateway
from tests.support.batch_xml import batch, training

MANY = 12


async def _sends(gateway: BatchGateway, sender: str, number: int) -> str:
    stored, _ = await gateway.sends(batch(training(f"T-{number}")), sender=sender)
    return stored.id


@pytest.mark.parametrize("what", list(NextBatch))
async def test_the_one_file_of_another_is_served_second(gateway: BatchGateway, what: NextBatch) -> None:
    many = [await _sends(gateway, SENDER, number) for number in range(MANY)]
    own = await _sends(gateway, OTHER, MANY)
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        if what is NextBatch.TO_REGISTER:
            await raw.execute("update batch set state = 'processing'")
            await raw.execute("update submission set declared = 2")
    turns = []
    for _ in range(MANY + 1):
        async with transaction(gateway.engine) as connection:
            lease = await claim(driver(connection), what)
            assert lease is not None
            turns.append(lease.batch)
            if what is NextBatch.TO_REGISTER:
                await end_slice(driver(connection), lease)
    assert own in turns[:2]
    if what is NextBatch.TO_REGISTER:
        # Slice by slice: every second one is the other sender's, however many files the first one has.
        assert turns.count(own) >= MANY // 2
    else:
        assert sorted(turns) == sorted([*many, own])
