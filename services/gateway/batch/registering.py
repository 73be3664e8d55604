"""The second half of a batch's life: declarations to events, in chunks, with a checkpoint behind each.

A chunk is prepared (validated, persons found or added, events built) in one transaction, published, and only then
checkpointed in a second one. Whatever dies in between is done again and gives the same events with the same ids, which
those who decide have seen already.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import rights
from services.gateway.batch import leases, store
from services.gateway.batch.leases import Lease, Step
from services.gateway.batch.place import Place
from services.gateway.batch.rehearsal import Rehearsal
from services.gateway.batch.spool import read_chunk
from services.gateway.batch.state import Batch, Mode
from services.gateway.intake.declared import DeclarationKind, Declared, Envelope, Refused, Sender
from services.gateway.intake.prepare import Intake
from services.gateway.intake.writer import BRUSSELS, add_refused
from shared.database.engine import driver, transaction
from shared.messaging.producer import Producer
from shared.messaging.records import Outgoing

log = structlog.get_logger()

TURN_SECONDS: Final = 2.0
MOST_REHEARSALS: Final = 8
_KINDS: Final = {kind.value: kind for kind in DeclarationKind}


class DeclarationsMissingError(Exception):
    """The decoded declarations are not where they were left: the disk was lost or changed."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Prepared declarations, and the step they are."""

    outgoing: Sequence[Outgoing]
    refused: Sequence[Refused]
    step: Step


@dataclass(slots=True)
class Registrar:
    """Registers claimed batches a turn at a time."""

    engine: AsyncEngine
    producer: Producer
    intake: Intake
    place: Place
    chunk_size: int
    _rehearsals: dict[str, Rehearsal] = field(default_factory=dict)

    async def take_turn(self, lease: Lease) -> None:
        """Register this batch for a while. Raises LeaseLostError, or what the database or Kafka raised."""
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            batch = await store.find(raw, lease.batch)
            assert batch is not None and batch.declared is not None
            local_day = batch.received_at.astimezone(BRUSSELS).date()
            allowed = await rights.enterprises_of(raw, batch.sender, local_day)
        sender = Sender(batch.sender, batch.actor, allowed)
        envelope = Envelope(batch.id, sender, "batch", batch.received_at.astimezone(UTC).isoformat())
        deadline = time.monotonic() + TURN_SECONDS
        at: tuple[int, int] = (batch.checkpoint, batch.checkpoint_offset)
        chunk = await self._prepare(batch, envelope, at)
        while chunk is not None:
            at = (chunk.step.end, chunk.step.end_offset)
            more = chunk.step.end < batch.declared and time.monotonic() < deadline
            # The next chunk is prepared while this one travels; it is sent only after it, so order per person holds.
            following = asyncio.create_task(self._prepare(batch, envelope, at)) if more else None
            try:
                if chunk.outgoing:
                    await self.producer.send(chunk.outgoing)
                await self._checkpoint(lease, chunk)
            except BaseException:
                if following is not None:
                    following.cancel()
                    await asyncio.gather(following, return_exceptions=True)
                raise
            chunk = await following if following is not None else None

    async def _prepare(self, batch: Batch, envelope: Envelope, at: tuple[int, int]) -> Chunk | None:
        start, offset = at
        spooled, end_offset = await asyncio.to_thread(
            read_chunk, self.place.folder(batch.id), offset, start + 1, self.chunk_size
        )
        if not spooled:
            raise DeclarationsMissingError(f"{start} of {batch.declared} declarations")
        declared = [Declared(line, _KINDS[kind], fields) for line, kind, fields in spooled]
        # Decided by the day the file came, so that doing it again another day decides alike.
        today = batch.received_at.astimezone(BRUSSELS).date()
        if batch.mode is Mode.SIMULATION:
            rehearsal = await self._rehearsal(batch, start)
            refused = await rehearsal.prepare(self.engine, self.intake, envelope, declared, today)
            step = Step(start, start + len(spooled), end_offset, len(spooled) - len(refused), len(refused))
            return Chunk((), refused, step)
        async with transaction(self.engine) as connection:
            prepared = await self.intake.prepare(driver(connection), [(envelope, declared)], today)
        refused = prepared.refused.get(batch.id, [])
        return Chunk(prepared.outgoing, refused, Step(start, start + len(spooled), end_offset, 0, len(refused)))

    async def _checkpoint(self, lease: Lease, chunk: Chunk) -> None:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            await leases.move(raw, lease, chunk.step)
            await add_refused(raw, {lease.batch: list(chunk.refused)})

    async def _rehearsal(self, batch: Batch, start: int) -> Rehearsal:
        """The simulation under way; after a restart, or for another replica, what came before is read again."""
        known = self._rehearsals.get(batch.id)
        if known is None or start == 0:
            known = Rehearsal()
            at, offset = 0, 0
            while at < start:
                spooled, offset = await asyncio.to_thread(
                    read_chunk, self.place.folder(batch.id), offset, at + 1, self.chunk_size
                )
                known.hire(Declared(line, _KINDS[kind], fields) for line, kind, fields in spooled)
                at += len(spooled)
            self._rehearsals.pop(batch.id, None)
            while len(self._rehearsals) >= MOST_REHEARSALS:
                self._rehearsals.pop(next(iter(self._rehearsals)))
            self._rehearsals[batch.id] = known
        return known
