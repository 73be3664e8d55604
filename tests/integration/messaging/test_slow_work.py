"""Work that takes long delays, and is done once: nobody begins the same batch over and over."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from shared.messaging import batch_runner, runtime
from shared.messaging import consumer as consuming
from shared.messaging.records import Work
from shared.messaging.runtime import Messaging
from tests.support.messaging import Note, Notebook, eventually

NOTES = [(f"key-{number % 7}", number) for number in range(200)]


def owned(messaging: Messaging) -> int:
    """How many partitions this replica has in its hands."""
    kafka = messaging.consumer.kafka
    return len(kafka.assignment()) if kafka is not None else 0


async def test_a_replica_thrown_out_of_the_group_for_being_slow_did_its_work_once_and_comes_back(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kafka gives its partitions to another, who finds the work done. Else both would begin it again, for ever."""
    monkeypatch.setattr(consuming, "REBALANCE_PATIENCE_SECONDS", 0.5)
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(work: Work, events: Sequence[Note]) -> None:
        began.set()
        await go_on.wait()

    await notebook.publish(NOTES)
    monkeypatch.setattr(consuming, "POLL_SECONDS", 2.0)
    async with notebook.running() as first:
        await eventually(lambda: _is(owned(first) == 2))
        notebook.faults.before = slow
        await notebook.publish([("slow", 1000)], 0)
        await began.wait()
        await eventually(lambda: _is(not first.consumer.state.next_offsets))
        notebook.faults.before = None
        monkeypatch.setattr(consuming, "POLL_SECONDS", 300.0)
        async with notebook.running() as second:
            await eventually(lambda: _is(owned(second) == 2))
            await notebook.publish([("slow", 1001)], 0)
            await notebook.publish([("quick", 1), ("quick", 2)], 1)
            await asyncio.sleep(1)
            assert ("slow", 1001) not in await notebook.seen(), "it waits for what comes before it"
            go_on.set()
            await notebook.has_seen(204)
            await eventually(lambda: _is(owned(first) == owned(second) == 1))
            await notebook.publish([("after", number) for number in range(2)], 0)
            await notebook.publish([("after", number) for number in range(2, 4)], 1)
            await notebook.has_seen(208)
    seen = await notebook.seen()
    assert len(seen) == len(set(seen)) == 208
    assert set(await notebook.told()) == set(seen)


async def test_a_batch_that_would_outlast_the_watch_is_done_in_pieces(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch ends a process without progress: it would begin the same batch again, and be ended again."""
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    monkeypatch.setattr(runtime, "WATCH_SECONDS", 1.0)
    monkeypatch.setattr(batch_runner, "PIECE_SECONDS", 1.0)

    async def slow(work: Work, events: Sequence[Note]) -> None:
        await asyncio.sleep(0.03 * len(events))

    notebook.faults.before = slow
    await notebook.publish(NOTES, 0)
    async with notebook.running(stall_seconds=2) as messaging:
        await notebook.has_seen(200)
        assert messaging.health()["status"] != "DOWN"
    assert ended == []
    assert await notebook.seen() == NOTES
    assert await notebook.fetch("select 1 from parked") == [], "slow is not broken"
    assert max(notebook.faults.calls[1:]) <= 25, "what was too much once is not tried again"


async def test_what_cannot_be_done_in_time_is_given_back_and_read_again(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a database is away the consumer keeps reading, so that Kafka does not think it dead."""
    monkeypatch.setattr(batch_runner, "HELD_SECONDS", 0.5)
    monkeypatch.setattr(consuming, "POLL_SECONDS", 4.0)
    left: list[Any] = []
    failures = 8

    async def away(work: Work, events: Sequence[Note]) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionRefusedError("no database")

    notebook.faults.before = away
    await notebook.publish(NOTES)
    async with notebook.running() as messaging:
        revoked = messaging.consumer.on_partitions_revoked

        async def noted(partitions: Any) -> None:
            left.append(partitions)
            await revoked(partitions)

        await eventually(lambda: _is(owned(messaging) == 2))
        monkeypatch.setattr(messaging.consumer, "on_partitions_revoked", noted)
        await notebook.has_seen(200)
        assert left == []
    assert sorted(await notebook.seen()) == sorted(NOTES)


async def test_a_replica_that_joins_is_given_partitions_when_the_running_batch_has_ended(notebook: Notebook) -> None:
    """Otherwise it would wait in the database for what the other one is doing, and be slow itself."""
    began = asyncio.Event()

    async def slow(work: Work, events: Sequence[Note]) -> None:
        began.set()
        await asyncio.sleep(6)

    async with notebook.running() as first:
        await eventually(lambda: _is(owned(first) == 2))
        notebook.faults.before = slow
        await notebook.publish([("slow", 1)])
        await began.wait()
        async with notebook.running() as second:
            await eventually(lambda: _is(owned(second) == 1))
            assert await notebook.seen() == [("slow", 1)]


async def _is(true: bool) -> bool:
    return true
