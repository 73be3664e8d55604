"""The outbox holds a whole batch in one value: what comes out must be what went in, byte for byte."""

from hypothesis import given
from hypothesis import strategies as some

from shared.messaging.outbox import pack, unpack
from shared.messaging.records import Outgoing

EVENTS = some.lists(some.builds(Outgoing, some.text(max_size=50), some.binary(max_size=50), some.binary(max_size=900)))


@given(EVENTS)
def test_what_is_packed_is_unpacked(events: list[Outgoing]) -> None:
    assert unpack(pack(events)) == events


def test_many_alike_take_little_room() -> None:
    events = [Outgoing("fla.trainings.v1", b"%d" % number, b'{"training": %d}' % number * 20) for number in range(1000)]
    packed = pack(events)
    assert len(packed) < sum(len(event.value) for event in events) / 5
    assert unpack(packed) == events


def test_a_row_written_before_rows_were_compressed_is_read() -> None:
    value = b"x" * 5000
    assert unpack(b"\x00\x01\x00\x02\x00\x00\x13\x88tkk" + value) == [Outgoing("t", b"kk", value)]
