"""Health by progress: a service that hangs must be found, and one that has nothing to do must be left alone."""

from collections.abc import Callable

import pytest

from shared.messaging.records import Record
from shared.messaging.state import ConsumerState

TOPIC = "fla.trainings.v1"
PLACE = (TOPIC, 0)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    moment = 1000.0

    def forward(seconds: float) -> None:
        nonlocal moment
        moment += seconds

    monkeypatch.setattr("shared.messaging.state.time.monotonic", lambda: moment)
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
