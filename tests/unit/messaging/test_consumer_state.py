"""Health by progress: a service that hangs must be found, and one that has nothing to do must be left alone."""

import time
from collections.abc import Callable

import pytest

from shared.messaging.consumer_state import ConsumerState
from shared.messaging.records import Record

TOPIC = "fla.trainings.v1"
PLACE = (TOPIC, 0)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    moment = 1000.0

    def forward(seconds: float) -> None:
        nonlocal moment
        moment += seconds

    monkeypatch.setattr("shared.messaging.consumer_state.time.monotonic", lambda: moment)
    return forward


def records(*offsets: int) -> list[Record]:
    return [Record(TOPIC, 0, offset, b"k", b"{}", 0) for offset in offsets]


def state() -> ConsumerState:
    made = ConsumerState(stall_seconds=60)
    made.assign({PLACE: 0})
    return made


def test_lag_without_progress_is_a_stall(pass_time: Callable[[float], None]) -> None:
    consumer = state()
    consumer.saw_end({PLACE: 10})
    assert consumer.lag() == {PLACE: 10}
    pass_time(59)
    assert not consumer.stalled
    pass_time(2)
    assert consumer.stalled
    consumer.progressed(records(0, 1), 2)
    assert not consumer.stalled


def test_nothing_to_do_is_no_stall(pass_time: Callable[[float], None]) -> None:
    consumer = state()
    consumer.progressed(records(0, 1), 2)
    consumer.saw_end({PLACE: 2})
    pass_time(1000)
    consumer.saw_end({PLACE: 2})
    assert not consumer.stalled
    consumer.saw_end({PLACE: 3})
    assert not consumer.stalled, "the record has only just come"


def test_a_kafka_that_is_away_is_no_reason_to_restart(pass_time: Callable[[float], None]) -> None:
    consumer = state()
    consumer.saw_end({PLACE: 10})
    consumer.lost_kafka()
    pass_time(1000)
    assert not consumer.stalled
    consumer.saw_end({PLACE: 10})
    assert not consumer.stalled, "it is given time again"
    pass_time(61)
    assert consumer.stalled


def test_partitions_that_another_replica_took_over_are_not_our_lag() -> None:
    consumer = state()
    consumer.saw_end({PLACE: 10})
    consumer.assign({})
    consumer.progressed(records(0, 1), 2)
    assert consumer.lag() == {}


def test_throughput_counts_the_last_minute_only(pass_time: Callable[[float], None]) -> None:
    consumer = state()
    consumer.progressed(records(*range(30)), 30)
    assert consumer.rates() == {TOPIC: 0.5}
    pass_time(61)
    assert consumer.rates() == {}
    assert consumer.totals[TOPIC] == 30


def test_the_oldest_record_goes_on_getting_older_while_nobody_handles_it() -> None:
    """An operator who reads 0 seconds beside a consumer that stopped yesterday would look elsewhere."""
    now_ms = int(time.time() * 1000)
    sent = [Record(TOPIC, 0, offset, b"k", b"{}", now_ms - age * 1000) for offset, age in enumerate((90, 60, 30))]
    consumer = state()
    consumer.begin(sent)
    assert 89 < consumer.oldest_seconds()[TOPIC] < 92
    consumer.progressed(sent[:1], 1)
    consumer.end()  # given back
    consumer.saw_end({PLACE: 3})
    assert 59 < consumer.oldest_seconds()[TOPIC] < 92, "it came between the one before it and the one after it"
    consumer.begin(sent[1:])
    assert 59 < consumer.oldest_seconds()[TOPIC] < 62
    consumer.progressed(sent[1:], 2)
    consumer.end()
    assert consumer.oldest_seconds() == {}


def test_a_record_that_was_never_in_hand_is_as_old_as_the_moment_it_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr("shared.messaging.consumer_state.time.time", lambda: moment)
    consumer = state()
    consumer.saw_end({PLACE: 1})
    moment += 40
    consumer.saw_end({PLACE: 2})
    assert consumer.oldest_seconds() == {TOPIC: 40}
    consumer.saw_end({PLACE: 0})
    assert consumer.oldest_seconds() == {}


def test_a_consumer_that_gets_no_place_in_its_group_is_a_stall_too(pass_time: Callable[[float], None]) -> None:
    """It knows of no lag, because it knows of no partitions."""
    consumer = state()
    consumer.saw_end({PLACE: 0})
    consumer.revoke()
    for _ in range(7):
        pass_time(10)
        consumer.saw_end({})
    assert consumer.stalled
    consumer.assign({})
    consumer.saw_end({})
    pass_time(1000)
    consumer.saw_end({})
    assert not consumer.stalled, "others have all partitions"


def test_time_without_a_database_does_not_count(pass_time: Callable[[float], None]) -> None:
    consumer = state()
    consumer.saw_end({PLACE: 10})
    pass_time(1000)
    consumer.wait()
    assert not consumer.stalled
