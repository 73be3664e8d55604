"""The service as it runs: what arrives in Kafka comes back as employments, balances and outcomes."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from fastapi import FastAPI

from services.entitlements.main import create
from services.entitlements.settings import EntitlementsSettings
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import system_scope
from shared.contracts.envelope import encode
from shared.contracts.topics import TOPICS
from tests.support.entitlements import Submissions, balances, employment_id, outcomes, size, training
from tests.support.migrated import migrated

KEY = "a key that only these tests know, long enough"
PUBLISHED_ON = ("fla.employments.v1", "fla.entitlements.v1", "fla.outcomes.v1")


@pytest.fixture
async def app(kafka: str, new_database: Callable[[], str]) -> AsyncIterator[FastAPI]:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    for name in TOPICS:
        try:
            await admin.create_topics([NewTopic(name, 6, 1)])
        except TopicAlreadyExistsError:
            continue
    await admin.close()
    settings = EntitlementsSettings(
        _env_file=None,
        kafka_bootstrap=kafka,
        internal_key=KEY,
        entitlements_database_url=await migrated("entitlements", new_database()),
        recalculation_seconds=0.1,
    )
    made = create(settings)
    async with made.router.lifespan_context(made):
        yield made


async def _publish(kafka: str, *events: dict[str, Any]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    for one in events:
        topic = "fla.trainings.v1" if ".training." in one["type"] else "fla.employer-submissions.v1"
        key = one["data"].get("person", one["data"]["enterprise"])
        await producer.send_and_wait(topic, encode(one), key=key.encode())
    await producer.stop()


async def test_from_kafka_to_kafka(kafka: str, app: FastAPI, declared: Submissions) -> None:
    consumer = AIOKafkaConsumer(*PUBLISHED_ON, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    published: list[dict[str, Any]] = []

    async def until(true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not true():
            assert time.monotonic() < deadline, published
            for records in (await consumer.getmany(timeout_ms=100)).values():
                published.extend(orjson.loads(record.value) for record in records)

    # The training comes first and the enterprise's size last: everything settles in the end.
    await _publish(kafka, training())
    await _publish(kafka, declared.employment())
    await until(lambda: len(outcomes(published)) == 1)
    await _publish(kafka, declared.enterprise(size("25")))
    await until(lambda: balances(published).get((employment_id(), 2026), {}).get("granted") == "5.000000")
    await consumer.stop()
    assert balances(published)[employment_id(), 2026]["charged"] == "1.000000"
    assert outcomes(published) == [("accepted", []), ("accepted", [])]

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://entitlements") as client:
        assert (await client.get("/health")).json()["status"] == "UP"
        headers = InternalTokens(KEY).authorization(system_scope("test"))
        ledger = await client.get(f"/internal/employments/{employment_id()}/ledger", headers=headers)
        (year,) = [one for one in ledger.json()["years"] if one["year"] == 2026]
        assert year["charged"] == "1.000000"
        jobs = (await client.get("/internal/recalculations", headers=headers)).json()["items"]
        assert [(job["total"], job["done"]) for job in jobs] == [(1, 1)]
