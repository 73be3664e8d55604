"""Checking a file: is it readable, valid, and from a sender who may? The result is the acknowledgement."""

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
from services.gateway.batch.work.decode_file import Decoder, StoredFileDamagedError
from services.gateway.batch.work.leases import Lease
from services.gateway.batch.xml.file_summary import FileSummary
from services.gateway.batch.xml.parse_in_subprocess import ParsingFailedError, RejectedFile
from services.gateway.limits import MOST_PARSE_ATTEMPTS
from shared.clock import brussels_day
from shared.database.engine import driver, transaction
from shared.i18n import Language, language_of

log = structlog.get_logger()

_AGAIN: Final = timedelta(seconds=5)


@dataclass(slots=True)
class Checker:
    """The checks of claimed files."""

    engine: AsyncEngine
    folders: BatchFolders
    decoder: Decoder

    async def check(self, lease: Lease) -> bool:
        """Check a file and acknowledge it, positively or negatively; True if its declarations can be registered.

        Raises LeaseLostError.
        """
        async with transaction(self.engine) as connection:
            batch = await store.find(driver(connection), lease.batch)
        assert batch is not None
        try:
            if batch.attempts > MOST_PARSE_ATTEMPTS:
                await self._reject(lease, dict(anomaly("unreadable")))
                return False
            return await self._acknowledge(lease, batch, await self.decoder.decode(lease, batch))
        except RejectedFile as rejected:
            await self._reject(lease, rejected.rejection, language_of(rejected.language))
        except (ParsingFailedError, StoredFileDamagedError) as failure:
            log.error("a file could not be decoded", batch=lease.batch, attempt=batch.attempts, error=str(failure))
            async with transaction(self.engine) as connection:
                await leases.release(driver(connection), lease, _AGAIN)
        return False

    async def _acknowledge(self, lease: Lease, batch: Batch, counted: FileSummary) -> bool:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            # As for its declarations: rights on the day the file came, not on the day it is checked.
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
