"""The gateway's claims on a real database, with the other services' decisions played by hand."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import rights_and_mandates
from services.gateway.handlers.count_outcomes import count_outcomes
from services.gateway.handlers.follow_employments import follow_employments
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.prepare import Intake
from services.gateway.intake.submission_writer import SubmissionRequest, SubmissionWriter
from services.gateway.representation.claim_service import ClaimService
from services.gateway.representation.claims_worker import ClaimsWorker
from services.gateway.representation.revocation import EnterpriseClearing
from services.gateway.sources.representation import RepresentationAnswer, RepresentationStatus, Represented
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.access.scope import Role
from shared.clock import brussels_today
from shared.database.engine import driver, transaction
from shared.identifiers import derived_id
from shared.messaging.records import Outgoing
from shared.messaging.records import Work as Handling
from tests.support.answering import questions_to

TABLES = """
representation_claim, employer_announcement, access_right, session, api_client, mandate, submission_item, submission,
outcome_event, employment, enterprise, audit_log, person
"""


class Source:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.says: dict[tuple[str, str], RepresentationStatus] = {}
        self.otherwise = RepresentationStatus.UNKNOWN

    async def represents(self, ssin: str, enterprise: str) -> RepresentationAnswer:
        return RepresentationAnswer(self.says.get((ssin, enterprise), self.otherwise), datetime.now(UTC))

    async def represented_by(self, ssin: str) -> Sequence[Represented]:
        return ()


@dataclass
class Others:
    """The services behind the gateway: what was sent to them, decided when the test says so, and their answers."""

    sent: list[Outgoing] = field(default_factory=list)
    trainings: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    behind: float | None = None
    decided: int = 0

    def offer(self, _row: int, events: Sequence[Outgoing]) -> None:
        """In the relay's place."""
        self.sent += events

    @property
    def events(self) -> list[dict[str, Any]]:
        return [orjson.loads(one.value) for one in self.sent]

    def of_type(self, part: str) -> list[dict[str, Any]]:
        return [event for event in self.events if part in event["type"]]

    async def ask(self, service: str, path: str, _scope: object, **query: Any) -> Any:
        if path == "/internal/status":
            lag = 0 if self.behind is None else 3
            return {"topics": [{"topic": "fla.trainings.v1", "lag": lag, "oldestSeconds": self.behind or 0.0}]}
        if service == "entitlements":
            items = list(self.figures.values())
            size = query["pageSize"]
            first = (query["page"] - 1) * size
            return {"items": items[first : first + size], "total": len(items)}
        standing = [item for item in self.trainings.values() if item["status"] in query["status"]]
        return {"items": standing[: query["pageSize"]]}

    async def decide(self, engine: AsyncEngine) -> None:
        """Accept all that was sent, and tell the gateway."""
        fresh, self.decided = self.events[self.decided :], len(self.sent)
        for event in fresh:
            data = event["data"]
            kind, what = event["type"].removeprefix("be.fla.").split(".")[:2]
            cancelled = what == "cancellation-submitted"
            if kind == "training":
                self.trainings[data["training"]] = {
                    "training": data["training"], "person": data["person"],
                    "status": "cancelled" if cancelled else "completed",
                }  # fmt: skip
            elif kind == "entitlement":
                self.figures[data["entitlement"]] = {
                    "entitlement": data["entitlement"], "person": data["person"], "cancelled": cancelled,
                }  # fmt: skip
            elif kind == "employment":
                await self._follow(engine, event, cancelled=cancelled)
        async with transaction(engine) as connection:
            work = Handling(driver(connection), datetime.now(UTC))
            items = [event["data"]["item"] for event in fresh]
            outcomes = [
                {"id": derived_id("outcome", i["id"]), "data": {"submission": i["submission"], "accepted": [i["line"]]}}
                for i in items
            ]
            await count_outcomes(work, outcomes)

    async def _follow(self, engine: AsyncEngine, event: dict[str, Any], *, cancelled: bool) -> None:
        data = event["data"]
        version = self.versions[data["employment"]] = self.versions.get(data["employment"], 0) + 1
        state = {
            "employment": data["employment"], "version": version, "person": data["person"],
            "enterprise": data["enterprise"], "startDate": data.get("startDate", "2026-01-05"), "cancelled": cancelled,
            "recordedAt": "2026-02-02T09:00:00+00:00",
        }  # fmt: skip
        async with transaction(engine) as connection:
            work = Handling(driver(connection), datetime.now(UTC))
            await follow_employments(work, [{"type": "be.fla.employment.changed.v1", "data": state}])


class Claiming:
    """Everything a gateway needs for claims. `restarted` gives another one on the same database, with no memory."""

    def __init__(self, engine: AsyncEngine, source: Source | None = None, others: Others | None = None) -> None:
        self.engine = engine
        self.source = source or Source()
        self.others = others or Others()
        self.persons = Persons(Cipher(base64.b64encode(b"k" * 32).decode()))
        self.writer = SubmissionWriter(engine, self.others, Intake(self.persons, "refuse"))  # type: ignore[arg-type]
        self.claim_service = ClaimService(engine, self.persons, self.source, self.writer)
        clearing = EnterpriseClearing(engine, self.writer, questions_to(self.others), self.others)  # type: ignore[arg-type]
        self.work = ClaimsWorker(self.claim_service, clearing)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Claiming"]:
        """Its writer at work until the block ends, however it ends."""
        task = asyncio.create_task(self.writer.run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def restarted(self) -> "Claiming":
        return Claiming(self.engine, self.source, self.others)

    async def empty(self) -> None:
        await self.execute(f"truncate {TABLES} cascade")

    async def execute(self, statement: str, *arguments: Any) -> None:
        async with transaction(self.engine) as connection:
            await driver(connection).execute(statement, *arguments)

    async def value(self, query: str, *arguments: Any) -> Any:
        async with transaction(self.engine) as connection:
            return await driver(connection).fetchval(query, *arguments)

    async def person(self, ssin: str) -> str:
        async with transaction(self.engine) as connection:
            return (await self.persons.ensure(driver(connection), [NewPerson(ssin)]))[ssin]

    async def roles(self, person: str) -> set[tuple[Role, str | None]]:
        async with transaction(self.engine) as connection:
            grants = await rights_and_mandates.grants_of(driver(connection), person, brussels_today())
            return {(grant.role, grant.enterprise) for grant in grants}

    async def declares(self, number: str, actor: str, declared: Sequence[Declared]) -> None:
        """A bulk submission of an enterprise."""
        sender = Sender(number, f"person:{actor}", frozenset({number}))
        await self.writer.submit(SubmissionRequest(sender, "web", "bulk", declared))

    async def employs(self, number: str, actor: str, ssins: Sequence[str]) -> None:
        await self.declares(
            number,
            actor,
            [
                Declared(
                    line,
                    DeclarationKind.EMPLOYMENT_REGISTRATION,
                    {
                        "ssin": ssin,
                        "givenName": "An",
                        "familyName": "Aerts",
                        "enterpriseNumber": number,
                        "startDate": "2026-01-05",
                        "terms": [{"validFrom": "2026-01-05", "jointCommittee": "200", "workingTime": "1"}],
                    },
                )
                for line, ssin in enumerate(ssins, 1)
            ],
        )

    async def trains(self, number: str, actor: str, ssins: Sequence[str]) -> None:
        day = date(2026, 2, 2).isoformat()
        await self.declares(
            number,
            actor,
            [
                Declared(
                    line,
                    DeclarationKind.TRAINING_REGISTRATION,
                    {
                        "ssin": ssin,
                        "enterpriseNumber": number,
                        "title": "Bloemschikken",
                        "startDate": day,
                        "endDate": day,
                        "duration": "PT7H",
                    },
                )
                for line, ssin in enumerate(ssins, 1)
            ],
        )

    async def grants_itself(self, number: str, actor: str, ssins: Sequence[str]) -> None:
        await self.declares(
            number,
            actor,
            [
                Declared(
                    line,
                    DeclarationKind.ENTITLEMENT_REGISTRATION,
                    {"ssin": ssin, "enterpriseNumber": number, "year": 2026, "days": "9", "reason": "zomaar"},
                )
                for line, ssin in enumerate(ssins, 1)
            ],
        )
