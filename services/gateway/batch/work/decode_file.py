"""Decoding a stored file while its batch is leased: the first time, and again when what was decoded is damaged."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch import store
from services.gateway.batch.folders import BY_PERSON, CONTENT, DECLARATIONS, BatchFolders
from services.gateway.batch.receive.store_upload import is_same
from services.gateway.batch.spool import offset_behind
from services.gateway.batch.state import Batch, Mode
from services.gateway.batch.work import leases
from services.gateway.batch.work.leases import Lease
from services.gateway.batch.xml.file_summary import FileSummary
from services.gateway.batch.xml.parse_in_subprocess import RejectedFile, parse_in_subprocess
from services.gateway.limits import MOST_FAILURES
from shared.database.engine import driver, transaction

log = structlog.get_logger()

BEAT_SECONDS: Final = 2.0


class StoredFileDamagedError(Exception):
    """The file is missing, or not the one that was received: only its sender has it."""


@dataclass(slots=True)
class Decoder:
    """The decoding of stored files."""

    engine: AsyncEngine
    folders: BatchFolders

    async def decode(self, lease: Lease, batch: Batch) -> FileSummary:
        """Decode the file while the lease is extended; when the batch is cancelled, the next extension stops it.

        Raises LeaseLostError, RejectedFile, ParsingFailedError; StoredFileDamagedError before anything is decoded.
        """
        # Of a file that was decoded before, all is shown as read.
        read = 0 if batch.spool_bytes is None else batch.size

        def on_progress(count: int) -> None:
            nonlocal read
            read = max(read, count)

        decoding = asyncio.create_task(self._decode(batch, on_progress))
        try:
            while True:
                await asyncio.wait([decoding], timeout=BEAT_SECONDS)
                if decoding.done():
                    return decoding.result()
                async with transaction(self.engine) as connection:
                    await leases.beat(driver(connection), lease, read)
        finally:
            decoding.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await decoding

    async def _decode(self, batch: Batch, on_progress: Callable[[int], None]) -> FileSummary:
        folder = self.folders.folder(batch.id)
        async with transaction(self.engine) as connection:
            digest = await store.digest(driver(connection), batch.id)
        if not await asyncio.to_thread(_is_intact, folder / CONTENT, batch.size, digest):
            raise StoredFileDamagedError(f"{CONTENT} is missing or damaged")
        return await parse_in_subprocess(folder, on_progress)

    async def decode_again(self, lease: Lease, batch: Batch, plan: Callable[[Path], None]) -> None:
        """Decode a file whose declarations are being registered, and find its checkpoint again.

        `plan` puts the declarations of a simulation in their order. Raises as `decode` does, and
        StoredFileDamagedError when the declarations are not the same any more, or damaged again and again.
        """
        log.warning("decoded declarations damaged: decoding the file again", batch=batch.id)
        await asyncio.to_thread(self.folders.forget_declarations, batch.id)
        try:
            summary = await self.decode(lease, batch)
        except RejectedFile as rejected:
            raise StoredFileDamagedError(f"rejected now: {rejected}") from rejected
        if summary.declared != batch.declared:
            raise StoredFileDamagedError(f"{summary.declared} declarations instead of {batch.declared}")
        folder, ordered = self.folders.folder(batch.id), DECLARATIONS
        if batch.mode is Mode.SIMULATION:
            await asyncio.to_thread(plan, folder)
            ordered = BY_PERSON
        offset = await asyncio.to_thread(offset_behind, folder / ordered, batch.checkpoint)
        async with transaction(self.engine) as connection:
            times = await leases.decoded_again(driver(connection), lease, summary.spool_bytes, offset)
        if times > MOST_FAILURES:
            raise StoredFileDamagedError(f"decoded {times} times and damaged each time")


def _is_intact(path: Path, size: int, digest: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return is_same(file, size, digest)
    except FileNotFoundError:
        return False
