"""What was decided reaches Kafka, whatever happens between the commit and the broker's answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from shared.database.engine import driver, transaction
from shared.messaging import outbox
from shared.messaging.producer import Producer
from shared.messaging.records import Outgoing
from shared.messaging.relay import Relay
from tests.support.messaging import PATIENCE_SECONDS, Notebook, eventually, outgoing

DEAD = "127.0.0.1:1"


@asynccontextmanager
async def relaying(notebook: Notebook, bootstrap: str, *, memory_rows: int = 64) -> AsyncIterator[Relay]:
    producer = Producer(bootstrap, send_seconds=5)
    relay = Relay(notebook.engine, producer, memory_rows=memory_rows, sweep_seconds=3600)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await producer.close()


async def decide(notebook: Notebook, events: list[Outgoing], relay: Relay | None = None) -> None:
    """What a handler's transaction does; without a relay the process dies right after the commit."""
    async with transaction(notebook.engine) as connection:
        row = await outbox.write(driver(connection), events)
    if relay is not None:
        relay.offer(row, events)


async def kept(notebook: Notebook) -> int:
    return len(await notebook.fetch("select 1 from outbox"))


async def nothing_kept(notebook: Notebook) -> bool:
    return await kept(notebook) == 0


def notes(turn: int) -> list[tuple[str, int]]:
    return [(f"key-{number}", turn) for number in range(10)]


def in_order(found: list[tuple[str, int]]) -> bool:
    return all(
        [number for key, number in found if key == name] == sorted(number for key, number in found if key == name)
        for name in {key for key, _ in found}
    )


async def test_rows_left_by_a_crash_between_commit_and_relay_go_out_at_the_next_start(notebook: Notebook) -> None:
    for turn in range(5):
        await decide(notebook, outgoing(notebook.out, notes(turn)))
    async with relaying(notebook, notebook.bootstrap) as relay:
        await decide(notebook, outgoing(notebook.out, notes(5)), relay)
        await eventually(lambda: nothing_kept(notebook))
    told = await notebook.told()
    assert sorted(told) == sorted(note for turn in range(6) for note in notes(turn))
    assert in_order(told)


async def test_while_kafka_is_away_every_row_is_kept_and_memory_stays_small(notebook: Notebook) -> None:
    async with relaying(notebook, DEAD, memory_rows=4) as relay:
        for turn in range(20):
            await decide(notebook, outgoing(notebook.out, notes(turn)), relay)
        await asyncio.sleep(0.5)
        assert relay.crowded, "who produces is told to wait"
        assert len(relay._rows) <= 4
        assert await kept(notebook) == 20
    async with relaying(notebook, notebook.bootstrap, memory_rows=4):
        await eventually(lambda: nothing_kept(notebook))
    told = await notebook.told()
    assert sorted(told) == sorted(note for turn in range(20) for note in notes(turn))
    assert in_order(told)


async def test_when_kafka_comes_back_the_same_relay_catches_up_from_the_table_in_order(notebook: Notebook) -> None:
    async with relaying(notebook, DEAD, memory_rows=4) as relay:
        for turn in range(20):
            await decide(notebook, outgoing(notebook.out, notes(turn)), relay)
        relay._producer._bootstrap = notebook.bootstrap
        for turn in range(20, 40):
            await decide(notebook, outgoing(notebook.out, notes(turn)), relay)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await relay.drained()
        assert not relay.crowded
    assert await kept(notebook) == 0
    told = await notebook.told()
    assert sorted(set(told)) == sorted(note for turn in range(40) for note in notes(turn))
    assert in_order(told)


async def test_what_the_table_gave_is_not_sent_again_from_memory(notebook: Notebook) -> None:
    """It would come after what was decided later."""

    to_come = [1, 2]

    class Busy(Producer):
        """While the table is being read, two more rows are decided: they are in it and in memory."""

        async def send(self, events: Sequence[Outgoing]) -> None:
            await super().send(events)
            while to_come:
                await decide(notebook, outgoing(notebook.out, notes(to_come.pop(0))), relay)

    await decide(notebook, outgoing(notebook.out, notes(0)))
    producer = Busy(notebook.bootstrap)
    relay = Relay(notebook.engine, producer, memory_rows=64, sweep_seconds=3600)
    running = asyncio.create_task(relay.run())
    await eventually(lambda: nothing_kept(notebook))
    async with asyncio.timeout(5):
        await relay.drained()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await producer.close()
    assert sorted(await notebook.told()) == sorted(note for turn in range(3) for note in notes(turn))


async def test_the_partitions_last_owner_may_have_left_rows_which_go_out_before_the_slow_sweep(
    notebook: Notebook,
) -> None:
    async with relaying(notebook, notebook.bootstrap) as relay:
        await decide(notebook, outgoing(notebook.out, notes(0)), relay)
        await eventually(lambda: nothing_kept(notebook))
        await decide(notebook, outgoing(notebook.out, notes(1)))  # by a replica that dies
        await asyncio.sleep(1.2)
        assert await kept(notebook) == 1
        relay.look_for_left_behind()
        await eventually(lambda: nothing_kept(notebook))
    assert len(await notebook.told()) == 20


async def test_a_busy_relay_still_sweeps(notebook: Notebook) -> None:
    """Rows that nobody has in memory must not wait for a quiet hour."""
    producer = Producer(notebook.bootstrap)
    relay = Relay(notebook.engine, producer, memory_rows=64, sweep_seconds=0.5)
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.3)
    await decide(notebook, outgoing(notebook.out, [("forgotten", 1)]))
    for turn in range(40):
        await decide(notebook, outgoing(notebook.out, notes(turn)), relay)
        await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await producer.close()
    assert ("forgotten", 1) in await notebook.told()


async def test_large_rows_are_relayed_a_bounded_piece_at_a_time(notebook: Notebook) -> None:
    """A long absence of Kafka leaves gigabytes: read at once they would end the service."""
    for turn in range(6):
        await decide(
            notebook, [Outgoing(notebook.out, b"key", b'{"key":"key","number":%d}' % turn + b" " * 400_000)] * 20
        )
    pieces = []
    async with transaction(notebook.engine) as connection:
        raw = driver(connection)
        while rows := await raw.fetch(outbox.LEFT_BEHIND, 0.0):
            pieces.append(len(rows))
            await raw.execute(outbox.DELETE, [row["id"] for row in rows])
    assert sum(pieces) == 6
    assert max(pieces) <= 3


@pytest.mark.parametrize("sizes", [[0], [40_000_000]])
async def test_a_single_row_of_any_size_goes_out(notebook: Notebook, sizes: list[int]) -> None:
    for size in sizes:
        events = [Outgoing(notebook.out, b"key", b'{"key":"key","number":1}' + b" " * 900_000)] * (size // 900_000)
        await decide(notebook, [*events, *outgoing(notebook.out, [("key", 2)])])
    async with relaying(notebook, notebook.bootstrap):
        await eventually(lambda: nothing_kept(notebook))
    assert (await notebook.told())[-1] == ("key", 2)
