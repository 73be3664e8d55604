"""The outbox holds a whole batch in one value: what comes out must be what went in, byte for byte."""

from hypothesis import given
from hypothesis import strategies as some

from shared.messaging.outbox import pack, unpack
from shared.messaging.records import Outgoing

EVENTS = some.lists(some.builds(Outgoing, some.text(max_size=50), some.binary(max_size=50), some.binary(max_size=300)))


@given(EVENTS)
def test_what_is_packed_is_unpacked(events: list[Outgoing]) -> None:
    assert unpack(pack(events)) == events
