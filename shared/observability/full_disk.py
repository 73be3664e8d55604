"""Names a disk that is full, or nearly: seen in what fails, and in what is left of a folder's disk."""

import errno
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy.exc import DBAPIError

TOLD_SECONDS: Final = 60.0
"""How long a failure is told after it was last seen: whoever writes tries again within seconds."""
LEAST_FREE_BYTES: Final = 256 * 1024 * 1024
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


class FullDisks:
    """The disks seen full in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}

    def notice(self, error: BaseException) -> None:
        """Remember where a disk is full, if that is what failed."""
        where = disk_that_is_full(error)
        if where is not None:
            self._seen[where] = self._clock()

    def told(self) -> str | None:
        """Name the disks that were full a moment ago."""
        since = self._clock() - TOLD_SECONDS
        full = sorted(where for where, seen in self._seen.items() if seen >= since)
        return f"full: {', '.join(full)}" if full else None


FULL_DISKS: Final = FullDisks()
"""Those of this process: a service is a process."""


def disk_that_is_full(error: BaseException) -> str | None:
    """Name the disk because of whose lack of room something failed; None where that is not the cause."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return disk_that_is_full(error.orig.__cause__ or error.orig)
    if isinstance(error, asyncpg.DiskFullError):
        return "PostgreSQL's disk"
    if isinstance(error, OSError) and error.errno in _FULL:
        # The folder, not the file: its name may be somebody's.
        return f"the disk of {Path(error.filename).parent}" if isinstance(error.filename, str) else "a disk"
    return None


def nearly_full(folder: Path) -> str | None:
    """Say how little is left of a folder's disk, when it is little."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return f"{free // 1024**2} MB left on the disk of {folder}" if free < LEAST_FREE_BYTES else None
