"""The enterprises that the source says somebody represents, for an offer on the home page."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from services.gateway.sources.representation import RepresentationSource, Represented
from shared.access.expiring_cache import ExpiringCache

_KEPT_SECONDS: Final = 600.0
_SOON_SECONDS: Final = 60.0
_PATIENCE_SECONDS: Final = 1.0


class Offers:
    """Asks the source at most once in a while per person: a home page must not wait for it, nor fail with it.

    Kept in memory for ten minutes, and for one when there was nothing to offer. An offer is no proof.
    """

    def __init__(self, source: RepresentationSource) -> None:
        self._source = source
        self._kept: ExpiringCache[str, Sequence[Represented]] = ExpiringCache(10_000)
        self._asking: dict[str, asyncio.Task[Sequence[Represented]]] = {}

    def known(self, person: str) -> Sequence[Represented] | None:
        """Get what is remembered for a person, or None when the source is to be asked."""
        return self._kept.get(person, time.time())

    async def of(self, person: str, ssin: str) -> Sequence[Represented]:
        """Ask what can be offered; nothing for now when the source takes longer than a second: the question goes on."""
        task = self._asking.get(person)
        if task is None:
            task = self._asking[person] = asyncio.create_task(self._ask(person, ssin))
            task.add_done_callback(lambda _: self._asking.pop(person, None))
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)
        return task.result() if done else ()

    def forget(self, person: str) -> None:
        """Forget what is remembered: something about this person changed."""
        self._kept.put(person, (), 0.0)

    async def _ask(self, person: str, ssin: str) -> Sequence[Represented]:
        found = await self._source.represented_by(ssin)
        self._kept.put(person, found, time.time() + (_KEPT_SECONDS if found else _SOON_SECONDS))
        return found
