"""A service starts before Kafka, outlives its standstill, ends without losing what it holds, and sees that it hangs."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.messaging import runtime
from shared.messaging.records import Work
from shared.messaging.runtime import RESTART_STATUS, Messaging
from tests.support.broken_kafka import reachable_at, standing_still, unused_address
from tests.support.messaging import Note, Notebook, eventually

NOTES = [(f"key-{number % 7}", number) for number in range(200)]


async def test_a_service_that_starts_before_kafka_says_so_and_begins_when_it_comes(notebook: Notebook) -> None:
    await notebook.publish(NOTES)
    address = unused_address()
    async with notebook.running(kafka_bootstrap=address) as messaging:
        await asyncio.sleep(1)
        assert messaging.health()["status"] == "DEGRADED", "what waits is safe: this is no reason to restart"
        assert "away" in messaging.health()["details"]["kafka"]
        async with reachable_at(address, notebook.bootstrap):
            await notebook.has_seen(200)
            await eventually(lambda: _is(messaging, "UP"))
    assert sorted(await notebook.told()) == sorted(NOTES)


async def test_a_kafka_that_stands_still_for_a_while_costs_nothing_but_time(notebook: Notebook) -> None:
    async with notebook.running():
        await notebook.publish(NOTES[:100])
        await notebook.has_seen(100)
        with standing_still(notebook.bootstrap):
            await asyncio.sleep(3)
        await notebook.publish(NOTES[100:])
        await notebook.has_seen(200)
    assert sorted(await notebook.seen()) == sorted(NOTES)


async def test_a_service_that_is_told_to_stop_ends_its_batch_and_sends_what_it_decided(notebook: Notebook) -> None:
    began = asyncio.Event()

    async def slow(work: Work, events: Sequence[Note]) -> None:
        began.set()
        await asyncio.sleep(0.5)

    notebook.faults.before = slow
    await notebook.publish(NOTES[:20], 0)
    async with notebook.running():
        await began.wait()
    handled = await notebook.seen()
    assert handled, "a batch that was begun is not thrown away"
    assert sorted(await notebook.told()) == sorted(handled)
    assert await notebook.fetch("select 1 from outbox") == []


async def test_a_service_that_hangs_with_work_to_do_ends_itself(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consumer can hang for good after a broker restart; nothing but a fresh process helps."""
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    monkeypatch.setattr(runtime, "WATCH_SECONDS", 1.0)
    let_go = asyncio.Event()

    async def hang(work: Work, events: Sequence[Note]) -> None:
        await let_go.wait()

    notebook.faults.before = hang
    async with notebook.running(stall_seconds=1) as messaging:
        try:
            await asyncio.sleep(2.5)
            assert ended == [], "nothing to do is no reason"
            await notebook.publish(NOTES)
            await eventually(lambda: _is(messaging, "DOWN"))
            await eventually(lambda: _any(ended))
        finally:
            let_go.set()
    assert set(ended) == {RESTART_STATUS}


async def test_a_consumer_that_never_gets_its_place_in_the_group_back_ends_itself(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a broker's restart: it has no partitions, so it knows of no lag, and all looks well."""
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    monkeypatch.setattr(runtime, "WATCH_SECONDS", 1.0)

    async def never(subscription: object) -> bool:
        await asyncio.sleep(0.1)
        return False

    await notebook.publish(NOTES)
    async with notebook.running(stall_seconds=3) as messaging:
        await notebook.has_seen(200)
        await asyncio.sleep(4)
        assert ended == []
        coordinator = messaging.consumer.kafka._coordinator  # type: ignore[union-attr]
        monkeypatch.setattr(coordinator, "_do_rejoin_group", never)
        coordinator.request_rejoin()
        await notebook.publish(NOTES)
        await eventually(lambda: _is(messaging, "DOWN"))
        assert "no place" in messaging.health()["details"]["progress"]
        await eventually(lambda: _any(ended))
        coordinator._do_rejoin_group = type(coordinator)._do_rejoin_group.__get__(coordinator)
        await notebook.has_seen(400)


async def _is(messaging: Messaging, status: str) -> bool:
    return bool(messaging.health()["status"] == status)


async def _any(found: list[int]) -> bool:
    return bool(found)
