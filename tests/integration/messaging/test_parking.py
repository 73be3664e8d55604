"""A broken record steps aside with what hangs on it, and nothing else waits for it."""

from collections.abc import Sequence

from shared.contracts.topics import TOPICS
from shared.database.engine import driver, transaction
from shared.messaging import parking
from shared.messaging.records import Work
from shared.messaging.runtime import Messaging
from tests.support.messaging import Note, Notebook, eventually

KEYS = ["a", "b", "c", "d", "e"]
# Every key has the numbers n, n + 10, n + 20, …
NOTES = [(key, 10 * turn + index) for turn in range(20) for index, key in enumerate(KEYS)]


async def parked(notebook: Notebook) -> list[tuple[str, bytes, str]]:
    rows = await notebook.fetch('select key, value, error from parked order by partition, "offset"')
    return [(row["key"].decode(), row["value"], row["error"]) for row in rows]


async def release(notebook: Notebook, key: str) -> None:
    async with transaction(notebook.engine) as connection:
        await parking.release(driver(connection), notebook.topic, key.encode())


async def test_a_poisoned_record_is_parked_with_the_later_ones_of_its_key_while_others_go_on(
    notebook: Notebook,
) -> None:
    notebook.faults.poison = {51}
    await notebook.publish(NOTES)
    async with notebook.running() as messaging:
        await notebook.has_seen(80 + 5)
        await eventually(lambda: _all_handled(notebook))
        await notebook.publish([("b", 991), ("c", 992)])
        await notebook.has_seen(86)
        await eventually(lambda: _all_handled(notebook, 102))
        assert messaging.health()["status"] != "DOWN"
    assert sorted(await notebook.seen()) == sorted(
        [note for note in NOTES if note[0] != "b" or note[1] < 51] + [("c", 992)]
    )
    waiting = await parked(notebook)
    assert [value for _, value, _ in waiting] == [
        b'{"key":"b","number":%d}' % number for number in [*range(51, 200, 10), 991]
    ]
    assert waiting[0][2] == "RecordRefusedError: number 51 is poison"
    assert {error for _, _, error in waiting[1:]} == {"waits behind an earlier record of the same key"}
    assert sorted(await notebook.told()) == sorted(await notebook.seen()), "what was undone was not told"


async def test_the_culprit_is_found_by_halving_and_not_by_trying_each_record(notebook: Notebook) -> None:
    notebook.faults.poison = {777}
    await notebook.publish([(f"key-{number}", number) for number in range(1024)], 0)
    async with notebook.running():
        await notebook.has_seen(1023)
    assert len(notebook.faults.calls) <= 2 * 10 + 10, "about two tries per halving"


async def test_released_records_are_handled_in_order_and_told(notebook: Notebook) -> None:
    notebook.faults.poison = {51}
    await notebook.publish(NOTES)
    async with notebook.running():
        await eventually(lambda: _all_handled(notebook))
        await release(notebook, "b")
        await eventually(lambda: _attempts(notebook, 2))
        assert len(await parked(notebook)) == 15, "still poison: all stay, in order"
        notebook.faults.poison = set()
        await release(notebook, "b")
        await notebook.has_seen(100)
        await notebook.publish([("b", 991)])
        await notebook.has_seen(101)
    assert await parked(notebook) == []
    expected = [note for note in NOTES if note[0] == "b"] + [("b", 991)]
    assert [note for note in await notebook.seen() if note[0] == "b"] == expected
    assert [note for note in await notebook.told() if note[0] == "b"] == expected


async def test_a_dropped_record_stays_as_evidence_and_those_behind_it_go_on(notebook: Notebook) -> None:
    notebook.faults.poison = {51}
    await notebook.publish(NOTES)
    async with notebook.running():
        await eventually(lambda: _all_handled(notebook))
        async with transaction(notebook.engine) as connection:
            await parking.drop(driver(connection), notebook.topic, b"b", "nadia", "sent by mistake")
        await notebook.has_seen(99)
    assert await parked(notebook) == []
    [dropped] = await notebook.fetch("select * from parked_dropped")
    assert (dropped["value"], dropped["dropped_by"], dropped["reason"]) == (
        b'{"key":"b","number":51}', "nadia", "sent by mistake",
    )  # fmt: skip
    assert sorted(await notebook.seen()) == sorted(note for note in NOTES if note != ("b", 51))


async def test_bytes_that_are_no_event_are_parked_and_their_values_not_quoted(notebook: Notebook) -> None:
    await notebook.publish([("a", 1)])
    await notebook.publish_raw(
        "a", b'{"key":"a","number":"nr 80010100184"}', b"\x00\xff", b"", b'{"key":"a","number":2}'
    )
    await notebook.publish([("b", 3)])
    async with notebook.running():
        await notebook.has_seen(2)
        await eventually(lambda: _all_handled(notebook, 6))
    assert sorted(await notebook.seen()) == [("a", 1), ("b", 3)]
    waiting = await parked(notebook)
    assert [value for _, value, _ in waiting] == [
        b'{"key":"a","number":"nr 80010100184"}', b"\x00\xff", b"", b'{"key":"a","number":2}',
    ]  # fmt: skip
    assert not any("80010100184" in error for _, _, error in waiting)


async def test_when_one_after_another_is_refused_the_consumer_stops_for_it_is_a_bug(notebook: Notebook) -> None:
    notebook.faults.poison = set(range(100))
    await notebook.publish([(f"key-{number}", number) for number in range(100)], 0)
    async with notebook.running(parked_in_a_row=5) as messaging:
        await eventually(lambda: _stopped(messaging))
        assert "5 records in a row could not be handled" in messaging.health()["details"]["consumer"]
        assert messaging.health()["status"] == "DOWN"
    assert len(await parked(notebook)) == 5
    assert (await notebook.marks())[0] == 5


async def test_what_only_waits_behind_a_refused_record_is_no_success_that_lets_the_next_one_be_refused(
    notebook: Notebook,
) -> None:
    """People come with several records each: a handler that refuses all of them must not park the whole topic."""
    notebook.faults.poison = set(range(200))
    await notebook.publish([(f"key-{number // 4}", number) for number in range(200)], 0)
    async with notebook.running(parked_in_a_row=5) as messaging:
        await eventually(lambda: _stopped(messaging))
    culprits = [error for _, _, error in await parked(notebook) if "poison" in error]
    assert len(culprits) == 5


async def test_when_nothing_can_be_read_nothing_is_parked_and_a_mended_service_takes_it_all(
    notebook: Notebook,
) -> None:
    """A release that cannot read what another one writes: the records are sound."""
    await notebook.publish([(f"key-{number}", number) for number in range(100)], 0)
    sound = TOPICS[notebook.topic]
    TOPICS[notebook.topic] = TOPICS["fla.trainings.v1"]
    async with notebook.running() as messaging:
        await eventually(lambda: _stopped(messaging))
        assert "could not be read" in messaging.health()["details"]["consumer"]
    assert await parked(notebook) == []
    TOPICS[notebook.topic] = sound
    async with notebook.running():
        await notebook.has_seen(100)


async def test_a_database_that_goes_away_does_not_park_a_released_record_again(notebook: Notebook) -> None:
    notebook.faults.poison = {51}
    await notebook.publish(NOTES)
    failures = 2

    async def fail(work: Work, events: Sequence[Note]) -> None:
        nonlocal failures
        if failures and not notebook.faults.poison:
            failures -= 1
            raise ConnectionResetError

    notebook.faults.before = fail
    async with notebook.running():
        await eventually(lambda: _all_handled(notebook))
        notebook.faults.poison = set()
        await release(notebook, "b")
        await notebook.has_seen(100)
    assert failures == 0
    assert [number for key, number in await notebook.seen() if key == "b"] == list(range(1, 200, 10))


async def _all_handled(notebook: Notebook, count: int = 100) -> bool:
    return sum((await notebook.marks()).values()) == count


async def _attempts(notebook: Notebook, count: int) -> bool:
    return bool(await notebook.fetch("select 1 from parked where attempts >= $1", count))


async def _stopped(messaging: Messaging) -> bool:
    return messaging.consumer.state.stopped is not None
