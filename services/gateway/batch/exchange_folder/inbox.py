"""The inbox of the exchange folder: files are taken from `<sender>/in` exactly once.

A file is taken when it has a row in `exchange_file`, which says which batch it became. A lock on its name is held while
it is copied; after a crash the lock is gone, the copy is made again and, by its content, becomes the same batch. Only
after that are the files removed from the folder.
"""

import asyncio
import os
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, Final

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch import store
from services.gateway.batch.exchange_folder import taken_files
from services.gateway.batch.exchange_folder.file_names import ExchangeName, Part
from services.gateway.batch.exchange_folder.notes_to_sender import STRANGE_NAME, USED_NAME, leave_note
from services.gateway.batch.exchange_folder.taken_files import Taken
from services.gateway.batch.receive.store_upload import (
    CompressedTooMuchError,
    FileTooLargeError,
    InvalidCompressionError,
    is_same,
)
from services.gateway.batch.rejection import anomaly
from services.gateway.batch.state import Batch, Mode
from services.gateway.limits import UNPACKED_RATIO
from shared.database.engine import driver, transaction, unhurried
from shared.identifiers import is_valid_enterprise_number
from shared.numbers import without_national_numbers

log = structlog.get_logger()

ACTOR: Final = "service:exchange"
STRANGE_SECONDS: Final = 60.0
"""How old a file with an unknown name is before a note is left: the name may change when its transfer ends."""
_PIECE: Final = 1024 * 1024
_LONGEST_COPY_SECONDS: Final = 1800

Submit = Callable[[AsyncIterator[bytes], str, Mode, str], Awaitable[Batch]]
"""Stores a file: its bytes, sender, mode and name."""


@dataclass(slots=True)
class Inbox:
    """The `in` folders of all senders."""

    engine: AsyncEngine
    root: Path
    submit: Submit
    strange_seconds: float = STRANGE_SECONDS

    async def look(self) -> None:
        """Handle the files of every sender's folder, once. An error with one file does not keep the others waiting."""
        for sender, folder in await asyncio.to_thread(self._senders):
            names = await asyncio.to_thread(_names, folder)
            for name in names:
                try:
                    await self._handle(sender, folder, name)
                except (OSError, asyncpg.PostgresError) as error:
                    shown = without_national_numbers(name)
                    log.warning("exchange file not handled", sender=sender, name=shown, error=type(error).__name__)

    def _senders(self) -> list[tuple[str, Path]]:
        if not self.root.is_dir():
            return []
        folders = [path / "in" for path in sorted(self.root.iterdir()) if is_valid_enterprise_number(path.name)]
        return [(folder.parent.name, folder) for folder in folders if folder.is_dir()]

    async def _handle(self, sender: str, folder: Path, name: str) -> None:
        parsed = ExchangeName.parse(name)
        if parsed is None or parsed.sender != sender:
            await asyncio.to_thread(self._report_strange, folder, name)
        elif parsed.part is Part.START:
            await self._take(parsed, folder)
        elif parsed.part is Part.CANCEL:
            await self._cancel(parsed, folder)

    async def _take(self, name: ExchangeName, folder: Path) -> None:
        file = folder / name.sibling(Part.FILE)
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            # A large file is copied meanwhile. Nobody else waits for its name: they come again.
            await unhurried(raw, _LONGEST_COPY_SECONDS)
            if not await taken_files.lock(raw, name):
                return
            taken = await taken_files.taken_as(raw, name)
            if taken is None:
                if not await asyncio.to_thread(file.exists):
                    return  # the start came before its file
                submission, rejection = await self._store(name, file)
                await taken_files.add(raw, name, submission, rejection)
        if taken is not None and await asyncio.to_thread(_is_other, file, taken):
            await asyncio.to_thread(leave_note, folder, file.name, USED_NAME)
            await asyncio.to_thread(_remove, folder, name, (Part.START,))
            return
        # A cancellation that came in the meantime stays, and is handled at the next look.
        await asyncio.to_thread(_remove, folder, name, (Part.FILE, Part.SIGNATURE, Part.START))

    async def _store(self, name: ExchangeName, file: Path) -> tuple[str | None, dict[str, Any] | None]:
        try:
            batch = await self.submit(_pieces(file), name.sender, name.mode, file.name)
        except FileTooLargeError as error:
            return None, dict(anomaly("fileTooLarge", maximum=error.maximum))
        except InvalidCompressionError:
            return None, dict(anomaly("invalidCompression"))
        except CompressedTooMuchError:
            return None, dict(anomaly("compressedTooMuch", maximum=UNPACKED_RATIO))
        return batch.id, None

    async def _cancel(self, name: ExchangeName, folder: Path) -> None:
        """Cancel a file: one not started becomes no batch; a batch is cancelled while nothing is registered.

        Files come in any order: a cancellation without its file is answered at once and stays until that comes.
        """
        file = folder / name.sibling(Part.FILE)
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            if not await taken_files.lock(raw, name):
                return
            taken = await taken_files.taken_as(raw, name)
            if taken is None:
                await taken_files.add(raw, name, None, taken_files.CANCELLED)
            elif taken.batch is not None:
                await store.cancel(raw, taken.batch)
        if (taken is None or taken.batch is None) and not await asyncio.to_thread(file.exists):
            return
        await asyncio.to_thread(_remove, folder, name, (Part.FILE, Part.SIGNATURE, Part.START, Part.CANCEL))

    def _report_strange(self, folder: Path, name: str) -> None:
        try:
            if name.startswith(".") or time.time() - (folder / name).lstat().st_mtime < self.strange_seconds:
                return
        except FileNotFoundError:
            return
        leave_note(folder, name, STRANGE_NAME)


def _opened(file: Path) -> FileIO:
    """Open a file for reading, not through a link: it could lead anywhere on this machine. Raises OSError."""
    source = FileIO(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
        source.close()
        raise OSError(f"{file.name} is not a regular file")
    return source


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    """Read the file's bytes, a megabyte at a time."""
    with await asyncio.to_thread(_opened, file) as source:
        while piece := await asyncio.to_thread(source.read, _PIECE):
            yield piece


def _names(folder: Path) -> list[str]:
    """List the names in a folder, cancellations first: a file that has a start too is not started."""
    return sorted((path.name for path in folder.iterdir()), key=lambda name: (not name.startswith(Part.CANCEL), name))


def _is_other(file: Path, taken: Taken) -> bool:
    """Tell whether this file differs from what was taken under its name: not left behind by a crash, but a new one."""
    try:
        with _opened(file) as source:
            return not is_same(source, taken.size, taken.digest)
    except FileNotFoundError:
        return False


def _remove(folder: Path, name: ExchangeName, parts: Sequence[Part]) -> None:
    """Remove these files. The last is the one that made us look: while it is there, the rest is tried again."""
    for part in parts:
        (folder / name.sibling(part)).unlink(missing_ok=True)
