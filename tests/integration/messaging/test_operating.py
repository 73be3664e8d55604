"""What an operator sees of a service and can do about it, over HTTP as the gateway, Prometheus and a supervisor ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Role, Scope
from shared.database.engine import driver, transaction
from shared.http.service import create_app
from shared.messaging import runtime
from tests.support.messaging import Notebook, eventually

KEY = "k" * 32
OPERATOR = Scope(ActorKind.PERSON, "nadia", roles=frozenset({Role.OPERATOR}))
EMPLOYER = Scope(ActorKind.PERSON, "els", roles=frozenset({Role.EMPLOYER_WRITE}))


@asynccontextmanager
async def served(notebook: Notebook, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The service's app while it runs, asked by an operator."""
    app = create_app(notebook.replica(**changes), internal_key=KEY)
    transport = httpx.ASGITransport(app)
    headers = InternalTokens(KEY).authorization(OPERATOR)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers) as asking,
    ):
        yield asking


async def metric(asking: httpx.AsyncClient, name: str, *labels: str) -> float:
    """The sum over all lines of this metric that have these labels."""
    lines = (await asking.get("/metrics")).text.splitlines()
    found = [line for line in lines if line.startswith(name) and all(label in line for label in labels)]
    return sum(float(line.rpartition(" ")[2]) for line in found)


async def items(asking: httpx.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await asking.get("/internal/parked")).json()["items"]
    return found


async def test_parked_keys_are_seen_released_and_dropped_with_a_reason(notebook: Notebook) -> None:
    notebook.faults.poison = {1, 11}
    await notebook.publish([("a", 1), ("b", 2), ("a", 3), ("c", 11), ("c", 12)])
    async with served(notebook) as asking:
        await eventually(lambda: _are(asking, "a", "c"))
        found = {item["key"]: item for item in await items(asking)}
        assert (found["a"]["topic"], found["a"]["records"]) == (notebook.topic, 2)
        assert found["a"]["error"] == "RecordRefusedError: number 1 is poison"
        notebook.faults.poison = {11}
        named = {"topic": notebook.topic, "key": "a"}
        assert (await asking.post("/internal/parked/release", json=named)).status_code == 202
        await notebook.has_seen(3)
        named = {"topic": notebook.topic, "key": "c"}
        assert (await asking.post("/internal/parked/drop", json=named)).status_code == 422, "not without a reason"
        assert (await asking.post("/internal/parked/drop", json=named | {"reason": "a test"})).status_code == 202
        await eventually(lambda: _are(asking))
        assert (await asking.post("/internal/parked/release", json=named)).status_code == 404
    assert sorted(await notebook.seen()) == [("a", 1), ("a", 3), ("b", 2), ("c", 12)]
    [dropped] = await notebook.fetch("select * from parked_dropped")
    assert (dropped["dropped_by"], dropped["reason"]) == ("nadia", "a test")


@pytest.mark.parametrize("action", ["release", "drop"])
async def test_a_key_that_went_through_meanwhile_is_not_said_to_be_released_or_dropped(
    notebook: Notebook, action: str
) -> None:
    """Lost: an operator's certainty about a declaration, when two of them look at the same page."""
    notebook.faults.poison = {1}
    await notebook.publish([("a", 1)])
    async with served(notebook) as asking:
        await eventually(lambda: _are(asking, "a"))
        named = {"topic": notebook.topic, "key": "a", "reason": "a test"}
        async with transaction(notebook.engine) as connection:
            # As a try that succeeds: the record is locked, and gone when its transaction ends.
            await driver(connection).execute("select 1 from watermark for update")
            await driver(connection).execute("delete from parked")
            acting = asyncio.create_task(asking.post(f"/internal/parked/{action}", json=named))
            await asyncio.sleep(0.3)
            assert not acting.done()
        answer = await acting
        assert (answer.status_code, answer.json()["detail"]) == (404, "nothing is parked under this key any more")
    assert await notebook.fetch("select 1 from parked_dropped") == []


@pytest.mark.parametrize("key", [b"\xff\x00\xfe", None], ids=["no text", "none"])
async def test_a_strangers_record_with_an_odd_key_can_be_dropped_too(notebook: Notebook, key: bytes | None) -> None:
    await notebook.publish_bytes(key, b"not ours")
    async with served(notebook) as asking:
        await eventually(lambda: _count(asking, 1))
        [item] = await items(asking)
        given_up = {"topic": item["topic"], "key": item["key"], "reason": "a stranger's"}
        assert (await asking.post("/internal/parked/drop", json=given_up)).status_code == 202
        assert await items(asking) == []


async def test_only_operators_see_and_touch_what_is_parked(notebook: Notebook) -> None:
    async with served(notebook) as asking:
        for path in ("/internal/status", "/internal/parked"):
            assert (await asking.get(path, headers={"Authorization": ""})).status_code == 401
            assert (await asking.get(path, headers=InternalTokens(KEY).authorization(EMPLOYER))).status_code == 403
        for path in ("/internal/parked/release", "/internal/parked/drop"):
            body = {"topic": notebook.topic, "key": "a", "reason": "why not"}
            answer = await asking.post(path, json=body, headers=InternalTokens(KEY).authorization(EMPLOYER))
            assert answer.status_code == 403


async def test_the_metrics_and_the_health_of_a_service_that_stopped_say_so(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "WATCH_SECONDS", 1.0)
    notebook.faults.poison = {0, 1, 2}
    await notebook.publish([("good", 100)], 0)
    await notebook.publish([(f"key-{number}", number) for number in range(10)], 0)
    topic = f'topic="{notebook.topic}"'
    async with served(notebook, parked_in_a_row=2) as asking:
        await eventually(lambda: _answers(asking, 503))
        assert "in a row" in (await asking.get("/health")).json()["details"]["consumer"]
        await eventually(lambda: _metric_is(asking, 8, "fla_lag_records", topic))
        await eventually(lambda: _metric_is(asking, 2, "fla_parked_keys", topic))
        assert await metric(asking, "fla_parked_records{", topic) == 2
        assert await metric(asking, "fla_health ") == 0
        before = await metric(asking, "fla_oldest_event_seconds", topic)
        await eventually(lambda: _metric_is_more(asking, before + 1, "fla_oldest_event_seconds", topic))
        [status] = (await asking.get("/internal/status")).json()["topics"]
        assert (status["lag"], status["parked"]) == (8, 2)
        assert status["oldestSeconds"] > 1


async def test_the_metrics_of_a_service_without_kafka_show_what_waits_to_be_sent(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "WATCH_SECONDS", 0.5)
    await notebook.fetch("insert into outbox (events, size) select '', 0 from generate_series(1, 3)")
    async with served(notebook, kafka_bootstrap="127.0.0.1:1") as asking:
        await eventually(lambda: _metric_is(asking, 3, "fla_outbox_rows"))
        assert await metric(asking, "fla_outbox_oldest_seconds") > 0
        assert await metric(asking, "fla_health ") == 0.5
        assert (await asking.get("/health")).status_code == 200


async def _are(asking: httpx.AsyncClient, *keys: str) -> bool:
    return {item["key"] for item in await items(asking)} == set(keys)


async def _count(asking: httpx.AsyncClient, count: int) -> bool:
    return len(await items(asking)) == count


async def _answers(asking: httpx.AsyncClient, status: int) -> bool:
    return (await asking.get("/health")).status_code == status


async def _metric_is(asking: httpx.AsyncClient, value: float, *of: str) -> bool:
    return await metric(asking, *of) == value


async def _metric_is_more(asking: httpx.AsyncClient, value: float, *of: str) -> bool:
    return await metric(asking, *of) > value
