"""A trace is taken over from who sends a proper one, begun anew for everybody else, and found again by people."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import structlog

from shared.observability import tracing

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    """Other tests run in the same context."""
    yield
    tracing._current.set(None)
    structlog.contextvars.clear_contextvars()


def test_a_proper_trace_is_taken_over_with_a_parent_of_our_own() -> None:
    made = tracing.begin(f"00-{TRACE}-{PARENT}-00")
    assert made.startswith(f"00-{TRACE}-") and made.endswith("-00")
    assert PARENT not in made
    assert tracing.current() == made
    assert tracing.trace_id(made) == str(UUID(TRACE))
    assert structlog.contextvars.get_contextvars()["trace"] == str(UUID(TRACE))


def test_a_later_version_of_the_standard_may_say_more() -> None:
    assert tracing.begin(f"01-{TRACE}-{PARENT}-01-more").startswith(f"00-{TRACE}-")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "x",
        f"00-{TRACE}-{PARENT}",
        f"00-{TRACE}-{PARENT}-01-more",
        f"00-{TRACE.upper()}-{PARENT}-01",
        f"ff-{TRACE}-{PARENT}-01",
        f"00-{'0' * 32}-{PARENT}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{PARENT}-01\n",
    ],
)
def test_anything_else_begins_a_new_one(sent: str | None) -> None:
    made = tracing.begin(sent)
    assert TRACE not in made
    version, trace, parent, flags = made.split("-")
    assert (version, len(trace), len(parent), flags) == ("00", 32, 16, "01")


def test_the_trace_of_a_file_is_its_id_and_the_same_after_a_crash() -> None:
    batch = str(uuid4())
    assert tracing.of(batch) == tracing.of(batch)
    assert tracing.trace_id(tracing.of(batch)) == batch


def test_the_trace_of_an_event_is_found_without_reading_it() -> None:
    event = f'{{"traceparent":"00-{TRACE}-{PARENT}-01","data":'.encode()
    assert tracing.trace_of_event(event) == str(UUID(TRACE))
    assert tracing.trace_of_event(b"\xff{}") is None


async def test_requests_at_the_same_time_have_each_their_own() -> None:
    async def request(number: int) -> tuple[str | None, str]:
        made = tracing.begin(f"00-{number:032x}-{PARENT}-01")
        await asyncio.sleep(0)
        return tracing.current(), made

    for current, made in await asyncio.gather(*(asyncio.create_task(request(n)) for n in range(1, 20))):
        assert current == made
