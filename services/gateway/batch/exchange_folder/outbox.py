"""The outbox of the exchange folder: answers are written aside, synced and renamed, so that none is ever seen half."""

import asyncio
import gzip
import os
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch import store
from services.gateway.batch.answers.acknowledgement import (
    FileWithoutBatch,
    acknowledgement,
    cancelled_arrival,
    rejected_arrival,
)
from services.gateway.batch.answers.report import COMPRESS_BYTES, Format, report
from services.gateway.batch.exchange_folder import taken_files
from services.gateway.batch.exchange_folder.file_names import acknowledgement_name, notification_name
from services.gateway.batch.exchange_folder.taken_files import OpenFile
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.state import Batch, BatchState
from shared.database.engine import driver, transaction
from shared.i18n import DEFAULT_LANGUAGE, Language
from shared.identifiers import new_id
from shared.observability.full_disk import FULL_DISKS

log = structlog.get_logger()

_DRAFTS: Final = ".drafts"
_READABLE: Final = 0o644


@dataclass(slots=True)
class Outbox:
    """The `out` folders of all senders: acknowledgements and notifications are put there."""

    engine: AsyncEngine
    root: Path
    folders: BatchFolders
    compress_bytes: int = COMPRESS_BYTES

    async def answer(self) -> None:
        """Write every answer that is due. An answer that is written twice, after a crash, is the same file."""
        async with transaction(self.engine) as connection:
            waiting = await taken_files.unanswered(driver(connection))
        for file in waiting:
            try:
                await self._answer(file)
            except OSError as error:
                FULL_DISKS.notice(error)
                log.warning("answer not written", sender=file.sender, name=file.name, error=str(error))

    async def _answer(self, file: OpenFile) -> None:
        if file.batch is None:
            await self._put(file.sender, acknowledgement_name(file.name), _once(_answer_to_arrival(file)))
            await self._answered(file, in_full=True)
            return
        async with transaction(self.engine) as connection:
            batch = await store.find(driver(connection), file.batch)
        assert batch is not None
        language = Language(batch.language)
        if file.acknowledged_at is None and (batch.acknowledged_at or batch.state is BatchState.CANCELLED):
            content = acknowledgement(batch, language)
            await self._put(file.sender, acknowledgement_name(file.name), _once(content))
            await self._answered(file, in_full=batch.state in (BatchState.REJECTED, BatchState.CANCELLED))
        if batch.state in (BatchState.COMPLETED, BatchState.INTERRUPTED):
            # An incomplete notification tells of the interruption; the complete one takes its place in the end.
            await self._notify(file, batch, language)

    async def _notify(self, file: OpenFile, batch: Batch, language: Language) -> None:
        pieces = report(self.engine, self.folders, batch, Format.XML, language)
        await self._put(file.sender, notification_name(file.name), pieces)
        await self._answered(file, in_full=True)

    async def _answered(self, file: OpenFile, *, in_full: bool) -> None:
        async with transaction(self.engine) as connection:
            await taken_files.answered(driver(connection), file, in_full=in_full)

    async def _put(self, sender: str, name: str, pieces: AsyncIterator[bytes]) -> None:
        out = self.root / sender / "out"
        # Replicas answer at the same time, and in containers of their own all are process 1.
        draft = out / _DRAFTS / f"{name}.{new_id()}"
        await asyncio.to_thread(draft.parent.mkdir, parents=True, exist_ok=True)
        packed = draft.with_name(f"{draft.name}.gz")
        try:
            size = 0
            with await asyncio.to_thread(draft.open, "wb") as written:
                async for piece in pieces:
                    size += await asyncio.to_thread(written.write, piece)
                await asyncio.to_thread(_make_final, written.fileno())
            if size > self.compress_bytes:
                await asyncio.to_thread(_compress, draft, packed)
                await asyncio.to_thread(packed.replace, out / f"{name}.gz")
            else:
                await asyncio.to_thread(draft.replace, out / name)
        finally:
            # A full disk is tried again every two seconds.
            for left in (draft, packed):
                left.unlink(missing_ok=True)


def _answer_to_arrival(file: OpenFile) -> bytes:
    """Write the acknowledgement of a file of which no batch came."""
    arrival = FileWithoutBatch(file.sender, f"FI.FLAT.{file.name}", file.received_at)
    if file.is_cancelled:
        return cancelled_arrival(arrival, DEFAULT_LANGUAGE)
    assert file.rejection is not None
    return rejected_arrival(arrival, file.rejection, DEFAULT_LANGUAGE)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _make_final(descriptor: int) -> None:
    """Flush a file to disk and let the sender's account read it; the folder's own permissions keep others out."""
    os.fchmod(descriptor, _READABLE)
    os.fsync(descriptor)


def _compress(plain: Path, packed: Path) -> None:
    with plain.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
    with packed.open("rb") as written:
        _make_final(written.fileno())
