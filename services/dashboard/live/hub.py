"""Who is watching what in this process, and waking them."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# A page is drawn first and starts to watch a moment later: what changed in between must still reach it.
_REMEMBERED_SECONDS = 10.0


class Watch:
    """One open stream's bell: rung any number of times, it is answered once."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Note that something changed."""
        self._rung.set()

    async def wait(self) -> None:
        """Wait until the bell has rung since the last time."""
        await self._rung.wait()
        self._rung.clear()


class Hub:
    """Watches by key: an enterprise number, or the tail of a person's id."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._watches: dict[str, set[Watch]] = {}
        self._recent: OrderedDict[str, float] = OrderedDict()
        self._deaf_until = 0.0

    @contextmanager
    def watching(self, key: str) -> Iterator[Watch]:
        """Watch a key while the block lasts; the watch rings at once for a change of the last seconds."""
        watch = Watch()
        now = self._clock()
        if now < self._deaf_until or self._recent.get(key, -_REMEMBERED_SECONDS) > now - _REMEMBERED_SECONDS:
            watch.ring()
        self._watches.setdefault(key, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[key].discard(watch)
            if not self._watches[key]:
                del self._watches[key]

    def changed(self, keys: list[str]) -> None:
        """Wake who watches what changed."""
        now = self._clock()
        for key in keys:
            self._recent[key] = now
            self._recent.move_to_end(key)
            for watch in self._watches.get(key, ()):
                watch.ring()
        self._forget(now)

    def missed(self) -> None:
        """Wake everyone: nothing was heard for a while, so anything may have changed."""
        self._deaf_until = self._clock() + _REMEMBERED_SECONDS
        for watches in self._watches.values():
            for watch in watches:
                watch.ring()

    @property
    def open_streams(self) -> int:
        """How many watches there are."""
        return sum(map(len, self._watches.values()))

    def _forget(self, now: float) -> None:
        while self._recent and next(iter(self._recent.values())) <= now - _REMEMBERED_SECONDS:
            self._recent.popitem(last=False)
