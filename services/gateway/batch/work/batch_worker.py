"""The batch worker: background tasks of the gateway that check files, register their declarations and end batches."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch import store
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.state import BatchState
from services.gateway.batch.work import leases
from services.gateway.batch.work.check_file import Checker
from services.gateway.batch.work.decode_file import StoredFileDamagedError
from services.gateway.batch.work.leases import Lease, LeaseLostError, NextBatch
from services.gateway.batch.work.register_declarations import Registrar
from services.gateway.intake import refused_in_file
from services.gateway.limits import MOST_FAILURES
from services.gateway.questions import UnavailableError
from shared.database.engine import driver, transaction
from shared.http.away import is_away
from shared.observability import metrics
from shared.observability.full_disk import FULL_DISKS, nearly_full

log = structlog.get_logger()

POLL_SECONDS: Final = 1.0
_AFTER_FAILURE: Final = timedelta(seconds=3)
_SWEEP_SECONDS: Final = 3600.0
_ORPHAN_SECONDS: Final = 24 * 3600.0
_FORGET_SECONDS: Final = 10.0

UNFINISHED: Final = (BatchState.WAITING, BatchState.CHECKING, BatchState.PROCESSING, BatchState.INTERRUPTED)

Work = Callable[[Lease], Awaitable[None]]


@dataclass(slots=True)
class BatchWorker:
    """The worker of one replica of the gateway; the database deals out the work among them.

    It checks two files at a time, of which one is the smallest that waits, and registers a slice of one batch.
    """

    engine: AsyncEngine
    folders: BatchFolders
    checker: Checker
    registrar: Registrar
    keep: timedelta
    interrupted: int = 0
    """Batches that wait for their file to be sent again, as far as the last look knows."""
    disk: str | None = None
    """How little is left of the disk of the files, when it is little."""
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _acknowledged: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look for a file to check at once: one was stored by this replica."""
        self._arrived.set()

    async def run(self) -> None:
        """Work until cancelled. What was begun then is done again by the next that claims it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop(NextBatch.OLDEST_TO_CHECK, self._check, self._arrived))
            group.create_task(self._loop(NextBatch.SMALLEST_TO_CHECK, self._check, self._arrived))
            group.create_task(self._loop(NextBatch.TO_REGISTER, self._register, self._acknowledged))
            group.create_task(self._end_batches())
            group.create_task(self._forget())
            group.create_task(self._sweep())

    async def _loop(self, what: NextBatch, work: Work, woken: asyncio.Event) -> None:
        while True:
            lease = None
            structlog.contextvars.clear_contextvars()
            try:
                woken.clear()
                async with transaction(self.engine) as connection:
                    lease = await leases.claim(driver(connection), what)
                if lease is None:
                    await _wait(woken, POLL_SECONDS)
                else:
                    # The trace of a file is its id.
                    structlog.contextvars.bind_contextvars(trace=lease.batch)
                    await work(lease)
            except LeaseLostError:
                log.info("batch taken away", batch=lease.batch if lease else None)
            except Exception as error:  # noqa: BLE001 - a batch waits or is interrupted, the worker goes on
                await self._after_failure(what, lease, error)
                await asyncio.sleep(POLL_SECONDS)

    async def _check(self, lease: Lease) -> None:
        if await self.checker.check(lease):
            self._acknowledged.set()

    async def _register(self, lease: Lease) -> None:
        await self.registrar.work_slice(lease)
        async with transaction(self.engine) as connection:
            await leases.end_slice(driver(connection), lease)

    async def _after_failure(self, what: NextBatch, lease: Lease | None, error: Exception) -> None:
        """Give the lease back after an error, else the batch would wait for it to run out.

        What is away comes back, however long it takes. What fails by itself does so again: after some times the batch
        is interrupted, and a file that is damaged, at once. How often a file is checked is counted when it is claimed.
        """
        FULL_DISKS.notice(error)
        passes = _may_pass(error) or what is not NextBatch.TO_REGISTER
        if lease is None or passes:
            log.warning(
                "batch work failed, will be tried again",
                batch=lease.batch if lease else None,
                work=what.name,
                error=_name(error),
            )
        if lease is None:
            return
        most = 1 if isinstance(error, StoredFileDamagedError) else MOST_FAILURES
        try:
            async with transaction(self.engine) as connection:
                if passes:
                    await leases.release(driver(connection), lease, _AFTER_FAILURE)
                    return
                state = await leases.failed(driver(connection), lease, _AFTER_FAILURE, most)
        except Exception as late:  # noqa: BLE001 - the lease runs out by itself
            log.info("lease not given back", batch=lease.batch, error=_name(late))
            return
        if state == BatchState.INTERRUPTED:
            log.error("batch interrupted; sent again it goes on", batch=lease.batch, exc_info=error)
        else:
            log.error("batch fails, will be tried again", batch=lease.batch, exc_info=error)

    async def _end_batches(self) -> None:
        while True:
            try:
                async with transaction(self.engine) as connection:
                    finished = await leases.finish(driver(connection))
                    unfinished = await leases.unfinished(driver(connection))
                self.disk = await asyncio.to_thread(nearly_full, self.folders.root)
                for state in UNFINISHED:
                    metrics.FILES.labels(state.value).set(unfinished.get(state.value, 0))
                self.interrupted = unfinished.get(BatchState.INTERRUPTED.value, 0)
                for batch in finished:
                    await asyncio.to_thread(self.folders.forget_declarations, batch)
                    log.info("batch completed", batch=batch)
            except Exception as error:  # noqa: BLE001 - looked at again in a second
                log.warning("batches not ended", error=_name(error))
            await asyncio.sleep(POLL_SECONDS)

    async def _forget(self) -> None:
        """Delete what is stored of submissions only until they are complete."""
        while True:
            await asyncio.sleep(_FORGET_SECONDS)
            try:
                async with transaction(self.engine) as connection:
                    await driver(connection).execute(refused_in_file.FORGET)
            except Exception as error:  # noqa: BLE001 - looked at again in ten seconds
                log.warning("complete submissions not forgotten", error=_name(error))

    async def _sweep(self) -> None:
        """Remove files of batches that finished long ago, and of uploads that never became a batch."""
        while True:
            try:
                old = await asyncio.to_thread(lambda: list(self.folders.older_than(_ORPHAN_SECONDS)))
                async with transaction(self.engine) as connection:
                    gone = await store.removable(driver(connection), old, self.keep)
                    ended = await store.removable(driver(connection), old, timedelta())
                for batch in gone:
                    await asyncio.to_thread(self.folders.remove, batch)
                for batch in ended:
                    await asyncio.to_thread(self.folders.forget_declarations, batch)
            except Exception as error:  # noqa: BLE001 - looked at again in an hour
                log.warning("old files not removed", error=_name(error))
            await asyncio.sleep(_SWEEP_SECONDS)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass


def _may_pass(error: BaseException) -> bool:
    """Check whether what failed is away for a while: Kafka, a deciding service, the database, a disk."""
    return isinstance(error, KafkaError | UnavailableError) or is_away(error)


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200]
