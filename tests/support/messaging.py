"""A small service on real Kafka and PostgreSQL, whose handler fails when it is told to: the subject of fault tests."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy import BigInteger, Column, Identity, MetaData, Table, Text
from sqlalchemy.ext.asyncio import AsyncEngine
from typing_extensions import TypedDict

from shared.contracts.topics import NINETY_DAYS, TOPICS, Topic, _topic
from shared.database.engine import create_engine, driver, transaction
from shared.database.tables import add_messaging_tables
from shared.messaging.records import Outgoing, RecordRefusedError, Work
from shared.messaging.runtime import Messaging
from shared.settings import ServiceSettings

metadata = MetaData()
add_messaging_tables(metadata)
# No unique key on purpose: what is handled twice must show.
Table(
    "seen",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
)


class Note(TypedDict):
    """The event of these tests: the `number`-th of its key."""

    key: str
    number: int


def settings(bootstrap: str, **changes: Any) -> ServiceSettings:
    values: dict[str, Any] = {
        "kafka_bootstrap": bootstrap,
        "internal_key": "k" * 32,
        "outbox_sweep_seconds": 1,
    } | changes
    return ServiceSettings(_env_file=None, **values)


PATIENCE_SECONDS = 120.0
"""How long something that comes may take on a busy machine; where it comes, nobody waits for so long."""


async def eventually(true: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until this holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < until, f"still not so after {seconds} s"
        await asyncio.sleep(0.05)


@dataclass
class Faults:
    """What the handler does wrong. `poison`: numbers it refuses; `before`: runs first and may raise anything."""

    poison: set[int] = field(default_factory=set)
    before: Callable[[Work, Sequence[Note]], Awaitable[None]] | None = None
    calls: list[int] = field(default_factory=list)


class Notebook:
    """One database with the service's tables, one topic in and one out; any number of replicas on top."""

    def __init__(self, bootstrap: str, url: str, partitions: int) -> None:
        unique = uuid.uuid4().hex[:8]
        self.bootstrap = bootstrap
        self.url = url
        self.name = f"notes-{unique}"
        self.topic, self.out = f"test.in.{unique}", f"test.out.{unique}"
        self.partitions = partitions
        self.faults = Faults()
        self.engine: AsyncEngine = create_engine(url, 4)

    async def open(self) -> None:
        for name in (self.topic, self.out):
            TOPICS[name] = topic_of_notes(name)
        await self.create_topics(self.topic, self.out)
        async with self.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
            for table in metadata.tables:
                await connection.exec_driver_sql(f"truncate {table} restart identity")

    async def close(self) -> None:
        for name in (self.topic, self.out):
            del TOPICS[name]
        await self.engine.dispose()
        async with self.admin() as admin:
            await admin.delete_topics([self.topic, self.out])

    @asynccontextmanager
    async def admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        client = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await client.start()
        yield client
        await client.close()

    async def create_topics(self, *names: str) -> None:
        async with self.admin() as admin:
            await admin.create_topics([NewTopic(name, self.partitions, 1) for name in names])

    async def handle(self, work: Work, events: Sequence[Note]) -> None:
        """Write down each note and pass it on."""
        self.faults.calls.append(len(events))
        if self.faults.before is not None:
            await self.faults.before(work, events)
        await work.connection.executemany(
            "insert into seen (key, number) values ($1, $2)", [(event["key"], event["number"]) for event in events]
        )
        for event in events:
            if event["number"] in self.faults.poison:
                raise RecordRefusedError(f"number {event['number']} is poison")
            work.emit(self.out, event["key"], dict(event))

    def replica(self, **changes: Any) -> Messaging:
        engine = create_engine(self.url, 4)
        return Messaging(self.name, engine, {self.topic: self.handle}, settings(self.bootstrap, **changes))

    @asynccontextmanager
    async def running(self, **changes: Any) -> AsyncIterator[Messaging]:
        """A replica that consumes. The other end is reached as a service would be: by stopping it."""
        messaging = self.replica(**changes)
        await messaging.start()
        try:
            yield messaging
        finally:
            await messaging.stop()
            await messaging.engine.dispose()

    async def publish(self, notes: Sequence[tuple[str, int]], partition: int | None = None) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        await producer.start()
        for key, number in notes:
            value = orjson.dumps({"key": key, "number": number})
            await producer.send(self.topic, value, key=key.encode(), partition=partition)
        await producer.stop()

    async def publish_raw(self, key: str, *values: bytes) -> None:
        await self.publish_bytes(key.encode(), *values)

    async def publish_bytes(self, key: bytes | None, *values: bytes) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        await producer.start()
        for value in values:
            await producer.send_and_wait(self.topic, value, key=key)
        await producer.stop()

    async def seen(self) -> list[tuple[str, int]]:
        async with transaction(self.engine) as connection:
            rows = await driver(connection).fetch("select key, number from seen order by id")
        return [(row["key"], row["number"]) for row in rows]

    async def has_seen(self, count: int, seconds: float = PATIENCE_SECONDS) -> None:
        async def enough() -> bool:
            return len(await self.seen()) >= count

        await eventually(enough, seconds)

    async def fetch(self, statement: str, *arguments: Any) -> list[Any]:
        async with transaction(self.engine) as connection:
            return list(await driver(connection).fetch(statement, *arguments))

    async def marks(self) -> dict[int, int]:
        return {row["partition"]: row["next_offset"] for row in await self.fetch("select * from watermark")}

    async def told(self) -> list[tuple[str, int]]:
        """Everything in the out topic now, partition by partition."""
        found = await self.read_all(self.out)
        return [(note["key"], note["number"]) for _, note in found]

    async def read_all(self, topic: str) -> list[tuple[int, Note]]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, enable_auto_commit=False)
        await consumer.start()
        places = [TopicPartition(topic, partition) for partition in range(self.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        for place in places:
            consumer.seek(place, 0)
        found: list[tuple[int, Note]] = []
        while sum(ends.values()) > len(found):
            for place, records in (await consumer.getmany(timeout_ms=200)).items():
                found += [(place.partition, orjson.loads(record.value)) for record in records]
        await consumer.stop()
        return sorted(found, key=lambda pair: pair[0])


def topic_of_notes(name: str) -> Topic:
    return _topic(name, Note, NINETY_DAYS)


def outgoing(topic: str, notes: Sequence[tuple[str, int]]) -> list[Outgoing]:
    return [Outgoing(topic, key.encode(), orjson.dumps({"key": key, "number": number})) for key, number in notes]
