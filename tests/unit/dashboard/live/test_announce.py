"""If these failed, an open page would stay as it was although its figures changed."""

from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.live.announce import chunks, tail, touched

NUMBERS = st.sets(st.from_regex(r"[01]\d{9}", fullmatch=True), max_size=50)
PERSONS = st.sets(st.uuids(version=4).map(str), max_size=50)


@given(NUMBERS, PERSONS)
def test_everyone_touched_is_named_and_no_payload_is_too_long_for_postgresql(
    enterprises: set[str], persons: set[str]
) -> None:
    payloads = chunks(enterprises, persons)

    heard = [touched(payload) for payload in payloads]
    assert {number for numbers, _ in heard for number in numbers} == enterprises
    assert {end for _, ends in heard for end in ends} == {tail(person) for person in persons}
    assert all(len(payload.encode()) < 8000 for payload in payloads)


def test_a_full_batch_needs_a_handful_of_payloads() -> None:
    persons = {f"00000000-0000-4000-8000-{number:012x}" for number in range(4000)}

    assert len(chunks({f"{number:010d}" for number in range(400)}, persons)) < 7
