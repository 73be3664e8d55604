"""The entitlements service's handlers on a real database, and the events that other services would send it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.bookkeeping.stored_years import year_balance, years_in
from services.entitlements.handlers import handlers
from services.entitlements.handlers.change_of_calendar import apply_calendar_changes
from services.entitlements.handlers.recalculate import recalculate
from services.entitlements.reference.load_arrangements import load_arrangements
from shared.contracts import employer_submissions, trainings
from shared.contracts.entitlements import YearBalance
from shared.contracts.envelope import event
from shared.contracts.topics import TOPICS
from shared.database.engine import driver, transaction
from shared.identifiers import derived_id
from shared.messaging.records import Work
from tests.support.reading import as_read

ENTERPRISE = "0200000068"
OTHER_ENTERPRISE = "0200000167"
RECEIVED_AT = "2026-03-02T09:00:00+00:00"
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
RULES = Rules(load_arrangements())

_TRUNCATE = """
truncate enterprise, enterprise_size, enterprise_quarter, enterprise_override,
  account, employment, employment_version, entitlement_override, training,
  ledger_line, balance, ended_access, decided_item, recalculation, calculation_basis
"""


def person(number: int = 0) -> str:
    return derived_id("person", number)


def employment_id(reference: str = "E1") -> str:
    return derived_id("employment", ENTERPRISE, reference)


class Submissions:
    """Declarations as events, each with an item of its own unless one is given."""

    def __init__(self) -> None:
        self._line = 0

    def enterprise(self, *sizes: dict[str, Any], **changes: Any) -> dict[str, Any]:
        data = {"name": "Voorbeeld", "jointCommittees": ["100"], "sizes": list(sizes)} | changes
        return self._event("enterprise.registration-submitted", {"enterprise": ENTERPRISE} | data)

    def withdrawal(self, **changes: Any) -> dict[str, Any]:
        data = {"enterprise": ENTERPRISE, "reason": "Valse volmacht."}
        return self._event("enterprise.withdrawal-submitted", data | changes)

    def employment(self, reference: str = "E1", change: bool = False, **changes: Any) -> dict[str, Any]:
        start = changes.get("startDate", "2025-01-01")
        data = {
            "employment": employment_id(reference),
            "person": person(),
            "enterprise": ENTERPRISE,
            "reference": reference,
            "startDate": start,
            "terms": [terms(start)],
        } | changes
        kind = "change-submitted" if change else "registration-submitted"
        return self._event(f"employment.{kind}", {k: v for k, v in data.items() if v is not None})

    def employment_cancellation(self, reference: str = "E1", **changes: Any) -> dict[str, Any]:
        data = {"employment": employment_id(reference), "person": person(), "enterprise": ENTERPRISE}
        return self._event("employment.cancellation-submitted", data | changes)

    def entitlement(self, reference: str = "R1", **changes: Any) -> dict[str, Any]:
        data = {
            "entitlement": derived_id("entitlement", reference),
            "employment": employment_id(),
            "person": person(),
            "enterprise": ENTERPRISE,
            "year": 2026,
            "basis": "resultingDays",
            "days": "7",
            "rightType": "company",
            "reason": "Own agreement",
        }
        return self._event("entitlement.registration-submitted", data | changes)

    def entitlement_cancellation(self, reference: str = "R1", **changes: Any) -> dict[str, Any]:
        data = {"entitlement": derived_id("entitlement", reference), "person": person(), "enterprise": ENTERPRISE}
        return self._event("entitlement.cancellation-submitted", data | changes)

    def for_all(self, reference: str = "A1", **changes: Any) -> dict[str, Any]:
        data = {
            "entitlement": derived_id("enterprise-entitlement", reference),
            "enterprise": ENTERPRISE,
            "reference": reference,
            "basis": "fullTimeDays",
            "days": "7",
            "rightType": "company",
            "validFrom": "2026-01-01",
            "validUntil": "2026-12-31",
            "reason": "Own agreement",
        }
        return self._event("enterprise-entitlement.registration-submitted", data | changes)

    def for_all_cancellation(self, reference: str = "A1") -> dict[str, Any]:
        data = {"entitlement": derived_id("enterprise-entitlement", reference), "enterprise": ENTERPRISE}
        return self._event("enterprise-entitlement.cancellation-submitted", data)

    def _event(self, kind: str, data: dict[str, Any]) -> dict[str, Any]:
        self._line += 1
        submission, line = data.pop("submission", derived_id("a submission")), data.pop("line", self._line)
        item = {"id": derived_id("item", submission, line), "submission": submission, "line": line}
        whole = {"item": item, "sender": ENTERPRISE, "receivedAt": RECEIVED_AT} | data
        return event(
            f"be.fla.{kind}.v1", whole, id_=item["id"], source="urn:fla:gateway", subject=item["id"],
            actor="person:someone", party=ENTERPRISE, time=RECEIVED_AT, submission=submission,
        )  # fmt: skip


def terms(valid_from: str, fraction: str = "1", committee: str = "999") -> dict[str, str]:
    return {"validFrom": valid_from, "jointCommittee": committee, "fraction": fraction}


def size(workers: str, valid_from: str = "2023-01-01", valid_until: str | None = None, basis: str = "stated") -> Any:
    given = {"basis": basis, "workers": workers, "validFrom": valid_from}
    return given if valid_until is None else given | {"validUntil": valid_until}


def training(reference: str = "T1", version: int = 1, **changes: Any) -> dict[str, Any]:
    """Make the event of a training; `changes` of its content, or of `person`, `enterprise` and `sameAs`."""
    id_ = derived_id("training", reference)
    content = {
        "title": "Veiligheid", "startDate": "2026-02-02", "endDate": "2026-02-02", "minutes": 456,
        "status": "completed", "kind": "formal", "context": "professional", "rightType": "legal",
    }  # fmt: skip
    data = {
        "training": id_,
        "version": version,
        "person": changes.pop("person", person()),
        "enterprise": changes.pop("enterprise", ENTERPRISE),
        "sender": ENTERPRISE,
        "registeredBy": "employer",
        "receivedAt": RECEIVED_AT,
        "recordedAt": RECEIVED_AT,
    }
    if same_as := changes.pop("sameAs", None):
        data["sameAs"] = same_as
    data["content"] = content | changes
    kind = "registered" if version == 1 else "corrected"
    return event(
        f"be.fla.training.{kind}.v1", data, id_=derived_id(id_, version), source="urn:fla:registration", subject=id_,
        actor="person:someone", party=ENTERPRISE, time=RECEIVED_AT,
    )  # fmt: skip


class Entitlements:
    """The service's handlers on its real database; what it would send comes back decoded and checked."""

    def __init__(self, engine: AsyncEngine, rules: Rules = RULES) -> None:
        self.engine = engine
        self.rules = rules
        self.now = NOW
        self.sent: list[dict[str, Any]] = []

    async def receives(self, *events: dict[str, Any]) -> list[dict[str, Any]]:
        """Handle one batch, as the consumer would hand it over: topic by topic."""
        async with transaction(self.engine) as connection:
            work = Work(driver(connection), self.now)
            reacting = handlers(self.rules)
            for topic, handler in reacting.items():
                own = [one for one in events if _topic_of(one) == topic]
                if own:
                    await handler(work, as_read(reacting, topic, TOPICS[topic].many.validate_python(own)))
        return self._published(work)

    async def recalculates(self, most: int = 200) -> list[dict[str, Any]]:
        """Work off all open recalculations."""
        published: list[dict[str, Any]] = []
        while True:
            async with transaction(self.engine) as connection:
                work = Work(driver(connection), self.now)
                if not await recalculate(self.rules, work, most):
                    return published
            published += self._published(work)

    async def looks_at_the_calendar(self, most: int = 200) -> list[dict[str, Any]]:
        published: list[dict[str, Any]] = []
        while True:
            async with transaction(self.engine) as connection:
                work = Work(driver(connection), self.now)
                found = await apply_calendar_changes(self.rules, work, most)
            published += self._published(work)
            if not found:
                return published

    def _published(self, work: Work) -> list[dict[str, Any]]:
        for sent in work.outgoing:
            published = TOPICS[sent.topic].adapter.validate_json(sent.value)
            data = published["data"]
            assert sent.key.decode() == data.get("submission", data.get("person", data.get("enterprise")))
        published = [orjson.loads(sent.value) for sent in work.outgoing]
        self.sent += published
        return published

    async def fetch(self, query: str, *arguments: Any) -> list[Any]:
        async with transaction(self.engine) as connection:
            rows: list[Any] = await driver(connection).fetch(query, *arguments)
            return rows

    async def years(self, reference: str = "E1") -> dict[int, YearBalance]:
        """Load an employment's years as stored."""
        rows = await self.fetch("select years::text from balance where employment = $1", employment_id(reference))
        stored = years_in(rows[0]["years"]) if rows else {}
        return {year: year_balance(one) for year, one in stored.items()}

    async def empty(self) -> None:
        async with self.engine.begin() as connection:
            await connection.exec_driver_sql(_TRUNCATE)


def outcomes(published: Sequence[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Collect what was decided, in the order of lines: (status, codes of anomalies)."""
    found: dict[int, tuple[str, list[str]]] = {}
    for one in published:
        if one["type"] == "be.fla.submission.decided.v1":
            found |= dict.fromkeys(one["data"]["accepted"], ("accepted", []))
            for other in one["data"].get("others", []):
                found[other["line"]] = (other["status"], [a["code"] for a in other["anomalies"]])
    return [found[line] for line in sorted(found)]


def balances(published: Sequence[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Collect the newest version of each balance: (employment, year) -> figures."""
    known: dict[tuple[str, int], tuple[int, dict[str, Any]]] = {}
    for one in published:
        if one["type"] == "be.fla.entitlement.balance-changed.v1":
            data = one["data"]
            for year in data["years"]:
                key = (data["employment"], year["year"])
                if key not in known or known[key][0] < data["version"]:
                    known[key] = (data["version"], year)
    return {key: year for key, (_, year) in known.items()}


def days(text: str) -> Decimal:
    return Decimal(text)


def _topic_of(one: dict[str, Any]) -> str:
    return trainings.TOPIC if one["type"].startswith("be.fla.training.") else employer_submissions.TOPIC
