"""At most once would lose what is in hand in a crash: offsets are committed by us alone, after the work."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from sqlalchemy.ext.asyncio import create_async_engine

from shared.messaging import consumer as consumer_module
from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from tests.support.messaging import settings

ROOT = Path(__file__).parents[3]


async def _subscriber() -> Any:
    """The one subscription of a consumer."""
    broker = KafkaBroker("127.0.0.1:1")
    engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    relay = Relay(engine, Producer("127.0.0.1:1"), memory_rows=1, sweep_seconds=1)

    async def handle(work: object, events: object) -> None:
        raise AssertionError("never called")

    Consumer(
        group="g",
        broker=broker,
        engine=engine,
        relay=relay,
        handlers={"fla.trainings.v1": handle},
        settings=settings("127.0.0.1:1"),
    )
    [subscriber] = broker.subscribers
    await engine.dispose()
    return subscriber


class QuietKafka:
    """A consumer for which nothing arrives: counts the calls, each of which lasts as long as it may."""

    def __init__(self) -> None:
        self.calls = 0

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[object, list[object]]:
        self.calls += 1
        await asyncio.sleep(timeout_ms / 1000)
        return {}


class EmptyHandedKafka:
    """A consumer whose calls return at once with nothing, until the fiftieth."""

    def __init__(self) -> None:
        self.calls = 0

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[object, list[object]]:
        self.calls += 1
        return {"one": ["a record"]} if self.calls == 50 else {}


async def test_an_idle_consumer_asks_at_most_once_a_second() -> None:
    """It waits in one long call; each short one costs every idle service processor time."""
    kafka, subscriber = QuietKafka(), await _subscriber()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            while True:
                await subscriber.get_msg(kafka)
    assert kafka.calls == 1
    assert consumer_module.WAIT_MS >= 1_000


async def test_nothing_sleeps_between_two_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives while one sleeps, waits."""
    slept: list[float] = []
    monkeypatch.setattr("anyio.sleep", slept.append)
    kafka, subscriber = EmptyHandedKafka(), await _subscriber()
    while not (found := await subscriber.get_msg(kafka)):
        pass
    assert (found, kafka.calls, slept) == (("a record",), 50, [])


async def test_every_subscription_acknowledges_by_hand_and_reads_batches() -> None:
    subscriber = await _subscriber()
    assert subscriber.ack_policy is AckPolicy.MANUAL
    assert subscriber._connection_args["enable_auto_commit"] is False
    assert subscriber._connection_args["auto_offset_reset"] == "earliest"


def test_nobody_subscribes_but_the_consumer() -> None:
    """The promises of `shared.messaging` hold only for what goes through it."""
    joining_groups = {
        str(path.relative_to(ROOT))
        for folder in ("services", "shared", "cli")
        for path in (ROOT / folder).rglob("*.py")
        if any(word in path.read_text() for word in ("group_id=", ".subscriber("))
    }
    assert joining_groups == {"shared/messaging/consumer.py"}
