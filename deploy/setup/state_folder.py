"""One command at a time works on a stack: two starts at once would each make secrets and a database of their own."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(folder: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Has the stack of this folder to itself; while another command has it, says so and waits.

    Nothing is left in the folder, and the turn ends with the process, whatever way it ends. Without a folder there is
    nothing to share.
    """
    while folder.is_dir():
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _lock(descriptor, tell)
            # Not so when the one before erased it.
            if _is_still(folder, descriptor):
                yield
                return
        finally:
            os.close(descriptor)
    yield


def _lock(descriptor: int, tell: Callable[[str], object]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        tell("Another command is at work on this stack; waiting until it is done.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(folder: Path, descriptor: int) -> bool:
    return folder.is_dir() and os.path.samestat(folder.stat(), os.fstat(descriptor))
