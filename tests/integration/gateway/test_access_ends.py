"""If these failed, a former employer would go on declaring things about whoever left, or find them in a list."""

import base64
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import former_employees, reopened_access
from services.gateway.handlers.follow_employments import follow_employments
from services.gateway.intake.declared import ABOUT_ENTERPRISES, DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.prepare import Intake
from services.gateway.intake.prepared import Prepared
from services.gateway.vault.name import Name
from services.gateway.vault.name_versions import NameGiven, give
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from services.gateway.web.kit import employee_picker
from shared.access.scope import pair
from shared.contracts.vocabulary import Channel
from shared.database.engine import create_engine, driver, transaction
from shared.i18n import Language
from shared.identifiers import new_id
from shared.messaging.records import Work
from tests.integration.dashboard import examples
from tests.support.batch_files import Plan, workers
from tests.support.leaving import CASES, CLOSED, DAYS, EMPLOYED, OPEN_SINCE, TODAY, Case, ago, expected
from tests.support.migrated import migrated

Kind = DeclarationKind
HERE, ELSEWHERE = "1999010345", "1999010444"
SENDER = Sender(HERE, "client:test", frozenset({HERE, ELSEWHERE}))
SSINS = dict(
    zip(
        (case.name for case in CASES),
        (worker.ssin for worker in workers(Plan(HERE, (HERE,), trainings=1, people=len(CASES)))),
        strict=True,
    )
)
_OTHER_WORKERS = workers(Plan(HERE, (HERE,), trainings=1, people=60, series="OTHER"))
UNKNOWN = next(worker.ssin for worker in _OTHER_WORKERS if worker.ssin not in SSINS.values())


@dataclass
class Gateway:
    """The gateway's intake and lists on a real database."""

    engine: AsyncEngine
    persons: Persons = field(default_factory=lambda: Persons(Cipher(base64.b64encode(b"k" * 32).decode())))
    ids: dict[str, str] = field(default_factory=dict)

    def person(self, case: Case) -> str:
        return self.ids[SSINS[case.name]]

    async def follows(self, events: list[dict[str, Any]]) -> None:
        async with transaction(self.engine) as connection:
            await follow_employments(Work(driver(connection), datetime.now(UTC)), events)

    async def takes(self, *declared: Declared, today: date = TODAY, channel: Channel = "api") -> Prepared:
        """What intake makes of one submission; nothing of it stays."""
        envelope = SubmissionEnvelope(new_id(), SENDER, channel, f"{today}T09:00:00+00:00")
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            inner = raw.transaction()
            await inner.start()
            try:
                return await Intake(self.persons, "refuse", DAYS).prepare(raw, [(envelope, declared)], today)
            finally:
                await inner.rollback()


@pytest.fixture(scope="module")
async def gateway(new_database: Callable[[], str]) -> AsyncIterator[Gateway]:
    """Everyone of the cases, as fla.employments told of them, and those whom an operator opened again."""
    engine = create_engine(await migrated("gateway", new_database()), 3)
    made = Gateway(engine)
    async with transaction(engine) as connection:
        made.ids = await made.persons.ensure(driver(connection), [NewPerson(ssin) for ssin in SSINS.values()])
        named = [
            NameGiven(made.ids[ssin], HERE, Name("Vic", f"Naam {number}"), "test", datetime.now(UTC))
            for number, ssin in enumerate(SSINS.values())
        ]
        await give(driver(connection), named)
    for case in CASES:
        for number, worked in enumerate(case.employments):
            end = worked.end.isoformat() if worked.end else None
            whose = {"enterprise": HERE, "start": worked.start.isoformat(), "end": end}
            told = examples.employment(
                (case.name, number), made.person(case), cancelled=bool(worked.cancelled), **whose
            )
            told["data"]["recordedAt"] = worked.cancelled or told["data"]["recordedAt"]
            await made.follows([told])
    async with transaction(engine) as connection:
        for case in CASES:
            if case.reopened or case.reopened_elsewhere:
                enterprise = HERE if case.reopened else ELSEWHERE
                await reopened_access.reopen(
                    driver(connection), enterprise, made.person(case), TODAY, "test", "person:nadia"
                )
    yield made
    await engine.dispose()


def employment(case: Case) -> str:
    return examples.identifier("employment", (case.name, 0))


def declared(kind: Kind, ssin: str, line: int = 1, enterprise: str = HERE, **fields: Any) -> Declared:
    """A declaration whose own fields are right."""
    training = {"title": "Heftruck", "startDate": "2023-05-02", "endDate": "2023-05-02", "duration": "PT7H36M"}
    of_training = {"trainingId": new_id(), "reason": "fout"}
    terms = {"terms": [{"validFrom": "2026-02-02", "jointCommittee": "200", "workingTime": "1"}]}
    hired = {"startDate": "2026-02-02", **terms}
    own: dict[Kind, dict[str, Any]] = {
        Kind.TRAINING_REGISTRATION: training,
        Kind.TRAINING_CORRECTION: training | of_training,
        Kind.TRAINING_CANCELLATION: of_training,
        Kind.EMPLOYMENT_REGISTRATION: hired,
        Kind.EMPLOYMENT_CHANGE: hired | {"employmentId": new_id()},
        Kind.EMPLOYMENT_CANCELLATION: {"employmentId": new_id(), "reason": "fout"},
        Kind.ENTITLEMENT_REGISTRATION: {"year": 2023, "days": "5", "reason": "afspraak"},
        Kind.ENTITLEMENT_CANCELLATION: {"entitlementId": new_id(), "reason": "fout"},
    }
    return Declared(line, kind, own[kind] | {"ssin": ssin, "enterpriseNumber": enterprise} | fields)


def codes(prepared: Prepared) -> dict[int, list[str]]:
    """Line -> codes of what was refused."""
    refused = [one for of_submission in prepared.refused.values() for one in of_submission]
    return {one.line: [found["code"] for found in one.anomalies] for one in refused}


ABOUT_A_PERSON = sorted(set(Kind) - ABOUT_ENTERPRISES)


@pytest.mark.parametrize("kind", ABOUT_A_PERSON)
async def test_nothing_is_declared_of_whoever_left_but_that_they_come_back(gateway: Gateway, kind: Kind) -> None:
    closed = set()
    for case in CASES:
        named = {"employmentId": employment(case)} if "employmentId" in declared(kind, "").fields else {}
        found = await gateway.takes(declared(kind, SSINS[case.name], **named))
        if "accessClosed" in codes(found).get(1, ()):
            [refused] = next(iter(found.refused.values()))
            assert refused.anomalies == [{"code": "accessClosed", "field": "ssin", "params": {"days": "30"}}]
            assert not found.outgoing
            closed.add(case.name)
    assert closed == (set() if kind is Kind.EMPLOYMENT_REGISTRATION else CLOSED)


@pytest.mark.parametrize("kind", ABOUT_A_PERSON)
async def test_knowing_a_number_tells_nobody_else_that_somebody_left(gateway: Gateway, kind: Kind) -> None:
    """Another employer gets the answer that it gets for a number that nobody has, here or from who decides."""
    unknown = codes(await gateway.takes(declared(kind, UNKNOWN, enterprise=ELSEWHERE)))
    for case in CASES:
        if not case.reopened_elsewhere:
            told = await gateway.takes(declared(kind, SSINS[case.name], enterprise=ELSEWHERE))
            assert codes(told) in ({}, unknown)


@pytest.mark.parametrize("hired_on_line", [1, 2])
async def test_whoever_is_hired_again_is_open_for_the_rest_of_the_submission(
    gateway: Gateway, hired_on_line: int
) -> None:
    ssin = SSINS["left 13 months ago"]
    hiring = declared(Kind.EMPLOYMENT_REGISTRATION, ssin, hired_on_line)
    cancelling = declared(Kind.TRAINING_CANCELLATION, ssin, 3 - hired_on_line)
    assert codes(await gateway.takes(*sorted((hiring, cancelling), key=lambda one: one.line))) == {}


async def test_who_is_hired_again_in_vain_in_a_file_is_told_so(gateway: Gateway) -> None:
    ssin = SSINS["left 13 months ago"]
    hiring = declared(Kind.EMPLOYMENT_REGISTRATION, ssin, endDate="2026-01-01")
    found = await gateway.takes(hiring, declared(Kind.TRAINING_REGISTRATION, ssin, 2), channel="batch")
    assert codes(found)[1] == ["endBeforeStart"]
    assert codes(found)[2] == ["leansOnRefused"]


async def test_an_employment_that_is_sent_again_opens_nothing(gateway: Gateway) -> None:
    """It was registered open-ended under a reference and ended later by a change: the first message is no return."""
    ssin = SSINS["left 13 months ago"]
    first = declared(Kind.EMPLOYMENT_REGISTRATION, ssin, reference="E-7")
    sent = await gateway.takes(first)
    known = orjson.loads(sent.outgoing[0].value)["data"]["employment"]
    case = next(one for one in CASES if one.name == "left 13 months ago")
    ended_long_ago = examples.employment("E-7", gateway.person(case), enterprise=HERE, end=ago(400).isoformat())
    ended_long_ago["data"]["employment"] = known
    await gateway.follows([ended_long_ago])
    again = await gateway.takes(first, declared(Kind.TRAINING_CANCELLATION, ssin, 2))
    assert codes(again)[2] == ["accessClosed"]


@pytest.mark.parametrize(("days", "warned"), [(29, False), (30, False), (31, True), (400, True)])
@pytest.mark.parametrize("kind", [Kind.EMPLOYMENT_REGISTRATION, Kind.EMPLOYMENT_CHANGE])
async def test_an_end_that_closes_at_once_is_taken_with_a_warning(
    gateway: Gateway, kind: Kind, days: int, warned: bool
) -> None:
    start = ago(500).isoformat()
    terms = [{"validFrom": start, "jointCommittee": "200", "workingTime": "1"}]
    named = {"employmentId": employment(CASES[0])} if kind is Kind.EMPLOYMENT_CHANGE else {}
    told = await gateway.takes(
        declared(kind, SSINS[CASES[0].name], startDate=start, endDate=ago(days).isoformat(), terms=terms, **named)
    )
    assert codes(told) == {}
    [event] = [orjson.loads(one.value) for one in told.outgoing]
    closing = {"code": "closedFromTheStart", "field": "endDate", "params": {"days": "30"}}
    assert (closing in event["data"].get("warnings", [])) is warned


async def test_who_left_is_not_offered_and_not_found(gateway: Gateway) -> None:
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        open_here = former_employees.Window(OPEN_SINCE, await former_employees.reopened(raw, [HERE], TODAY))
        standing = [case for case in EMPLOYED if not any(worked.cancelled for worked in case.employments)]
        wanted = {case.name: case.is_open for case in standing}
        listed, total = await employee_picker.search(raw, HERE, open_here, most=500)
        assert total == len(listed)
        assert _found(gateway, standing, listed) == wanted
        tampered = await employee_picker.chosen(raw, HERE, open_here, [employment(case) for case in standing])
        assert _found(gateway, standing, tampered) == wanted
        ticked = [employment(case) for case in standing]
        picker = await employee_picker.picker(raw, HERE, open_here, Language.DUTCH, text="nobody", ticked=ticked)
        assert {option.value for option in picker.options} == {e.employment for e in tampered}
        everyone, _ = await employee_picker.search(raw, HERE, former_employees.EVERYONE, most=500)
        assert _found(gateway, standing, everyone) == dict.fromkeys(wanted, True)


def _found(gateway: Gateway, cases: list[Case], listed: list[employee_picker.Employee]) -> dict[str, bool]:
    persons = {employee.person for employee in listed}
    return {case.name: gateway.person(case) in persons for case in cases}


async def test_an_operator_opens_until_a_day_and_may_take_it_back(gateway: Gateway) -> None:
    case = next(one for one in CASES if one.name == "left 30 months ago")
    correction = declared(Kind.TRAINING_CORRECTION, SSINS[case.name])
    tomorrow = TODAY + timedelta(1)

    async def is_open(connection: asyncpg.Connection, today: date) -> bool:
        return pair(HERE, gateway.person(case)) in await former_employees.reopened(connection, [HERE], today)

    async with transaction(gateway.engine) as connection:
        await reopened_access.reopen(
            driver(connection), HERE, gateway.person(case), tomorrow, "uren fout", "person:nadia"
        )
    assert codes(await gateway.takes(correction, today=tomorrow)) == {}
    assert codes(await gateway.takes(correction, today=tomorrow + timedelta(1)))[1] == ["accessClosed"]
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        assert [await is_open(raw, tomorrow + timedelta(days)) for days in (0, 1)] == [True, False]
        newest = (await reopened_access.listed(raw, 1))[0]
        assert (newest.person, newest.reason, newest.opened_by) == (gateway.person(case), "uren fout", "person:nadia")
        for _ in range(2):
            await reopened_access.withdraw(raw, newest.id, "person:nadia")
        assert not await is_open(raw, TODAY)
        log = await raw.fetch("select action, party from audit_log where subject = $1", gateway.person(case))
    assert [tuple(row) for row in log] == [("access opened again", HERE), ("access closed again", HERE)]
    assert codes(await gateway.takes(correction))[1] == ["accessClosed"]


def test_the_cases_have_open_and_closed_ones() -> None:
    assert set(expected().values()) == {True, False}
