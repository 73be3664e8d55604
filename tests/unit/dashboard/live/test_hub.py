"""If these failed, a page would miss the last change, or be told so often that it does nothing but reload."""

import asyncio
import time
from itertools import pairwise

from services.dashboard.live.hub import Hub, Watch
from services.dashboard.queries.changes import coalesced


class Clock:
    """A clock that stands still until told otherwise."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def rung(watch: Watch) -> bool:
    return watch._rung.is_set()


def test_a_change_wakes_who_watches_that_and_nobody_else() -> None:
    hub = Hub(Clock())
    with hub.watching("0200000037") as mine, hub.watching("0200000136") as other:
        hub.changed(["0200000037"])

        assert rung(mine)
        assert not rung(other)


def test_a_change_between_drawing_the_page_and_watching_it_is_told_at_once() -> None:
    clock = Clock()
    hub = Hub(clock)
    hub.changed(["0200000037"])

    clock.now += 9
    with hub.watching("0200000037") as early:
        assert rung(early)
    clock.now += 9
    with hub.watching("0200000037") as late:
        assert not rung(late)


def test_after_a_deaf_spell_everyone_looks_again() -> None:
    clock = Clock()
    hub = Hub(clock)
    with hub.watching("0200000037") as before:
        hub.missed()
        assert rung(before)
    with hub.watching("0200000136") as just_after:
        assert rung(just_after)
    clock.now += 11
    with hub.watching("0200000136") as later:
        assert not rung(later)


def test_nothing_is_kept_of_closed_streams_and_old_changes() -> None:
    clock = Clock()
    hub = Hub(clock)
    with hub.watching("0200000037"):
        assert hub.open_streams == 1
    hub.changed([f"{number:010d}" for number in range(1000)])
    clock.now += 11
    hub.changed(["0200000037"])

    assert hub.open_streams == 0
    assert hub._watches == {}
    assert list(hub._recent) == ["0200000037"]


async def test_many_changes_become_few_signals_and_the_last_change_is_always_followed_by_one() -> None:
    watch = Watch()
    told: list[float] = []

    async def listen() -> None:
        async for event in coalesced(watch, 0.1):
            assert event.event == "changed"
            told.append(time.monotonic())

    listening = asyncio.create_task(listen())
    last = 0.0
    for _ in range(70):
        watch.ring()
        last = time.monotonic()
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.25)
    listening.cancel()

    assert 2 <= len(told) <= (last - told[0]) / 0.1 + 2
    assert told[-1] >= last
    assert all(later - earlier >= 0.09 for earlier, later in pairwise(told))
