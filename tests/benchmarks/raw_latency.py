"""The yardstick of latency: a message on its way through the bare servers, with nothing else going on.

Committed in PostgreSQL, sent to Kafka and acknowledged, received by a consumer, committed in PostgreSQL: the least that
any product on these parts needs that loses nothing.
"""

import asyncio
import time
import uuid

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

MESSAGES = 200


async def raw_latency(kafka: str, database: str) -> list[float]:
    """Seconds from the first commit to the second, for each of MESSAGES messages sent one after another."""
    name = f"raw_{uuid.uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(name, 1, 1)])
    connection = await asyncpg.connect(database)
    await connection.execute(f"create table {name} (id int, step int)")
    insert = await connection.prepare(f"insert into {name} values ($1, $2)")
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    consumer = AIOKafkaConsumer(name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await producer.start()
    await consumer.start()
    took = []
    try:
        for number in range(MESSAGES):
            await insert.fetch(number, 1)
            began = time.perf_counter()
            await producer.send_and_wait(name, b"x" * 350)
            await consumer.getone()
            await insert.fetch(number, 2)
            took.append(time.perf_counter() - began)
            await asyncio.sleep(0.01)
    finally:
        await consumer.stop()
        await producer.stop()
        await connection.execute(f"drop table {name}")
        await connection.close()
        await admin.delete_topics([name])
        await admin.close()
    return took
