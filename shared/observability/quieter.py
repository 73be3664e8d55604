"""Bounds what a library logs while something is away: the same line some times a minute, then how often it came."""

import logging
import time
from collections.abc import Callable
from typing import Final

from cachetools import LRUCache

MOST_OF_A_LINE: Final = 5
WINDOW_SECONDS: Final = 60.0
_MOST_LINES: Final = 1000


class Quieter(logging.Filter):
    """Lets the first lines of a kind through each minute; the next minute's first says how many were left out.

    A kind is a logger, a level and a text before its values are filled in.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        # When this kind's minute began, and how many came in it.
        self._counted: LRUCache[tuple[str, int, str], tuple[float, int]] = LRUCache(_MOST_LINES)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a line."""
        kind, now = (record.name, record.levelno, str(record.msg)), self._clock()
        since, count = self._counted.get(kind, (now, 0))
        if now - since >= WINDOW_SECONDS:
            if count > MOST_OF_A_LINE:
                record.msg = f"{record.msg} [{count - MOST_OF_A_LINE} more like this were left out]"
            since, count = now, 0
        self._counted[kind] = (since, count + 1)
        return count < MOST_OF_A_LINE
