"""A bounded in-memory cache whose entries carry the moment they stop being true."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from cachetools import TLRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class ExpiringCache(Generic[K, V]):
    """Keeps up to `size` values, each until its own expiry (seconds since 1970); the least recently used goes first.

    Not for several threads: every user lives on one event loop.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError("a cache holds at least one entry")
        self._now = 0.0
        # Each entry says itself until when it holds, and the caller what time it is: tokens are checked by one clock.
        self._entries: TLRUCache[K, tuple[float, V]] = TLRUCache(
            size, ttu=lambda _key, entry, _now: entry[0], timer=lambda: self._now
        )

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K, now: float) -> V | None:
        """Get the value, if it is there and has not expired at `now`."""
        self._now = now
        entry = self._entries.get(key)
        return None if entry is None else entry[1]

    def put(self, key: K, value: V, expires: float) -> None:
        """Keep a value until `expires`."""
        self._entries[key] = (expires, value)

    def clear(self) -> None:
        """Forget everything, for instance when a key was withdrawn."""
        self._entries.clear()
