"""The operator's page: if it failed, no correction could come late, or somebody else could open access."""

import base64
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.access.rights_and_mandates import Grant
from services.gateway.handlers.follow_employments import follow_employments
from services.gateway.main import build
from services.gateway.settings import GatewaySettings
from services.gateway.vault.name import SIGN_IN, Name
from services.gateway.vault.name_versions import NameGiven, give
from services.gateway.vault.persons import NewPerson
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import Visitor, counted_visitor
from services.gateway.wiring import Gateway
from shared.access.scope import Role
from shared.database.engine import driver, transaction
from shared.i18n import Language
from shared.messaging.records import Work
from tests.integration.dashboard import examples
from tests.support.batch_files import Plan, workers
from tests.support.migrated import migrated
from tests.support.notices import notice_of

INTERNAL_KEY = "i" * 40
HERE, ELSEWHERE = "1999010345", "1999010444"
OPERATOR = "83012597129"
EMPLOYEE, STRANGER = (one.ssin for one in workers(Plan(HERE, (HERE,), trainings=1, people=2)))
TODAY = datetime.now(UTC).date()
RIGHT = {
    "enterpriseNumber": "1999.010.345",
    "ssin": f"{EMPLOYEE[:2]}.{EMPLOYEE[2:4]}.{EMPLOYEE[4:6]}-{EMPLOYEE[6:9]}.{EMPLOYEE[9:]}",
    "until": (TODAY + timedelta(30)).isoformat(),
    "reason": "Uren 2023 verkeerd",
}


class Operator:
    """Someone in front of the page, with the rights that the test gives."""

    def __init__(self, app: FastAPI, reader: Visitor) -> None:
        self.gateway: Gateway = app.state.gateway
        self.reader = reader
        app.dependency_overrides[counted_visitor] = lambda: self.reader
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://fla")

    async def send(self, address: str = "/operator/access", **fields: str) -> httpx.Response:
        return await self.http.post(address, data={"csrf_token": masked("csrf"), **fields})

    async def page(self) -> str:
        answer = await self.http.get("/operator/access")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def rows(self, statement: str) -> list[Any]:
        async with transaction(self.gateway.engine) as connection:
            return [tuple(row) for row in await driver(connection).fetch(statement)]


@pytest.fixture(scope="module")
async def app(new_database: Callable[[], str]) -> AsyncIterator[FastAPI]:
    url = await migrated("gateway", new_database())
    key: Any = base64.b64encode(b"k" * 32).decode()
    secrets: dict[str, Any] = {"gateway_database_url": url, "vault_key": key, "internal_key": INTERNAL_KEY}
    made = build(GatewaySettings(_env_file=None, public_url="http://fla", **secrets))
    yield made
    await made.state.gateway.engine.dispose()


@pytest.fixture
async def operator(app: FastAPI) -> Operator:
    gateway: Gateway = app.state.gateway
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        await raw.execute("truncate reopened_access, audit_log")
        numbers = (EMPLOYEE, STRANGER, OPERATOR)
        ids = await gateway.persons.ensure(raw, [NewPerson(ssin) for ssin in numbers])
        now = datetime.now(UTC)
        names = [
            NameGiven(ids[EMPLOYEE], HERE, Name("Amina", "Haddad"), "test", now),
            NameGiven(ids[OPERATOR], SIGN_IN, Name("David", "Martin"), "test", now),
        ]
        await give(raw, names)
        gone = examples.employment("gone", ids[EMPLOYEE], enterprise=HERE, end="2024-05-31")
        await follow_employments(Work(raw, datetime.now(UTC)), [gone])
    session = Session("token", ids[OPERATOR], None, "csrf", "David Martin")
    return Operator(app, Visitor(Language.ENGLISH, session, (Grant(Role.OPERATOR, None),)))


async def test_a_person_is_opened_again_and_closed_before_the_day(operator: Operator) -> None:
    assert "Nobody was opened again." in await operator.page()
    assert notice_of(await operator.send(**RIGHT), INTERNAL_KEY) == ("accessReopened", {})
    page = await operator.page()
    for told in (
        "Uren 2023 verkeerd",
        "David Martin",
        f"{EMPLOYEE[:2]}.{EMPLOYEE[2:4]}.{EMPLOYEE[4:6]}-***.**",
        "Still open",
    ):
        assert told in page
    assert EMPLOYEE not in page and "Haddad" not in page
    [(enterprise, until)] = await operator.rows("select enterprise, until from reopened_access")
    assert (enterprise, until) == (HERE, date.fromisoformat(RIGHT["until"]))
    address = re.search(r'action="(/operator/access/[^"]+/withdraw)"', page)
    assert address is not None
    for _ in range(2):
        assert notice_of(await operator.send(address[1]), INTERNAL_KEY) == ("accessWithdrawn", {})
    assert "Withdrawn" in await operator.page()
    log = await operator.rows("select action, party, details->>'reason' from audit_log order by id")
    assert log == [("access opened again", HERE, "Uren 2023 verkeerd"), ("access closed again", HERE, None)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("enterpriseNumber", ""),
        ("enterpriseNumber", "1999010346"),
        ("ssin", "85073003329"),
        ("until", ""),
        ("until", "2026-02-30"),
        ("until", (TODAY - timedelta(2)).isoformat()),
        ("until", (TODAY + timedelta(92)).isoformat()),
        ("reason", "x"),
        ("reason", "x" * 501),
        ("reason", "zie\x85brief"),
        ("reason", "zie 85.07.30-033.28"),
        # Nobody's number, somebody who never worked there, and an enterprise that never employed the person.
        ("ssin", "85073003328"),
        ("ssin", STRANGER),
        ("enterpriseNumber", ELSEWHERE),
    ],
)
async def test_what_is_wrong_is_told_at_its_place_and_nothing_opens(operator: Operator, field: str, value: str) -> None:
    answer = await operator.send(**RIGHT | {field: value})
    at = "ssin" if value == ELSEWHERE else field
    assert answer.status_code == 422
    assert re.findall(r'id="field-(\w+)-error"', answer.text) == [at]
    assert "Uren 2023 verkeerd" in answer.text or field == "reason"
    assert await operator.rows("select from reopened_access") == []


async def test_only_an_operator_opens_access(operator: Operator) -> None:
    operator.reader = replace(operator.reader, grants=(Grant(Role.EMPLOYER_WRITE, HERE),))
    assert (await operator.http.get("/operator/access")).status_code == 403
    assert (await operator.send(**RIGHT)).status_code == 403
    assert (await operator.send("/operator/access/018f0000-0000-7000-8000-000000000001/withdraw")).status_code == 403
    assert await operator.rows("select from reopened_access") == []
