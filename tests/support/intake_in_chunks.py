"""The way in on a real database: declarations as a file gives them, prepared in chunks of any size."""

import base64
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.handlers.count_outcomes import count_outcomes
from services.gateway.intake.decision_order import RANKS
from services.gateway.intake.declared import DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.prepare import Intake
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import Persons
from shared.database.engine import driver, transaction
from shared.identifiers import derived_id, new_id
from shared.messaging.records import Work

ENTERPRISE = "1999010345"
TODAY = date(2026, 3, 2)
TABLES = "reference_holder, refused_in_file, submission_item, submission, outcome_event, employment, person"

Kind = DeclarationKind
Outcomes = dict[int, list[str]]
"""Line -> the codes with which it was refused; of a line that went out: none."""


def people(count: int) -> list[str]:
    """Valid national numbers that belong to nobody."""
    found = []
    for number in range(count):
        nine = f"850101{number * 2 + 1:03d}"
        found.append(f"{nine}{97 - int(nine) % 97:02d}")
    return found


def employment(ssin: str, reference: str | None = None, **changes: Any) -> tuple[Kind, dict[str, Any]]:
    start = changes.get("startDate", "2025-01-01")
    terms = [{"validFrom": start, "jointCommittee": changes.pop("committee", "200"), "workingTime": "1"}]
    fields = {"ssin": ssin, "enterpriseNumber": ENTERPRISE, "startDate": start, "terms": terms}
    return Kind.EMPLOYMENT_REGISTRATION, _named(fields, reference) | changes


def training(ssin: str, reference: str | None = None, **changes: Any) -> tuple[Kind, dict[str, Any]]:
    fields = {
        "ssin": ssin, "enterpriseNumber": ENTERPRISE, "title": "Veiligheid", "startDate": "2025-06-02",
        "endDate": "2025-06-02", "duration": "PT7H36M",
    }  # fmt: skip
    return Kind.TRAINING_REGISTRATION, _named(fields, reference) | changes


def figure(ssin: str, reference: str | None = None, **changes: Any) -> tuple[Kind, dict[str, Any]]:
    fields = {"ssin": ssin, "enterpriseNumber": ENTERPRISE, "year": 2025, "days": "8", "reason": "akkoord"}
    return Kind.ENTITLEMENT_REGISTRATION, _named(fields, reference) | changes


def amendment(kind: Kind, ssin: str, reference: str) -> tuple[Kind, dict[str, Any]]:
    """A correction, change or cancellation of what this reference names."""
    whole = {
        Kind.TRAINING_CORRECTION: training(ssin)[1],
        Kind.EMPLOYMENT_CHANGE: employment(ssin)[1],
        Kind.ENTERPRISE_ENTITLEMENT_CANCELLATION: {"enterpriseNumber": ENTERPRISE},
    }.get(kind, {"ssin": ssin, "enterpriseNumber": ENTERPRISE})
    return kind, whole | {"reference": reference, "reason": "fout"}


def _named(fields: dict[str, Any], reference: str | None) -> dict[str, Any]:
    return fields | ({"reference": reference} if reference else {})


class IntakeInChunks:
    """Prepares what is sent, and knows what went out."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.events: list[dict[str, Any]] = []
        self.restart()

    def restart(self) -> None:
        """Nothing in memory remains."""
        self.intake = Intake(Persons(Cipher(base64.b64encode(b"k" * 32).decode())))

    async def empty(self) -> None:
        self.restart()
        async with transaction(self._engine) as connection:
            await driver(connection).execute(f"truncate {TABLES} cascade")

    async def sends(
        self,
        declared: Sequence[tuple[Kind, dict[str, Any]]],
        *,
        chunk: int = 1000,
        channel: Any = "batch",
        killed: bool = False,
        submission: str | None = None,
    ) -> Outcomes:
        """One submission in chunks, as a file's are published: by rank. `killed`: each chunk is done twice.

        Returns what became of each line.
        """
        submission = submission or new_id()
        envelope = SubmissionEnvelope(submission, Sender(ENTERPRISE, "test", frozenset({ENTERPRISE})), channel, _now())
        lines = [Declared(line, kind, dict(fields)) for line, (kind, fields) in enumerate(declared, 1)]
        ordered = sorted(lines, key=lambda one: RANKS[one.kind]) if channel == "batch" else lines
        found: Outcomes = {}
        for start in range(0, len(ordered), chunk):
            for _ in range(2 if killed else 1):
                if killed:
                    self.restart()
                async with transaction(self._engine) as connection:
                    part = [(envelope, ordered[start : start + chunk])]
                    prepared = await self.intake.prepare(driver(connection), part, TODAY)
                refused = prepared.refused.get(submission, [])
                outcome = {one.line: [found["code"] for found in one.anomalies] for one in refused}
                events = [orjson.loads(one.value) for one in prepared.outgoing]
                outcome |= {event["data"]["item"]["line"]: [] for event in events}
            found |= outcome
            self.events += events
        return dict(sorted(found.items()))

    async def decides(self, submission: str, line: int, status: str) -> None:
        """The deciding services tell the outcome of one item."""
        other = {"line": line, "status": status, "anomalies": []}
        decision = {"submission": submission, "accepted": [], "others": [other]}
        async with transaction(self._engine) as connection:
            work = Work(driver(connection), datetime.now(UTC))
            await count_outcomes(work, [{"id": derived_id(submission, line), "data": decision}])


def _now() -> str:
    return datetime.now(UTC).isoformat()
