"""The raw limit: what this machine does with the same parts and no product in between.

XML file -> lxml with a streaming schema check -> Kafka (idempotent, acks=all, keyed) -> PostgreSQL (COPY, then insert
with counters per enterprise). One process produces, one consumes. Run: python -m tests.benchmarks.raw_limit
"""

import argparse
import asyncio
import multiprocessing
import os
import tempfile
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from lxml import etree

from tests.benchmarks.figures import Figure, tell

PARTITIONS = 6
POLL_RECORDS = 4000
_FIELD = '<xs:element name="{}" type="{}"/>'
_TYPES = {
    "ref": "xs:string", "ssin": "digits", "enterprise": "number", "name": "xs:string",
    "start": "xs:date", "end": "xs:date", "hours": "xs:decimal", "kind": "kind",
}  # fmt: skip
_SIMPLE = '<xs:simpleType name="{}"><xs:restriction base="xs:string">{}</xs:restriction></xs:simpleType>'
_SIMPLES = {
    "digits": '<xs:pattern value="[0-9]{11}"/>',
    "number": '<xs:pattern value="[01][0-9]{9}"/>',
    "kind": '<xs:enumeration value="formal"/><xs:enumeration value="informal"/>',
}
_ELEMENT = '<xs:element name="{}"{}><xs:complexType><xs:sequence>{}</xs:sequence></xs:complexType></xs:element>'
_TRAINING = _ELEMENT.format("training", ' maxOccurs="unbounded"', "".join(_FIELD.format(*f) for f in _TYPES.items()))
SCHEMA = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    + "".join(_SIMPLE.format(*simple) for simple in _SIMPLES.items())
    + _ELEMENT.format("batch", "", _TRAINING)
    + "</xs:schema>"
)

TABLES = """
create table line (id uuid primary key, ref text, ssin text, enterprise text, name text, start date, until date,
                   hours float8, kind text);
create index on line (enterprise, start);
create table counter (enterprise text primary key, lines bigint, hours float8)
"""
STORE = """
with stored as (insert into line select * from arrived on conflict do nothing returning enterprise, hours)
insert into counter select enterprise, count(*), sum(hours) from stored group by enterprise order by enterprise
on conflict (enterprise) do update
set lines = counter.lines + excluded.lines, hours = counter.hours + excluded.hours
"""


def write_file(path: Path, records: int, people: int = 20_000) -> None:
    """About 225 bytes a record, 50 people to an enterprise."""
    with path.open("w", encoding="utf-8") as out:
        out.write("<batch>")
        for rank in range(records):
            person, day = rank % people, 1 + rank % 27
            out.write(
                f"<training><ref>R{rank}</ref><ssin>{80_010_100_000 + person}</ssin>"
                f"<enterprise>{200_000_000 + person // 50:010d}</enterprise>"
                f"<name>Veiligheid op het werk {rank % 97}</name>"
                f"<start>2026-03-{day:02d}</start><end>2026-03-{day + 1:02d}</end><hours>7.6</hours>"
                f"<kind>{('informal', 'formal')[rank % 2]}</kind></training>\n"
            )
        out.write("</batch>")


async def produce(kafka: str, topic: str, path: Path) -> None:
    """Every record of the file to Kafka, checked against the schema."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=5, max_batch_size=131_072
    )
    await producer.start()
    schema = etree.XMLSchema(etree.fromstring(SCHEMA.encode()))
    parsed = etree.iterparse(
        str(path), tag="training", schema=schema, resolve_entities=False, no_network=True, load_dtd=False
    )
    for _, element in parsed:
        record = {child.tag: child.text for child in element}
        record["id"] = uuid.uuid4().hex
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
        await producer.send(topic, orjson.dumps(record), key=record["ssin"].encode())
    await producer.stop()


async def consume(kafka: str, database: str, topic: str, records: int) -> None:
    """Every record from Kafka into PostgreSQL, with counters."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=topic,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        max_poll_records=POLL_RECORDS,
    )
    await consumer.start()
    connection = await asyncpg.connect(database, server_settings={"search_path": topic})
    await connection.execute("create temp table arrived (like line including defaults) on commit delete rows")
    seen = 0
    while seen < records:
        polled = await consumer.getmany(timeout_ms=20, max_records=POLL_RECORDS)
        rows = [_row(orjson.loads(message.value)) for messages in polled.values() for message in messages]
        if not rows:
            continue
        async with connection.transaction():
            await connection.copy_records_to_table("arrived", records=rows)
            await connection.execute(STORE)
        await consumer.commit()
        seen += len(rows)
    await consumer.stop()
    await connection.close()


def _row(record: dict[str, Any]) -> tuple[Any, ...]:
    days = date.fromisoformat(record["start"]), date.fromisoformat(record["end"])
    identity = uuid.UUID(record["id"]), record["ref"], record["ssin"], record["enterprise"], record["name"]
    return (*identity, *days, float(record["hours"]), record["kind"])


async def _prepare(kafka: str, database: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    await admin.close()
    connection = await asyncpg.connect(database)
    await connection.execute(f"create schema {topic}; set search_path to {topic}; {TABLES}")
    await connection.close()


async def _clean(kafka: str, database: str, topic: str) -> int:
    connection = await asyncpg.connect(database)
    stored: int = await connection.fetchval(f"select count(*) from {topic}.line")
    await connection.execute(f"drop schema {topic} cascade")
    await connection.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([topic])
    await admin.close()
    return stored


def _consume(kafka: str, database: str, topic: str, records: int) -> None:
    asyncio.run(consume(kafka, database, topic, records))


def raw_limit(kafka: str, database: str, records: int) -> float:
    """Records a second, from the start of the file to the last row committed."""
    topic = f"raw_{uuid.uuid4().hex[:8]}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.xml"
        write_file(path, records)
        asyncio.run(_prepare(kafka, database, topic))
        started = time.monotonic()
        consumer = multiprocessing.get_context("fork").Process(target=_consume, args=(kafka, database, topic, records))
        consumer.start()
        asyncio.run(produce(kafka, topic, path))
        consumer.join()
        elapsed = time.monotonic() - started
    stored = asyncio.run(_clean(kafka, database, topic))
    if consumer.exitcode or stored != records:
        raise SystemExit(f"the raw limit stored {stored} of {records} records")
    return records / elapsed


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    given = parser.parse_args()
    rate = raw_limit(os.environ["FLA_TEST_KAFKA_BOOTSTRAP"], os.environ["FLA_TEST_DATABASE_URL"], given.records)
    tell(Figure(f"raw limit, {given.records:,} records", rate, "/s"))


if __name__ == "__main__":
    main()
