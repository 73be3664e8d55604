"""A database that goes away delays, and nothing is lost, doubled or given up."""

import asyncio
from collections.abc import Sequence

from shared.messaging.records import Work
from tests.support.messaging import Note, Notebook, eventually

NOTES = [(f"key-{number % 7}", number) for number in range(300)]


async def test_a_connection_that_breaks_in_the_middle_of_a_batch_is_retried(notebook: Notebook) -> None:
    breaks = 4

    async def break_off(work: Work, events: Sequence[Note]) -> None:
        nonlocal breaks
        if breaks:
            breaks -= 1
            await work.connection.execute("select pg_terminate_backend(pg_backend_pid())")

    notebook.faults.before = break_off
    await notebook.publish(NOTES)
    async with notebook.running():
        await notebook.has_seen(300)
    assert breaks == 0
    assert sorted(await notebook.seen()) == sorted(NOTES)
    assert await notebook.fetch("select 1 from parked") == [], "what may pass is never the record's fault"
    assert sorted(set(await notebook.told())) == sorted(NOTES)


async def test_all_connections_cut_again_and_again_while_records_stream_in(notebook: Notebook) -> None:
    async with notebook.running() as messaging:
        for start in range(0, 300, 50):
            await notebook.publish(NOTES[start : start + 50])
            await notebook.fetch(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.1)
        await notebook.has_seen(300)
        await eventually(lambda: _empty_outbox(notebook))
        assert messaging.health()["details"].get("consumer") is None
    assert sorted(await notebook.seen()) == sorted(NOTES)
    assert set(await notebook.told()) == set(NOTES)


async def test_a_service_that_waits_for_its_database_still_stops_at_once(notebook: Notebook) -> None:
    async def away(work: Work, events: Sequence[Note]) -> None:
        raise ConnectionRefusedError("no database")

    notebook.faults.before = away
    await notebook.publish(NOTES)
    messaging = notebook.replica()
    await messaging.start()
    await eventually(lambda: _called(notebook, 3))
    async with asyncio.timeout(10):
        await messaging.stop()
    await messaging.engine.dispose()
    assert await notebook.seen() == []
    notebook.faults.before = None
    async with notebook.running():
        await notebook.has_seen(300)


async def test_a_database_that_is_away_when_partitions_are_assigned_holds_up_nobody_for_ever(
    notebook: Notebook,
) -> None:
    await notebook.publish(NOTES)
    [name] = (await notebook.fetch("select current_database()"))[0]
    await notebook.fetch(f"alter database {name} connection limit 1")
    held = await notebook.engine.connect()  # the one connection there is
    await held.exec_driver_sql("select 1")
    try:
        async with notebook.running() as messaging:
            await eventually(lambda: _assigned(messaging.consumer.kafka))
            await asyncio.sleep(1)
            assert notebook.faults.calls == []
            await held.exec_driver_sql(f"alter database {name} connection limit 100")
            await held.commit()
            await held.close()
            await notebook.has_seen(300)
    finally:
        await held.close()
    assert sorted(await notebook.seen()) == sorted(NOTES)


async def _empty_outbox(notebook: Notebook) -> bool:
    return not await notebook.fetch("select 1 from outbox")


async def _called(notebook: Notebook, times: int) -> bool:
    return len(notebook.faults.calls) >= times


async def _assigned(kafka: object) -> bool:
    return bool(kafka is not None and kafka.assignment())  # type: ignore[attr-defined]
