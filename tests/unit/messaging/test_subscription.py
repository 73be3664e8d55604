"""At most once would lose what is in hand in a crash: offsets are committed by us alone, after the work."""

from pathlib import Path

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from sqlalchemy.ext.asyncio import create_async_engine

from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from tests.support.messaging import settings

ROOT = Path(__file__).parents[3]


async def test_every_subscription_acknowledges_by_hand_and_reads_batches() -> None:
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
    assert subscriber.ack_policy is AckPolicy.MANUAL
    assert subscriber._connection_args["enable_auto_commit"] is False  # type: ignore[attr-defined]
    assert subscriber._connection_args["auto_offset_reset"] == "earliest"  # type: ignore[attr-defined]
    assert subscriber.batch_timeout_ms <= 50, "FastStream sleeps so long after every empty poll"  # type: ignore[attr-defined]
    await engine.dispose()


def test_nobody_subscribes_but_the_consumer() -> None:
    """The promises of `shared.messaging` hold only for what goes through it."""
    joining_groups = {
        str(path.relative_to(ROOT))
        for folder in ("services", "shared", "cli")
        for path in (ROOT / folder).rglob("*.py")
        if any(word in path.read_text() for word in ("group_id=", ".subscriber("))
    }
    assert joining_groups == {"shared/messaging/consumer.py"}
