"""The first half of a batch's life: is the file readable, valid, and its sender allowed? The acknowledgement."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import rights_and_mandates
from services.gateway.batch import store
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.rejection import anomaly
from services.gateway.batch.state import Batch
from services.gateway.batch.work import leases
from services.gateway.batch.work.leases import Lease
from services.gateway.batch.xml.file_summary import FileSummary
from services.gateway.batch.xml.parse_in_subprocess import ReadingFailedError, RejectedFile, parse_in_subprocess
from shared.clock import brussels_day
from shared.database.engine import driver, transaction
from shared.i18n import Language, language_of

log = structlog.get_logger()

BEAT_SECONDS: Final = 2.0
MOST_ATTEMPTS: Final = 5
_AGAIN: Final = timedelta(seconds=5)


@dataclass(slots=True)
class Checker:
    """Checks one claimed file after the other."""

    engine: AsyncEngine
    folders: BatchFolders

    async def check(self, lease: Lease) -> bool:
        """Check this file and acknowledge it, positively or not. True: its declarations can be registered."""
        async with transaction(self.engine) as connection:
            batch = await store.find(driver(connection), lease.batch)
        assert batch is not None
        try:
            if batch.attempts > MOST_ATTEMPTS:
                await self._reject(lease, dict(anomaly("unreadable")))
                return False
            return await self._acknowledge(lease, batch, await self._read(lease))
        except RejectedFile as refused:
            await self._reject(lease, refused.rejection, language_of(refused.language))
        except ReadingFailedError as failure:
            log.error("a file could not be read", batch=lease.batch, attempt=batch.attempts, error=str(failure))
            async with transaction(self.engine) as connection:
                await leases.release(driver(connection), lease, _AGAIN)
        return False

    async def _read(self, lease: Lease) -> FileSummary:
        """Read it while the lease is renewed; a cancelled batch ends the reading at the next beat."""
        read = 0

        def on_progress(count: int) -> None:
            nonlocal read
            read = count

        reading = asyncio.create_task(parse_in_subprocess(self.folders.folder(lease.batch), on_progress))
        try:
            while True:
                await asyncio.wait([reading], timeout=BEAT_SECONDS)
                if reading.done():
                    return reading.result()
                async with transaction(self.engine) as connection:
                    await leases.beat(driver(connection), lease, read)
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await reading

    async def _acknowledge(self, lease: Lease, batch: Batch, counted: FileSummary) -> bool:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            # As its declarations: by the day the file came, not by the day it was looked at.
            day = brussels_day(batch.received_at)
            rejection: dict[str, Any] | None = None
            if counted.sender != batch.sender:
                rejection = dict(anomaly("senderDiffers", "header.sender"))
            elif not await rights_and_mandates.enterprises_of(raw, batch.sender, day):
                rejection = dict(anomaly("senderNotAllowed", "header.sender"))
            if rejection is None:
                await leases.acknowledge(raw, lease, counted)
                log.info("batch acknowledged", batch=lease.batch, declared=counted.declared)
                return True
            await leases.reject(raw, lease, rejection, language_of(counted.language))
        self.folders.forget_declarations(lease.batch)
        return False

    async def _reject(self, lease: Lease, rejection: dict[str, Any], language: Language | None = None) -> None:
        async with transaction(self.engine) as connection:
            await leases.reject(driver(connection), lease, rejection, language)
        log.info("batch rejected", batch=lease.batch, code=rejection["code"])
