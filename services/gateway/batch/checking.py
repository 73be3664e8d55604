"""The first half of a batch's life: is the file readable, valid, and its sender allowed? The acknowledgement."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import rights_and_mandates
from services.gateway.batch import leases, store
from services.gateway.batch.leases import Lease
from services.gateway.batch.place import Place
from services.gateway.batch.reader import ReadingFailedError, RefusedFile, read_apart
from services.gateway.batch.refusal import Counted, anomaly
from services.gateway.batch.state import Batch
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
    place: Place

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
        except RefusedFile as refused:
            await self._reject(lease, refused.refusal, language_of(refused.language))
        except ReadingFailedError as failure:
            log.error("a file could not be read", batch=lease.batch, attempt=batch.attempts, error=str(failure))
            async with transaction(self.engine) as connection:
                await leases.release(driver(connection), lease, _AGAIN)
        return False

    async def _read(self, lease: Lease) -> Counted:
        """Read it while the lease is renewed; a cancelled batch ends the reading at the next beat."""
        read = 0

        def told(count: int) -> None:
            nonlocal read
            read = count

        reading = asyncio.create_task(read_apart(self.place.folder(lease.batch), told))
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

    async def _acknowledge(self, lease: Lease, batch: Batch, counted: Counted) -> bool:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            # As its declarations: by the day the file came, not by the day it was looked at.
            day = brussels_day(batch.received_at)
            refusal: dict[str, Any] | None = None
            if counted.sender != batch.sender:
                refusal = dict(anomaly("senderDiffers", "header.sender"))
            elif not await rights_and_mandates.enterprises_of(raw, batch.sender, day):
                refusal = dict(anomaly("senderNotAllowed", "header.sender"))
            if refusal is None:
                await leases.acknowledge(raw, lease, counted)
                log.info("batch acknowledged", batch=lease.batch, declared=counted.declared)
                return True
            await leases.reject(raw, lease, refusal, language_of(counted.language))
        self.place.forget_declarations(lease.batch)
        return False

    async def _reject(self, lease: Lease, refusal: dict[str, Any], language: Language | None = None) -> None:
        async with transaction(self.engine) as connection:
            await leases.reject(driver(connection), lease, refusal, language)
        log.info("batch refused", batch=lease.batch, code=refusal["code"])
