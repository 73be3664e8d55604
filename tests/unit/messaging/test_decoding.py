"""A broken record must not take sound ones with it, and its bytes must not be quoted."""

from typing import Literal
from unittest.mock import AsyncMock

from msgspec import Struct

from shared.contracts.envelope import encode
from shared.contracts.lean import TrainingSubmitted
from shared.contracts.training_submissions import TOPIC
from shared.messaging.decoding import TypedHandler, decode
from shared.messaging.records import Record
from tests.support.declarations import registration


def record(offset: int, value: bytes) -> Record:
    return Record(TOPIC, 0, offset, b"k", value, 0)


def test_sound_records_are_decoded_in_order() -> None:
    events = [registration(line) for line in range(3)]
    good, bad = decode(TOPIC, [record(index, encode(event)) for index, event in enumerate(events)])
    assert [event for _, event in good] == events
    assert [found.offset for found, _ in good] == [0, 1, 2]
    assert bad == []


def test_one_broken_record_is_found_among_sound_ones() -> None:
    sound = encode(registration())
    unknown = encode(registration() | {"type": "be.fla.training.vanished.v1"})
    broken = [b"", b"null", b"{}", b"[]", sound[:-1], b"\xff\xfe", sound + b"," + sound, unknown]
    records = [record(0, sound), *(record(1 + n, value) for n, value in enumerate(broken)), record(99, sound)]
    good, bad = decode(TOPIC, records)
    assert [found.offset for found, _ in good] == [0, 99]
    assert [found.record.offset for found in bad] == list(range(1, 1 + len(broken)))


def test_a_field_of_the_wrong_type_is_named_and_its_value_is_not() -> None:
    event = registration()
    event["data"]["content"]["minutes"] = "80010100184 is no number"
    _, [found] = decode(TOPIC, [record(0, encode(event))])
    assert "minutes" in found.error
    assert "80010100184" not in found.error


def test_a_field_that_a_newer_release_added_is_no_error() -> None:
    event = registration()
    event["data"]["content"]["addedLater"] = {"some": "thing"}
    good, bad = decode(TOPIC, [record(0, encode(event))])
    assert (len(good), bad) == (1, [])


def test_a_lean_reader_takes_what_it_needs_and_finds_the_same_broken_record() -> None:
    sound = encode(registration())
    broken = encode(registration() | {"id": None})
    reader = TypedHandler(TrainingSubmitted, AsyncMock())
    good, [found] = decode(TOPIC, [record(0, sound), record(1, broken), record(2, sound)], reader)
    assert [event.data.training for _, event in good] == [registration()["data"]["training"]] * 2
    assert (found.record.offset, found.error.endswith("id: string_type")) == (1, True)


def test_what_a_lean_reader_cannot_read_though_its_contract_can_is_not_quoted() -> None:
    class Odd(Struct):
        party: Literal["80010100184"]

    _, [found] = decode(TOPIC, [record(0, encode(registration()))], TypedHandler(Odd, AsyncMock()))
    assert found.error == "fits its contract, but not what is read of it here"
