"""Registering the declarations of a checked file: to events, in chunks, with a checkpoint behind each.

A chunk is prepared (validated, persons found or added, events built) in one transaction, published, and only then
checkpointed in a second one. After a crash in between it is done again and gives the same events with the same ids,
which the deciding services recognise.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import rights_and_mandates
from services.gateway.batch import store
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.spool import SpoolDamagedError, read_chunk
from services.gateway.batch.state import Batch, Mode
from services.gateway.batch.work import leases, simulation_plan
from services.gateway.batch.work.chunks import Chunk
from services.gateway.batch.work.decode_file import Decoder
from services.gateway.batch.work.leases import Lease, Step
from services.gateway.batch.work.simulate import Simulator
from services.gateway.intake import submission_outcomes
from services.gateway.intake.declared import DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.prepare import Intake
from services.gateway.intake.submission_outcomes import StoredOutcome
from shared.clock import brussels_day
from shared.database.engine import driver, transaction
from shared.messaging.producer import Producer
from shared.observability import tracing

log = structlog.get_logger()

SLICE_SECONDS: Final = 2.0
_KINDS: Final = {kind.value: kind for kind in DeclarationKind}


@dataclass(slots=True)
class Registrar:
    """The registration of claimed batches, a slice at a time."""

    engine: AsyncEngine
    producer: Producer
    intake: Intake
    folders: BatchFolders
    decoder: Decoder
    simulator: Simulator
    chunk_size: int

    async def work_slice(self, lease: Lease) -> None:
        """Register declarations of a batch for SLICE_SECONDS.

        When what was decoded is damaged, it is decoded again and the next slice goes on. Raises LeaseLostError,
        ParsingFailedError, StoredFileDamagedError, or as database and Kafka do.
        """
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            batch = await store.find(raw, lease.batch)
            assert batch is not None and batch.declared is not None
            local_day = brussels_day(batch.received_at)
            # A mandate that ended since the file came still counts for it; one that was withdrawn does not.
            allowed = await rights_and_mandates.enterprises_of(raw, batch.sender, local_day)
            begun = await leases.keep_allowed(raw, lease, allowed)
        try:
            await self._register(lease, batch, begun, allowed)
        except SpoolDamagedError as damage:
            log.warning("decoded declarations cannot be read", batch=batch.id, error=str(damage))
            plan = partial(simulation_plan.plan, allowed=begun, today=local_day.isoformat())
            async with transaction(self.engine) as connection:
                reached = await store.find(driver(connection), batch.id)
            assert reached is not None
            await self.decoder.decode_again(lease, reached, plan)

    async def _register(self, lease: Lease, batch: Batch, begun: frozenset[str], allowed: frozenset[str]) -> None:
        assert batch.declared is not None
        envelope = _envelope(batch, allowed)
        deadline = time.monotonic() + SLICE_SECONDS
        at: tuple[int, int] = (batch.checkpoint, batch.checkpoint_offset)
        chunk: Chunk | None = await self._prepare(batch, _envelope(batch, begun), at)
        while chunk is not None:
            at = (chunk.step.end, chunk.step.end_offset)
            more = chunk.step.end < batch.declared and time.monotonic() < deadline
            # The next chunk is prepared while this one travels; it is sent only after it, so order per person holds.
            following = asyncio.create_task(self._prepare(batch, envelope, at)) if more else None
            try:
                if chunk.outgoing:
                    await self.producer.send(chunk.outgoing)
                await self._checkpoint(lease, chunk, allowed)
            except BaseException:
                if following is not None:
                    following.cancel()
                    await asyncio.gather(following, return_exceptions=True)
                raise
            chunk = await following if following is not None else None

    async def _prepare(self, batch: Batch, envelope: SubmissionEnvelope, at: tuple[int, int]) -> Chunk:
        start, offset = at
        # Decided by the day the file came, so that doing it again another day decides alike.
        today = brussels_day(batch.received_at)
        if batch.mode is Mode.SIMULATION:
            return await self.simulator.prepare(batch.id, envelope, at, today)
        spooled, end_offset = await asyncio.to_thread(
            read_chunk, self.folders.folder(batch.id), offset, self.chunk_size
        )
        if not spooled:
            raise SpoolDamagedError(f"{start} of {batch.declared} declarations")
        declared = [Declared(line, _KINDS[kind], fields) for line, kind, fields in spooled]
        async with transaction(self.engine) as connection:
            prepared = await self.intake.prepare(driver(connection), [(envelope, declared)], today, from_file=True)
        refused = [
            StoredOutcome(one.line, one.reference, "refused", one.anomalies)
            for one in prepared.refused.get(batch.id, ())
        ]
        return Chunk(prepared.outgoing, refused, Step(start, start + len(spooled), end_offset, len(refused)))

    async def _checkpoint(self, lease: Lease, chunk: Chunk, allowed: frozenset[str]) -> None:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            await leases.move(raw, lease, chunk.step)
            await leases.allow(raw, lease, allowed)
            await submission_outcomes.add(raw, [(lease.batch, item) for item in chunk.items])


def _envelope(batch: Batch, allowed: frozenset[str]) -> SubmissionEnvelope:
    sender = Sender(batch.sender, batch.actor, allowed)
    received_at = batch.received_at.astimezone(UTC).isoformat()
    return SubmissionEnvelope(batch.id, sender, "batch", received_at, tracing.of(batch.id))
