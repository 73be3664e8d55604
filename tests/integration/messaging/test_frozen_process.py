"""A process that hangs inside a transaction stops nobody else for longer than half a minute.

Lost otherwise: a whole service, for as long as the host that hangs is not switched off; people would find nothing of
what they registered, and the healthy replicas would end themselves one after another.
"""

import asyncio
import signal
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.database.engine import HANGS_SECONDS, create_engine, driver, transaction, unhurried
from tests.support.frozen import frozen
from tests.support.messaging import Notebook

WITHIN_SECONDS = 30.0
HERE = [(f"key-{n}", n) for n in range(20)]
THERE = [(f"other-{n}", 100 + n) for n in range(20)]


async def test_a_healthy_replica_goes_on_within_half_a_minute_and_the_log_names_who_held_it_up(
    notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    await notebook.publish(HERE, 0)
    await notebook.publish(THERE, 1)
    with capture_logs() as lines:
        async with frozen(notebook.url, notebook.topic, 0, "insert into seen (key, number) values ('zombie', 1)") as it:
            since = time.monotonic()
            async with notebook.running():
                # The partition that nobody holds is not kept waiting at all.
                await notebook.has_seen(len(THERE), seconds=WITHIN_SECONDS / 2)
                assert time.monotonic() - since < HANGS_SECONDS / 2
                await notebook.has_seen(len(HERE) + len(THERE), seconds=WITHIN_SECONDS)
                assert time.monotonic() - since < WITHIN_SECONDS
                it.send_signal(signal.SIGCONT)
                assert it.stdout is not None
                assert await it.stdout.read() == b"", "who was frozen committed all the same"
    assert sorted(await notebook.seen()) == sorted([*HERE, *THERE])
    held = [line for line in lines if line["event"] == "partitions are held by another"]
    assert held[0]["partitions"] == [f"{notebook.topic}-0"]
    assert f" {it.pid} at " in str(held[-1]["by"]) and "idle in transaction" in str(held[-1]["by"])
    assert ended == []


async def test_a_batch_that_waits_for_a_frozen_process_is_handled_within_half_a_minute(notebook: Notebook) -> None:
    """Frozen after the healthy one was placed: it waits for the lock in the middle of its batches."""
    async with notebook.running():
        await notebook.publish([("first", 1), ("other", 2)])
        await notebook.has_seen(2)
        with capture_logs() as lines:
            async with frozen(notebook.url, notebook.topic, 0) as it:
                since = time.monotonic()
                await notebook.publish(HERE, 0)
                await notebook.has_seen(2 + len(HERE), seconds=WITHIN_SECONDS)
                assert time.monotonic() - since < WITHIN_SECONDS
    told = [str(line) for line in lines if line["event"] == "partitions are held by another"]
    assert told and f" {it.pid} at " in told[0]
    assert not [line for line in lines if line["event"].startswith("a batch took too long")], "nothing was slow"


async def test_a_session_is_ended_that_says_nothing_in_its_transaction_and_one_that_is_unhurried_is_not(
    notebook: Notebook,
) -> None:
    """Lost: the copy of a large file, or the calendar of a new year, ended in the middle again and again."""
    engine = create_engine(notebook.url, 2)

    async def silent(seconds: float, *, says_so: bool) -> str:
        async with transaction(engine) as connection:
            raw = driver(connection)
            if says_so:
                await unhurried(raw, 60)
            await asyncio.sleep(seconds)
            answer: str = await raw.fetchval("select 'still here'")
            return answer

    found: list[Any] = await asyncio.gather(
        silent(HANGS_SECONDS + 2, says_so=True), silent(HANGS_SECONDS + 2, says_so=False), return_exceptions=True
    )
    assert found[0] == "still here"
    assert isinstance(found[1], Exception)
    await engine.dispose()


async def test_every_connection_of_a_service_has_an_end_to_its_waits(notebook: Notebook) -> None:
    [version] = (await notebook.fetch("select current_setting('server_version_num')::int"))[0]
    expected = {
        "idle_in_transaction_session_timeout": "20s",
        "lock_timeout": "8s",
        "tcp_keepalives_idle": "10",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
        "tcp_user_timeout": "20000",
        **({"transaction_timeout": "15min"} if version >= 170_000 else {}),
    }
    rows = await notebook.fetch("select name, current_setting(name) as value from pg_settings where name = any($1)",
                                list(expected))  # fmt: skip
    assert {row["name"]: row["value"] for row in rows} == expected
