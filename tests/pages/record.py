"""Plays a bakery's year on the real services and records what they answer about it, for the samples.

    .venv/bin/python -m tests.pages.record

It starts a PostgreSQL of its own and needs nothing else. Run it after an answer has changed, look at what differs, and
commit that. What the pages know that no service answers (names, enterprise names) is recorded beside the answers.
"""

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec

from deploy.local.down import take_down
from deploy.local.stack import Stack
from services.gateway.questions import Questions
from services.gateway.vault.persons import NewPerson
from shared.access.scope import ActorKind, Scope, system_scope
from shared.database.engine import driver, transaction
from tests.conftest import OwnServers, free_offset, local_settings, new_databases, quiet
from tests.pages.people import BAKERY, EMPLOYEES, LOGISTICS, WORKSHOP
from tests.pages.recorded_answers import ANSWERS, RECORDED, YEAR
from tests.support.numbers import ssin
from tests.support.product_in_process import InProcessTransport, Product, product

# rank of the employee, title, first and last day, duration, other fields
TRAININGS: tuple[tuple[int, str, str, str, str, dict[str, Any]], ...] = (
    (1, "Excel voor gevorderden", "2025-06-16", "2025-06-18", "PT22H48M", {"provider": "VDAB", "theme": "06"}),
    (0, "Hygiëne en HACCP in de bakkerij", "2025-09-15", "2025-09-16", "PT14H", {"provider": "Alimento"}),
    (9, "Coaching desemdeeg", "2025-09-12", "2025-09-12", "PT1H30M", {"kind": "informal"}),
    (5, "EHBO bijscholing", "2025-09-05", "2025-09-05", "PT3H48M", {"provider": "Rode Kruis-Vlaanderen"}),
    (3, "Werken op hoogte", "2025-05-20", "2025-05-20", "PT7H36M", {"status": "notFollowed"}),
    (1, "Voedselveiligheid", "2025-11-03", "2025-11-03", "PT3H", {"provider": "Alimento", "theme": "07"}),
    (1, "Voedselveiligheid", "2025-11-03", "2025-11-03", "PT3H", {"provider": "Alimento", "theme": "07"}),
    (2, "Heftruck: opfrissing", "2027-10-04", "2027-10-04", "PT7H36M", {"status": "planned"}),
    (1, "Boekhouden voor beginners", "2027-02-01", "2027-02-02", "PT15H12M", {"status": "planned"}),
    (4, "Omgaan met allergenen", "2025-03-11", "2025-03-11", "PT3H48M", {"theme": "10"}),
    (6, "Leidinggeven in de nacht", "2025-01-20", "2025-01-31", "PT53H12M", {"provider": "Mensura Opleidingen"}),
    (7, "Glazuren en afwerken", "2025-02-13", "2025-02-13", "PT4H", {"kind": "informal"}),
)


async def play(fla: Product) -> dict[str, str]:
    """Declare the bakery's year, and what its people did elsewhere; give dict[person id, name]."""
    await fla.has_enterprise(BAKERY.number, "bakery")
    await fla.has_enterprise(LOGISTICS.number, "logistics")
    await fla.has_enterprise(WORKSHOP.number, "workshop")
    async with fla.software("bakery") as software:
        sizes = [
            {"basis": "measured", "workers": "21.75", "validFrom": "2022-01-01", "validUntil": "2023-12-31"},
            {"basis": "stated", "workers": "24", "validFrom": "2024-01-01"},
        ]
        await _send(software, "/enterprises", **_named(BAKERY), jointCommittees=["118", "200"], sizes=sizes)
        for rank, name in enumerate(EMPLOYEES):
            await _send(software, "/employments", **_employment(rank, name))
        registered = [await _send(software, "/trainings", **_training(*one)) for one in TRAININGS]
        excel = _training(*TRAININGS[0]) | {"endDate": "2025-06-19", "duration": "PT30H24M", "reason": "Vierde dag"}
        await _send(software, registered[0], "PUT", **excel)
        await _send(software, f"{registered[3]}/cancel", reason="De opleiding is niet doorgegaan")
        whose = _whose(1) | {"year": YEAR, "employmentReference": "BAKERY-1"}
        agreed = {"reason": "Bedrijfsakkoord van 13 januari 2025", "collectiveAgreement": "181682/CO/200"}
        first = await _send(software, "/entitlements", **whose, reference="OWN-1", basis="fullTimeDays", days="8",
                            reason="Verkeerd begrepen")  # fmt: skip
        await _send(software, f"{first}/cancel", reason="Het was voor een collega")
        await _send(software, "/entitlements", **whose, reference="OWN-2", basis="resultingDays", days="6.5", **agreed)
    async with fla.software("logistics") as software:
        await _send(software, "/enterprises", **_named(LOGISTICS), jointCommittees=["140.03"])
        second = _whose(0, LOGISTICS.number) | {"reference": "LOG-1", "startDate": "2021-01-04"}
        terms = [{"validFrom": "2021-01-04", "jointCommittee": "140.03", "workingTime": "1"}]
        await _send(software, "/employments", **second, terms=terms)
        loading = {"title": "Ladingen zekeren", "startDate": "2025-02-18", "endDate": "2025-02-18"}
        await _send(software, "/trainings", **_whose(0, LOGISTICS.number), **loading, duration="PT3H48M")
    async with fla.software("workshop") as software:
        await _send(software, "/enterprises", **_named(WORKSHOP), jointCommittees=["327.01"])
    async with transaction(fla.engines["gateway"]) as connection:
        numbers = {ssin(rank): name for rank, name in enumerate(EMPLOYEES)}
        ids = await fla.gateway.persons.ensure(driver(connection), [NewPerson(number) for number in numbers])
    return {str(ids[number]): name for number, name in numbers.items()}


async def ask(fla: Product, people: dict[str, str]) -> dict[str, Any]:
    """Ask what the pages ask: dict[name in ANSWERS, answer]."""
    questions = Questions(InProcessTransport(fla.apps))
    dashboard, entitlements, registration = questions.dashboard, questions.entitlements, questions.registration
    bakery, workshop = (_scope(one.number) for one in (BAKERY, WORKSHOP))
    amina, celine, joris = (next(id for id, name in people.items() if name == EMPLOYEES[n]) for n in (0, 1, 8))
    employees = await dashboard.employees(bakery, BAKERY.number, YEAR, page_size=25)
    trainings = await dashboard.trainings(bakery, BAKERY.number, sort="-startDate", page_size=25)
    account = await dashboard.person(system_scope("record"), amina)
    assert employees and trainings and account
    of = {line.person: line.employment for line in employees.items}
    by_title = {line.title: line.training for line in trainings.items}
    double = next(line.training for line in trainings.items if line.same_as)
    asked: dict[str, Awaitable[Any]] = {
        "summary": dashboard.summary(bakery, BAKERY.number, YEAR),
        "summary-empty": dashboard.summary(workshop, WORKSHOP.number, YEAR),
        "most-charged": dashboard.employees(bakery, BAKERY.number, YEAR, sort="-charged", page_size=12),
        "employees-empty": dashboard.employees(workshop, WORKSHOP.number, YEAR, page_size=25),
        "latest": dashboard.trainings(bakery, BAKERY.number, sort="-recordedAt", page_size=8),
        "trainings-empty": dashboard.trainings(workshop, WORKSHOP.number, page_size=25),
        "enterprises": dashboard.enterprises(system_scope("record"), YEAR),
        "enterprise": entitlements.enterprise(bakery, BAKERY.number, date(YEAR, 9, 18)),
        "training": registration.training(bakery, UUID(by_title["Excel voor gevorderden"])),
        "training-double": registration.training(bakery, UUID(double)),
        "training-cancelled": registration.training(bakery, UUID(by_title["EHBO bijscholing"])),
        "employment": dashboard.employment(bakery, UUID(of[celine])),
        "employment-trainings": dashboard.trainings(
            bakery, BAKERY.number, employment=UUID(of[celine]), year=YEAR, page_size=25
        ),
        "employment-ledger": entitlements.ledger(bakery, of[celine]),
        "employment-overrides": entitlements.overrides(
            bakery, BAKERY.number, employment=UUID(of[celine]), year=YEAR, page_size=25
        ),
        "employment-ending": dashboard.employment(bakery, UUID(of[joris])),
    }
    for number, employment in enumerate(account.employments):
        asked[f"account-ledger-{number}"] = entitlements.ledger(system_scope("record"), employment.employment)
    found = {name: await question for name, question in asked.items()}
    return found | {"employees": employees, "trainings": trainings, "account": account}


def _scope(enterprise: str) -> Scope:
    """What an employer sees a month after the last of the recorded employments ended."""
    return Scope(ActorKind.CLIENT, "record", frozenset({enterprise}), open_since=date(YEAR, 11, 18))


def _named(enterprise: Any) -> dict[str, str]:
    return {"enterpriseNumber": enterprise.number, "name": enterprise.name}


def _whose(rank: int, enterprise: str = BAKERY.number) -> dict[str, Any]:
    return {"enterpriseNumber": enterprise, "ssin": ssin(rank)}


def _employment(rank: int, name: str) -> dict[str, Any]:
    """Celine works less from July, Fatima's committee has no arrangement, Joris leaves, Mehmet has left long ago."""
    given, family = name.split(" ", 1)
    start = f"{2012 + rank}-{1 + rank:02d}-01"
    terms = {"validFrom": start, "jointCommittee": "118" if rank % 3 else "200", "workingTime": "1"}
    if rank == 4:
        terms["jointCommittee"] = "100"
    later = [{"validFrom": "2025-07-01", "jointCommittee": "118", "workingTime": "0.8"}] if rank == 1 else []
    ends = {8: ("2025-12-31", "endOfTerm"), 11: ("2025-03-31", "resignation")}
    end = {"endDate": ends[rank][0], "endReason": ends[rank][1]} if rank in ends else {}
    person = _whose(rank) | {"givenName": given, "familyName": family, "reference": f"BAKERY-{rank}"}
    return person | {"startDate": start, "terms": [terms, *later]} | end


def _training(rank: int, title: str, start: str, end: str, duration: str, more: dict[str, Any]) -> dict[str, Any]:
    provider = {"provider": {"name": more["provider"]}} if "provider" in more else {}
    days = {"startDate": start, "endDate": end, "duration": duration}
    return _whose(rank) | {"title": title} | days | {k: v for k, v in more.items() if k != "provider"} | provider


async def _send(software: httpx.AsyncClient, path: str, method: str = "POST", **fields: Any) -> str:
    """Send a declaration; give the path of what it made. Raises RuntimeError when it is refused."""
    answer = await software.request(method, path, json=fields)
    if answer.status_code not in (200, 201):
        raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
    return answer.headers.get("location", path).removeprefix("/api/v1")


async def record(new_database: Callable[[], str], folder: Path) -> None:
    """Play, ask and write."""
    async with product(new_database, folder) as fla:
        people = await play(fla)
        answers = await ask(fla, people)
    if missing := set(ANSWERS) ^ {name for name, answer in answers.items() if answer is not None}:
        raise RuntimeError(f"not what the samples are made of: {sorted(missing)}")
    RECORDED.mkdir(exist_ok=True)
    for name, answer in answers.items():
        (RECORDED / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n")
    (RECORDED / "names.json").write_text(json.dumps(people, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main() -> None:
    """Record on a PostgreSQL of this run's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        settings = local_settings(folder / "servers", free_offset())
        servers = OwnServers(Stack.of(settings))
        servers.start_postgres()
        try:
            with new_databases(servers.stack.administrator_url) as new_database:
                asyncio.run(record(new_database, folder))
        finally:
            take_down(settings, quiet())


if __name__ == "__main__":
    main()
