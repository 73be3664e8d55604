"""One trace from a sender's request to the last event that follows: whoever asks what became of it finds all."""

import asyncio
import uuid
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer

from shared.contracts.topics import TOPICS
from tests.end_to_end.product.conftest import Api
from tests.end_to_end.product.test_one_registration import brochure
from tests.support.batch_files import Written, workers
from tests.support.running_stack import RunningStack

SECONDS = 30.0


async def _events_of(kafka: str, trace: str, wanted: set[str]) -> dict[str, dict[str, Any]]:
    """The events with this trace id by type, read from the beginning until all that are wanted are there."""
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=kafka, auto_offset_reset="earliest")
    found: dict[str, dict[str, Any]] = {}
    await consumer.start()
    try:
        async with asyncio.timeout(SECONDS):
            while not wanted <= found.keys():
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    events = [orjson.loads(record.value) for record in records]
                    found |= {e["type"]: e for e in events if e.get("traceparent", "").startswith(f"00-{trace}-")}
    finally:
        await consumer.stop()
    return found


async def test_the_senders_trace_is_on_every_event_that_follows(api: Api, staff: Written, stack: RunningStack) -> None:
    trace = uuid.uuid4().hex
    training = brochure(workers(staff.plan)[11].ssin)
    answer = api.post("/trainings", training, traceparent=f"00-{trace}-00f067aa0ba902b7-01", Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    assert answer.headers["BelGov-Trace-Id"] == str(uuid.UUID(trace))
    wanted = {
        "be.fla.training.registration-submitted.v1",
        "be.fla.training.registered.v1",
        "be.fla.submission.decided.v1",
        "be.fla.entitlement.balance-changed.v1",
    }
    found = await _events_of(stack.bootstrap, trace, wanted)
    assert found["be.fla.training.registered.v1"]["data"]["training"] == answer.json()["id"]


async def test_who_sends_no_trace_gets_one(api: Api, staff: Written, stack: RunningStack) -> None:
    training = brochure(workers(staff.plan)[12].ssin)
    answer = api.post("/trainings", training, traceparent="no trace at all", Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    trace = uuid.UUID(answer.headers["BelGov-Trace-Id"]).hex
    await _events_of(
        stack.bootstrap, trace, {"be.fla.training.registration-submitted.v1", "be.fla.training.registered.v1"}
    )


async def test_the_trace_of_a_file_is_its_id(api: Api, staff: Written, stack: RunningStack) -> None:
    found = api.get("/batches", pageSize=500)["items"]
    batch = next(one for one in found if one.get("accepted"))
    await _events_of(stack.bootstrap, uuid.UUID(batch["id"]).hex, {"be.fla.submission.decided.v1"})
