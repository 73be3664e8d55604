"""Events as a service's handlers get them: through bytes, and read as that handler reads them."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.envelope import encode
from shared.messaging.decoding import decode
from shared.messaging.records import Handlers, Record


def as_read(handlers: Handlers, topic: str, events: Iterable[dict[str, Any]]) -> list[Any]:
    """These events of one topic, all of which the handler must be able to read."""
    records = [Record(topic, 0, offset, b"key", encode(event), 0) for offset, event in enumerate(events)]
    good, bad = decode(topic, records, handlers[topic])
    assert not bad, bad
    return [event for _, event in good]
