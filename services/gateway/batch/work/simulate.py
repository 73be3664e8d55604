"""Simulating a file: its declarations are judged, some people at a time, and nothing of it stays."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.spool import SpoolDamagedError
from services.gateway.batch.work import simulation_plan
from services.gateway.batch.work.chunks import Chunk
from services.gateway.batch.work.leases import Step
from services.gateway.intake.declared import DeclarationKind, Declared, SubmissionEnvelope
from services.gateway.intake.prepare import Intake
from services.gateway.intake.prepared import Prepared
from services.gateway.intake.submission_outcomes import StoredOutcome
from services.gateway.questions import Questions, UnavailableError
from shared.access.scope import system_scope
from shared.contracts import employer_submissions, outcomes, training_submissions
from shared.database.engine import driver, taken_back
from shared.messaging.records import Outgoing

_SCOPE = system_scope("simulation")
_DECIDES = {training_submissions.TOPIC: "registration", employer_submissions.TOPIC: "entitlements"}
_COUNTED = {"accepted": "accepted", "acceptedWithWarnings": "warned", "unchanged": "unchanged", "refused": "refused"}


@dataclass(frozen=True, slots=True)
class DecidingServices:
    """The deciding services (registration, entitlements), asked by internal HTTP."""

    questions: Questions

    async def judge(self, events: Sequence[Outgoing]) -> list[outcomes.ItemOutcome]:
        """Get the items whose outcome would not be `accepted`, as in `fla.outcomes`. Raises UnavailableError."""
        found: list[outcomes.ItemOutcome] = []
        for topic, service in _DECIDES.items():
            own = [event.value for event in events if event.topic == topic]
            if own:
                answer = await self.questions.services[service].rehearse(_SCOPE, topic, own)
                if answer is None:
                    raise UnavailableError(service)
                found += [item for decision in answer.decisions for item in decision.get("others", ())]
        return found


@dataclass(slots=True)
class Simulator:
    """The judging of simulated files. `least`: declarations of one step, at least."""

    engine: AsyncEngine
    intake: Intake
    folders: BatchFolders
    judges: simulation_plan.Judges
    least: int

    async def prepare(self, batch: str, envelope: SubmissionEnvelope, at: tuple[int, int], today: date) -> Chunk:
        """Judge the declarations of the next people behind a checkpoint.

        `at`: (declarations, byte offset) of the checkpoint. Raises SpoolDamagedError, UnavailableError.
        """
        start, offset = at
        folder = self.folders.folder(batch)
        if not simulation_plan.is_planned(folder):
            await asyncio.to_thread(simulation_plan.plan, folder, envelope.sender.enterprises, today.isoformat())
        overtaken = await asyncio.to_thread(simulation_plan.overtaken_in, folder)
        spooled, end_offset = await asyncio.to_thread(simulation_plan.read_people, folder, offset, self.least)
        if not spooled:
            raise SpoolDamagedError(f"no declarations behind {start}")
        declared = [Declared(one.line, DeclarationKind(one.kind), one.fields) for one in spooled]
        behind = {one.line for one in declared if overtaken(one.line)}
        prepared = await self._prepared(envelope, declared, today, behind)
        items = [
            StoredOutcome(one.line, one.reference, "refused", one.anomalies)
            for one in prepared.refused.get(envelope.submission, ())
        ]
        items += [
            StoredOutcome(one["line"], None, one["status"], one["anomalies"])
            for one in await self.judges.judge(prepared.outgoing)
        ]
        counts = {"accepted": len(declared) - len(items)}
        for item in items:
            counted = _COUNTED[item.status]
            counts[counted] = counts.get(counted, 0) + 1
        return Chunk((), items, Step(start, start + len(spooled), end_offset, **counts))

    async def _prepared(
        self, envelope: SubmissionEnvelope, declared: Sequence[Declared], today: date, overtaken: set[int]
    ) -> Prepared:
        """Prepare these declarations as the intake does, in a transaction that is rolled back."""
        async with taken_back(self.engine) as connection:
            return await self.intake.prepare(
                driver(connection), [(envelope, declared)], today, overtaken, from_file=True
            )
