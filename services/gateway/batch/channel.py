"""The batch channel as the API and the pages use it: submit, find and cancel files; run the workers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch import store
from services.gateway.batch.exchange_folder.inbox import ACTOR as EXCHANGE_ACTOR
from services.gateway.batch.exchange_folder.inbox import Inbox
from services.gateway.batch.exchange_folder.outbox import Outbox
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.receive.store_upload import store_upload
from services.gateway.batch.receive.uploads_at_once import UploadsAtOnce
from services.gateway.batch.state import Batch, BatchState, Mode
from services.gateway.batch.store import Arrival
from services.gateway.batch.work.batch_worker import BatchWorker
from services.gateway.batch.work.check_file import Checker
from services.gateway.batch.work.decode_file import Decoder
from services.gateway.batch.work.register_declarations import Registrar
from services.gateway.batch.work.simulate import Simulator
from services.gateway.batch.work.simulation_plan import Judges
from services.gateway.intake.idempotency import KeyReusedError
from services.gateway.intake.prepare import Intake
from shared.database.engine import driver, transaction
from shared.i18n import DEFAULT_LANGUAGE, Language
from shared.identifiers import new_id
from shared.messaging.producer import Producer
from shared.numbers import holds_national_number
from shared.observability.full_disk import FULL_DISKS
from shared.text import one_line

log = structlog.get_logger()


@dataclass(slots=True)
class Upload:
    """What comes with a file. `sender`: the organisation; `actor`: who acts for it.

    `file_name` may be set later: in a form it comes with the file.
    """

    sender: str
    actor: str
    mode: Mode
    language: Language
    file_name: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Settings of the channel: see `batch_*` and `exchange_*` in `services/gateway/settings.py`."""

    folder: Path
    most_bytes: int
    chunk_size: int
    keep: timedelta
    exchange: Path | None = None
    exchange_poll_seconds: float = 2.0
    uploads_per_sender: int = 4


class NamedAfterPersonError(Exception):
    """The file's name holds a national number; nothing of the file was received."""


def shown_name(file_name: str | None) -> str | None:
    """Clean a file name: the last part of a path, printable, at most 200 characters; None for an empty one.

    Raises NamedAfterPersonError.
    """
    last = (file_name or "").replace("\\", "/").rpartition("/")[2]
    name = one_line("".join(character for character in last if character.isprintable()))[:200]
    if holds_national_number(name):
        raise NamedAfterPersonError
    return name or None


class BatchChannel:
    """The batch channel: stores files and finds them; `run` checks and registers them."""

    def __init__(
        self, engine: AsyncEngine, producer: Producer, intake: Intake, judges: Judges, settings: BatchSettings
    ) -> None:
        self._engine = engine
        self._most_bytes = settings.most_bytes
        self._uploads = UploadsAtOnce(settings.uploads_per_sender)
        self.folders = BatchFolders(settings.folder.absolute())
        decoder = Decoder(engine, self.folders)
        self._worker = BatchWorker(
            engine,
            self.folders,
            Checker(engine, self.folders, decoder),
            Registrar(
                engine,
                producer,
                intake,
                self.folders,
                decoder,
                Simulator(engine, intake, self.folders, judges, settings.chunk_size),
                settings.chunk_size,
            ),
            settings.keep,
        )
        self._exchange = settings.exchange.absolute() if settings.exchange else None
        self._exchange_poll_seconds = settings.exchange_poll_seconds

    async def run(self) -> None:
        """Run the worker and the exchange folder until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._worker.run())
            if self._exchange is not None:
                group.create_task(self._mind_exchange(self._exchange))

    @property
    def notes(self) -> dict[str, Callable[[], str | None]]:
        """What the health of the gateway tells of files: how many are interrupted, and of their disk."""
        return {"files": self._interrupted, "disk": lambda: FULL_DISKS.told() or self._worker.disk}

    def _interrupted(self) -> str | None:
        count = self._worker.interrupted
        return f"{count} interrupted, until they are sent again" if count else None

    async def _mind_exchange(self, root: Path) -> None:
        inbox, outbox = Inbox(self._engine, root, self._take), Outbox(self._engine, root, self.folders)
        while True:
            for work in (inbox.look, outbox.answer):
                try:
                    await work()
                except Exception as error:  # noqa: BLE001 - the folder or the database is away: looked at again soon
                    FULL_DISKS.notice(error)
                    log.warning("exchange folder not handled", error=f"{type(error).__name__}: {error}"[:200])
            await asyncio.sleep(self._exchange_poll_seconds)

    async def _take(self, pieces: AsyncIterator[bytes], sender: str, mode: Mode, name: str) -> Batch:
        batch, _ = await self.submit(pieces, Upload(sender, EXCHANGE_ACTOR, mode, DEFAULT_LANGUAGE, name))
        return batch

    async def submit(self, pieces: AsyncIterator[bytes], upload: Upload) -> tuple[Batch, bool]:
        """Store a file; it is on disk and in the database when this returns.

        Gives its batch, and whether work on it begins or goes on now: False for a file that was sent before.

        Raises NamedAfterPersonError, TooManyUploadsError, FileTooLargeError, CompressedTooMuchError,
        InvalidCompressionError, KeyReusedError, OSError, or what the database raised.
        """
        file_name = shown_name(upload.file_name)
        batch_id = new_id()
        try:
            with self._uploads.one_of(upload.sender):
                received = await store_upload(pieces, self.folders.folder(batch_id), self._most_bytes)
        except BaseException:
            await asyncio.to_thread(self.folders.remove, batch_id)
            raise
        arrival = Arrival(
            id=batch_id,
            sender=upload.sender,
            actor=upload.actor,
            mode=upload.mode,
            file_name=file_name,
            digest=received.digest,
            size=received.size,
            language=upload.language.value,
            received_at=datetime.now(UTC),
            idempotency_key=upload.idempotency_key,
        )
        try:
            batch, is_new = await self._store(arrival)
        except KeyReusedError:
            await asyncio.to_thread(self.folders.remove, batch_id)
            raise
        # Any other end, the connection's or our own, may have come after the commit: the file stays, for there may be
        # a batch that needs it. If there is none, the sweep removes it.
        if is_new:
            self._worker.wake()
        if batch.id != batch_id:
            await asyncio.to_thread(self.folders.remove, batch_id)
        return batch, is_new

    async def _store(self, arrival: Arrival) -> tuple[Batch, bool]:
        """Store the batch, or find the one of the same content.

        When the same comes twice at once, the unique index lets one win and the other finds it.
        """
        try:
            async with transaction(self._engine) as connection:
                raw = driver(connection)
                if arrival.idempotency_key is not None and await store.key_is_taken(raw, arrival):
                    raise KeyReusedError
                known = await store.same(raw, arrival.sender, arrival.digest, arrival.mode)
                if known is not None and known.is_rejected_for_now:
                    await asyncio.to_thread(self.folders.hand_over, arrival.id, known.id)
                    await store.reopen(raw, known.id)
                    return await self._found(raw, known.id), True
                if known is not None and known.state is BatchState.INTERRUPTED:
                    await asyncio.to_thread(self.folders.hand_over, arrival.id, known.id)
                    # Whatever kept it from going on, it goes on with what this file says.
                    await asyncio.to_thread(self.folders.forget_declarations, known.id)
                    await store.resume(raw, known.id)
                    return await self._found(raw, known.id), True
                if known is None:
                    await store.add(raw, arrival)
                    known = await self._found(raw, arrival.id)
                return known, known.id == arrival.id
        except asyncpg.UniqueViolationError as error:
            return await self._stored_before(arrival, error), False

    async def _found(self, raw: asyncpg.Connection, batch: str) -> Batch:
        found = await store.find(raw, batch)
        assert found is not None
        return found

    async def _stored_before(self, arrival: Arrival, error: Exception) -> Batch:
        async with transaction(self._engine) as connection:
            known = await store.same(driver(connection), arrival.sender, arrival.digest, arrival.mode)
        if known is None:
            raise KeyReusedError from error
        return known

    async def find(self, batch: str, sender: str) -> Batch | None:
        """Find a batch of this organisation."""
        async with transaction(self._engine) as connection:
            found = await store.find(driver(connection), batch)
        return found if found is not None and found.sender == sender else None

    async def of_sender(self, sender: str, most: int, skip: int) -> tuple[Sequence[Batch], int]:
        """Get a page of the organisation's batches, newest first, and how many there are in all."""
        async with transaction(self._engine) as connection:
            return await store.of_sender(driver(connection), sender, most, skip)

    async def cancel(self, batch: Batch) -> bool:
        """Cancel a batch while nothing of it is registered; False when it is too late. A sweep removes the file."""
        async with transaction(self._engine) as connection:
            return await store.cancel(driver(connection), batch.id)
