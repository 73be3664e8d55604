"""Sending never waits for ever, never loses the order of a key, and recovers from what only a new producer cures."""

import asyncio
import time
import warnings

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, OutOfOrderSequenceNumber

from shared.messaging.producer import MAX_BATCH_BYTES, Producer
from shared.messaging.records import Outgoing
from tests.support.broken_kafka import standing_still
from tests.support.messaging import Notebook, outgoing


async def test_a_key_goes_where_kafkas_own_partitioner_would_send_it(notebook: Notebook) -> None:
    """Otherwise two writers of one topic would spread a person over two partitions, and order would be lost."""
    notes = [(f"key-{number}", number) for number in range(200)]
    await notebook.publish(notes)
    producer = Producer(notebook.bootstrap)
    await producer.send(outgoing(notebook.out, notes))
    await producer.close()
    plain = {note["key"]: partition for partition, note in await notebook.read_all(notebook.topic)}
    ours = {note["key"]: partition for partition, note in await notebook.read_all(notebook.out)}
    assert ours == plain
    assert set(ours.values()) == {0, 1}


async def test_more_than_one_batch_holds_is_split_and_keeps_its_order(notebook: Notebook) -> None:
    padding = b" " * (MAX_BATCH_BYTES // 5)
    events = [Outgoing(notebook.out, b"k", b'{"key":"k","number":%d}' % number + padding) for number in range(33)]
    producer = Producer(notebook.bootstrap)
    await producer.send(events)
    await producer.close()
    assert [number for _, number in await notebook.told()] == list(range(33))


async def test_an_event_larger_than_a_batch_goes_alone(notebook: Notebook) -> None:
    large = b'{"key":"k","number":1}' + b" " * (MAX_BATCH_BYTES + 1000)
    producer = Producer(notebook.bootstrap)
    await producer.send([Outgoing(notebook.out, b"k", large), *outgoing(notebook.out, [("k", 2), ("k", 3)])])
    await producer.close()
    assert [number for _, number in await notebook.told()] == [1, 2, 3]


async def test_a_broker_that_is_not_there_is_told_within_the_limit(notebook: Notebook) -> None:
    producer = Producer("127.0.0.1:1", send_seconds=2)
    started = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((KafkaError, TimeoutError)):
            await producer.send(outgoing(notebook.out, [("k", 1)]))
    assert time.monotonic() - started < 5


async def test_a_broker_that_hangs_is_given_up_in_time_and_used_again_when_it_answers(notebook: Notebook) -> None:
    producer = Producer(notebook.bootstrap, send_seconds=2)
    await producer.send(outgoing(notebook.out, [("k", 1)]))
    tasks = len(asyncio.all_tasks())
    with standing_still(notebook.bootstrap):
        started = time.monotonic()
        with pytest.raises((KafkaError, TimeoutError)):
            await producer.send(outgoing(notebook.out, [("k", 2)]))
        assert time.monotonic() - started < 2 + 2 + 2, "the limit, the limit on stopping, and some"
        await asyncio.sleep(0.1)
        assert len(asyncio.all_tasks()) < tasks, "nothing goes on trying behind our back"
    await producer.send(outgoing(notebook.out, [("k", 2), ("k", 3)]))
    await producer.close()
    told = [number for _, number in await notebook.told()]
    assert sorted(set(told)) == [1, 2, 3]
    assert told[-2:] == [2, 3]


async def test_a_broken_sequence_is_cured_by_a_new_producer(notebook: Notebook) -> None:
    """The broker answers OutOfOrderSequenceNumber until the producer starts anew."""
    producer = Producer(notebook.bootstrap)
    await producer.send(outgoing(notebook.out, [("k", 1)]))
    kafka = producer._kafka
    assert isinstance(kafka, AIOKafkaProducer)
    for partition in range(notebook.partitions):
        kafka._txn_manager._sequence_numbers[TopicPartition(notebook.out, partition)] += 7
    with pytest.raises(OutOfOrderSequenceNumber):
        await producer.send(outgoing(notebook.out, [("k", 2)]))
    assert producer._kafka is None
    await producer.send(outgoing(notebook.out, [("k", 2)]))
    await producer.close()
    assert await notebook.told() == [("k", 1), ("k", 2)]


async def test_closing_does_not_wait_for_a_broker_that_hangs(notebook: Notebook) -> None:
    producer = Producer(notebook.bootstrap)
    await producer.send(outgoing(notebook.out, [("k", 1)]))
    with standing_still(notebook.bootstrap):
        sending = asyncio.create_task(producer.send(outgoing(notebook.out, [("k", 2)])))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await producer.close()
        assert time.monotonic() - started < 4
