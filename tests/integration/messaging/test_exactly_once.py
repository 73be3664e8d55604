"""Each record counts once, whatever breaks between Kafka, the handler and the database."""

import asyncio
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import RecordsToDelete

from shared.database.engine import driver, transaction
from shared.messaging import outbox
from shared.messaging.batch import BatchProcessor, GapError, Tally
from shared.messaging.records import Record, Work
from tests.support.messaging import Note, Notebook, eventually, outgoing

NOTES = [(f"key-{number % 7}", number) for number in range(200)]


async def test_what_is_published_is_handled_once_in_order_per_key_and_passed_on(notebook: Notebook) -> None:
    await notebook.publish(NOTES)
    async with notebook.running():
        await notebook.has_seen(200)
    assert sorted(await notebook.seen()) == sorted(NOTES)
    for found in (await notebook.seen(), await notebook.told()):
        for key in {key for key, _ in NOTES}:
            assert [note for note in found if note[0] == key] == [note for note in NOTES if note[0] == key]
    assert await notebook.fetch("select * from outbox") == []


async def test_a_failing_batch_over_two_partitions_loses_nothing_of_either(notebook: Notebook) -> None:
    """FastStream up to 0.7.7 went back in the first record's partition only."""
    failures = 3

    async def fail(work: Work, events: Sequence[Note]) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError("the database is away")

    notebook.faults.before = fail
    for partition in range(2):
        await notebook.publish([(f"key-{partition}", number) for number in range(50)], partition)
    async with notebook.running():
        await notebook.has_seen(100)
    assert len(set(await notebook.seen())) == len(await notebook.seen()) == 100


async def test_records_delivered_again_after_a_crash_change_nothing(notebook: Notebook) -> None:
    """Killed between the commit in PostgreSQL and the commit in Kafka: Kafka then delivers from the start."""
    await notebook.publish(NOTES)
    async with notebook.running():
        await notebook.has_seen(200)
    await _set_kafka_offsets(notebook, 0)
    async with notebook.running():
        await notebook.publish([("key-new", 1)])
        await notebook.has_seen(201)
    assert len(await notebook.seen()) == 201


async def test_a_restart_begins_where_the_database_is_even_if_kafka_is_ahead(notebook: Notebook) -> None:
    """Offsets committed in Kafka may be ahead, for instance when the database came back from a backup."""
    await notebook.publish(NOTES)
    await _set_kafka_offsets(notebook, 60)
    async with notebook.running():
        await notebook.has_seen(200)
    assert sorted(await notebook.seen()) == sorted(NOTES)


async def test_skipped_records_are_noticed_and_read(notebook: Notebook) -> None:
    await notebook.publish(NOTES[:100])
    async with notebook.running() as messaging:
        await notebook.has_seen(100)
        kafka = messaging.consumer.kafka
        assert kafka is not None
        for partition, mark in (await notebook.marks()).items():
            kafka.pause(TopicPartition(notebook.topic, partition))
            await notebook.publish([("skipped", 1000 + partition)] * 5, partition)
            kafka.seek(TopicPartition(notebook.topic, partition), mark + 3)
            kafka.resume(TopicPartition(notebook.topic, partition))
        await notebook.has_seen(110)
    assert len(await notebook.seen()) == 110


async def test_a_replica_thrown_out_of_the_group_cannot_do_work_that_the_next_one_does_too(notebook: Notebook) -> None:
    """The zombie holds a batch it read before the rebalance; the watermark's lock decides who handles it."""
    records = [Record(notebook.topic, 0, n, b"k", b'{"key":"k","number":%d}' % n, 0) for n in range(20)]
    await notebook.fetch("insert into watermark values ($1, 0, 0)", notebook.topic)
    zombie, owner = notebook.replica(), notebook.replica()
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(work: Work, events: Sequence[Note]) -> None:
        began.set()
        await go_on.wait()

    notebook.faults.before = slow
    late = asyncio.create_task(_processor(zombie).process(records[:15], may_park=0))
    await began.wait()
    notebook.faults.before = None
    new = asyncio.create_task(_processor(owner).process(records, may_park=0))
    await asyncio.sleep(0.2)
    assert not new.done(), "the new owner waits for the one that is still inside its transaction"
    go_on.set()
    assert await late == Tally(15, 15, 0)
    assert (await new).fresh == 5
    assert await _processor(zombie).process(records, may_park=0) == Tally(), "too late: all is handled"
    assert [number for _, number in await notebook.seen()] == list(range(20))
    for messaging in (zombie, owner):
        await messaging.engine.dispose()


async def test_two_replicas_share_the_work_and_one_takes_over_when_the_other_goes(notebook: Notebook) -> None:
    async with notebook.running() as first:
        await notebook.publish(NOTES)
        await notebook.has_seen(100)
        async with notebook.running() as second:
            await eventually(lambda: _owns(second.consumer.kafka, 1))
            await notebook.publish([(f"key-{number % 7}", number) for number in range(200, 400)])
            await notebook.has_seen(400)
        await eventually(lambda: _owns(first.consumer.kafka, 2))
        await notebook.publish([(f"key-{number % 7}", number) for number in range(400, 500)])
        await notebook.has_seen(500)
    assert sorted(number for _, number in await notebook.seen()) == list(range(500))


async def test_what_the_last_owner_of_a_partition_decided_is_told_by_the_next_one(notebook: Notebook) -> None:
    """It died between its commit and Kafka; the slow sweep would find it, but much later than what comes after it."""
    async with notebook.running(outbox_sweep_seconds=3600) as heir:
        async with notebook.running(outbox_sweep_seconds=3600) as dying:
            await eventually(lambda: _owns(dying.consumer.kafka, 1))
            async with transaction(notebook.engine) as connection:
                await outbox.write(driver(connection), outgoing(notebook.out, [("left", 1)]))
            await asyncio.sleep(1.5)
            assert await notebook.told() == []
        await eventually(lambda: _owns(heir.consumer.kafka, 2))
        for partition in range(2):
            await notebook.publish([("later", partition)], partition)
        await notebook.has_seen(2)
        await eventually(lambda: _told(notebook, 3))
    assert ("left", 1) in await notebook.told()


async def _told(notebook: Notebook, count: int) -> bool:
    return len(await notebook.told()) == count


async def test_a_kafka_that_was_reset_stops_the_service_with_a_sentence(notebook: Notebook) -> None:
    """Its records would have offsets that count as handled: going on would drop them unseen."""
    await notebook.publish(NOTES)
    async with notebook.running():
        await notebook.has_seen(200)
    async with notebook.admin() as admin:
        await admin.delete_topics([notebook.topic])
    await asyncio.sleep(0.5)
    await notebook.create_topics(notebook.topic)
    await notebook.publish(NOTES[:10])
    async with notebook.running() as messaging:

        async def down() -> bool:
            return bool(messaging.health()["status"] == "DOWN")

        await eventually(down)
        assert "Kafka was reset" in messaging.health()["details"]["consumer"]
    assert len(await notebook.seen()) == 200


async def test_records_that_kafka_deleted_before_they_were_handled_do_not_stop_the_rest(notebook: Notebook) -> None:
    await notebook.publish([("key", number) for number in range(10)], 0)
    async with notebook.running():
        await notebook.has_seen(10)
    await notebook.publish([("key", number) for number in range(10, 20)], 0)
    async with notebook.admin() as admin:
        await admin.delete_records({TopicPartition(notebook.topic, 0): RecordsToDelete(before_offset=15)})
    async with notebook.running():
        await notebook.has_seen(15)
    assert [number for _, number in await notebook.seen()] == [*range(10), *range(15, 20)]


async def test_a_gap_changes_nothing(notebook: Notebook) -> None:
    messaging = notebook.replica()
    records = [Record(notebook.topic, 0, 5, b"k", b'{"key":"k","number":5}', 0)]
    try:
        await _processor(messaging).process(records, may_park=0)
    except GapError as gap:
        assert str(gap) == f"{notebook.topic}-0: 0 to 5"
    else:
        raise AssertionError("records 0 to 4 were never handled")
    assert await notebook.seen() == []
    await messaging.engine.dispose()


def _processor(messaging: object) -> BatchProcessor:
    processor: BatchProcessor = messaging.consumer._processor  # type: ignore[attr-defined]
    return processor


async def _owns(kafka: AIOKafkaConsumer | None, partitions: int) -> bool:
    return kafka is not None and len(kafka.assignment()) == partitions


async def _set_kafka_offsets(notebook: Notebook, offset: int) -> None:
    consumer = AIOKafkaConsumer(
        notebook.topic, bootstrap_servers=notebook.bootstrap, group_id=f"fla-{notebook.name}", enable_auto_commit=False
    )
    await consumer.start()
    await consumer.commit(dict.fromkeys(consumer.assignment(), offset))
    await consumer.stop()
