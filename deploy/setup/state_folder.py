"""The state folder, with a stack's secrets, data and logs: checks, and the lock for one command at a time."""

import fcntl
import os
import pwd
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.failure import StartFailure
from deploy.setup.secret_file import FILE_NAME

STATE_MIB = 1000
"""What a new stack writes until it is up, with room to grow."""
_MIB = 1024 * 1024
# What supervisor's configuration file would read as a comment, a quotation or something to be filled in, Kafka's as a
# second folder, and Java as a second place to look for classes.
_NOT_IN_PATHS = (" ;", " #", '"', "%", "\n", ",", ":")


def check_state_folder(folder: Path) -> None:
    """Check that the state folder is ours, can be written and has room. Raises StartFailure."""
    _check_owner(folder / FILE_NAME)
    check_folder("FLA_STATE_DIR", folder, STATE_MIB)


def check_folder(setting: str, folder: Path, needed_mib: int) -> None:
    """Check that the folder of this setting can be used, written and has room. Raises StartFailure."""
    if any(text in str(folder) for text in _NOT_IN_PATHS):
        raise StartFailure(
            f"{setting} is a path that cannot be used: {folder}",
            "Choose one without quotes and without the signs % # ; : and ,",
        )
    _check_writable(setting, folder)
    if (free := shutil.disk_usage(folder).free // _MIB) < needed_mib:
        raise StartFailure(
            f"Too little disk space: {free} MiB free in {folder}, {needed_mib} MiB needed.",
            f"Free some space, or point {setting} to a folder on another disk.",
        )


@contextmanager
def exclusive(folder: Path, on_wait: Callable[[str], object]) -> Iterator[None]:
    """Hold the state folder for this command alone; while another command holds it, call `on_wait` once and wait.

    Two starts at once would each make secrets and a database of their own. The lock is on the folder itself: it leaves
    no file behind and ends with the process, whatever way it ends. Without a folder there is nothing to
    share. Why this is not filelock's: docs/decisions/one-command-at-a-time.md.
    """
    while folder.is_dir():
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _lock(descriptor, on_wait)
            # Not so when the command before erased it.
            if _is_still(folder, descriptor):
                yield
                return
        finally:
            os.close(descriptor)
    yield


def _lock(descriptor: int, on_wait: Callable[[str], object]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        on_wait("Another command is at work on this stack; waiting until it is done.")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(folder: Path, descriptor: int) -> bool:
    return folder.is_dir() and os.path.samestat(folder.stat(), os.fstat(descriptor))


def _check_owner(secrets: Path) -> None:
    """Check that no other user owns the stack: started by root, it would get files that its owner cannot use."""
    if secrets.is_file() and (owner := secrets.stat().st_uid) != os.geteuid():
        raise StartFailure(
            f"The stack in {secrets.parent} belongs to another user, '{_user_name(owner)}'.",
            "Run the command as that user, or set FLA_STATE_DIR to a folder of your own.",
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _check_writable(setting: str, folder: Path) -> None:
    probe = folder / ".write-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartFailure(
            f"The folder {folder} cannot be written ({error.strerror}).",
            f"Give yourself permission to write there, or set {setting} to another folder.",
        ) from error
