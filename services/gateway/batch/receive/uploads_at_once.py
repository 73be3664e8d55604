"""How many files of one sender are received at once, in this process: none takes the disk and the lines of all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class TooManyUploadsError(Exception):
    """So many files of this sender are being received already; try again when one is done."""

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} files of this sender are being received")
        self.most = most


class UploadsAtOnce:
    """Counts the files that are being received, by sender. With the largest file this bounds their bytes too."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._now: Counter[str] = Counter()

    @contextmanager
    def one_of(self, sender: str) -> Iterator[None]:
        """Count a file while the block lasts. Raises TooManyUploadsError."""
        if self._now[sender] >= self._most:
            raise TooManyUploadsError(self._most)
        self._now[sender] += 1
        try:
            yield
        finally:
            self._now[sender] -= 1
            if not self._now[sender]:
                del self._now[sender]
