"""The gateway and the services agree on every internal question, and on every field of every answer.

Lost: a page that fails because a field was renamed on one side only, or a question that no service answers any more.
"""

import inspect
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast, get_args
from uuid import UUID

import httpx
import msgspec
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from services.gateway.questions import HttpTransport, Questions
from services.gateway.questions.service import ServiceQuestions
from shared.access.scope import system_scope
from shared.contracts import training_submissions
from shared.identifiers import new_id
from tests.support.numbers import ssin
from tests.support.product_in_process import InProcessTransport, Product, product

SERVICES = ("registration", "entitlements", "dashboard")
SCOPE = system_scope("test")
BAKERY, PERSON, YEAR = "1999010345", ssin(940), 2025
CALLS = {
    (service, name)
    for service, client in Questions(HttpTransport({}, None)).services.items()  # type: ignore[arg-type]
    if service in SERVICES
    for name, _ in inspect.getmembers(client, inspect.ismethod)
    if not name.startswith("_")
}


class Strict:
    """Passes questions on to the services' own apps, and lets no answer pass that its type does not know whole."""

    def __init__(self, transport: HttpTransport) -> None:
        self._transport = transport
        self.asked: set[tuple[str, str, str]] = set()

    async def get(self, service: str, path: str, scope: Any, parameters: Any, answer: Any) -> Any:
        self.asked.add((service, "GET", path))
        return self._whole(answer, await self._transport.get(service, path, scope, parameters, msgspec.Raw))

    async def post(self, service: str, path: str, scope: Any, body: bytes, answer: Any, *, acts: bool = False) -> Any:
        self.asked.add((service, "POST", path))
        return self._whole(answer, await self._transport.post(service, path, scope, body, msgspec.Raw, acts=acts))

    @staticmethod
    def _whole(type_: Any, content: msgspec.Raw | None) -> Any:
        assert content is not None, "nothing was answered"
        answer = msgspec.json.decode(content, type=type_)
        assert json.loads(msgspec.json.encode(answer)) == json.loads(bytes(content))
        return answer

    def stream(self, *_: Any) -> Any:
        raise AssertionError("a stream has no answer")

    async def close(self) -> None:
        await self._transport.close()


class Recorded:
    """What a client sends: method, path and the names of parameters; nothing is answered."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, set[str]]] = []

    async def get(self, _service: str, path: str, _scope: Any, parameters: Any, _answer: Any) -> Any:
        self.sent.append(("GET", path, set(parameters)))

    async def post(self, _service: str, path: str, _scope: Any, body: bytes, _answer: Any, **_: Any) -> Any:
        self.sent.append(("POST", path, set(msgspec.json.decode(body))))

    def stream(self, _service: str, path: str, _scope: Any, parameters: Any) -> Any:
        self.sent.append(("GET", path, set(parameters)))


@pytest.fixture(scope="module")
async def fla(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    folder: Path = tmp_path_factory.mktemp("product")
    async with product(new_database, folder) as running:
        await running.has_enterprise(BAKERY, "bakery")
        async with running.software("bakery") as software:
            await _declare(software)
        for service in SERVICES:
            await running.execute(
                "insert into parked (topic, partition, \"offset\", key, value, error) values ('t', 0, 7, 'k', '', 'e')",
                service=service,
            )
        await running.execute(
            "insert into recalculation (id, enterprise, reason, cause, requested_at, total, done) "
            "values ($1, $2, 'rules', $1, now(), 3, 1)",
            new_id(), BAKERY, service="entitlements",
        )  # fmt: skip
        yield running


async def _declare(software: httpx.AsyncClient) -> None:
    async def sends(path: str, **fields: Any) -> str:
        answer = await software.post(path, json=fields)
        assert answer.status_code in (200, 201), answer.text
        return answer.headers.get("location", "")

    quarter = {"year": 2023, "quarter": 1, "fullTimeEquivalents": "24.5", "heads": 26}
    size = {"basis": "stated", "workers": "25", "validFrom": "2020-01-01"}
    terms = [{"validFrom": "2020-01-01", "jointCommittee": "200", "workingTime": "0.8"}]
    whose: dict[str, Any] = {"enterpriseNumber": BAKERY, "ssin": PERSON}
    brood: dict[str, Any] = {
        "title": "Brood", "startDate": "2025-05-05", "endDate": "2025-05-05", "duration": "PT7H36M", "theme": "06",
        "provider": {"name": "VDAB", "enterpriseNumber": "0887010362"}, "modality": "online",
        "description": "Zuurdesem",
        "certificate": {"awarded": True, "validUntil": "2027-06-30"}, "chargedDuration": "PT3H48M", "kind": "informal",
    }  # fmt: skip
    known = {"sizes": [size], "quarters": [quarter], "optOuts": [{"validFrom": "2031-01-01"}]}
    await sends("/enterprises", enterpriseNumber=BAKERY, name="Bakkerij", jointCommittees=["200"], **known)
    first = {"startDate": "2020-01-01", "endDate": "2025-10-31", "endReason": "resignation", "terms": terms}
    await sends("/employments", **whose, reference="E1", **first)
    again = {"startDate": "2025-12-01", "terms": [terms[0] | {"validFrom": "2025-12-01"}]}
    await sends("/employments", **whose, reference="E2", **again)
    training = await sends("/trainings", **whose, reference="T1", **brood)
    await sends("/trainings", **whose, reference="T2", **brood)
    await sends("/trainings", **whose, reference="T3", title="Taart", startDate="2025-06-05", endDate="2025-06-05",
                duration="PT1H")  # fmt: skip
    corrected = await software.put(
        training.removeprefix("/api/v1"), json=brood | {"reason": "Typed wrong", "title": "B"}
    )
    assert corrected.status_code in (200, 201), corrected.text
    await sends("/enterpriseEntitlements", enterpriseNumber=BAKERY, year=YEAR, days="8", reason="Own agreement")
    await sends(
        "/entitlements", **whose, employmentReference="E1", reference="F1", year=YEAR, days="7", reason="Own agreement"
    )


@pytest.fixture(scope="module")
async def ids(fla: Product) -> dict[str, UUID]:
    """What the questions are about."""
    [person] = await fla.fetch("select id from person")
    [training] = await fla.fetch("select id from training where title = 'Brood'", service="dashboard")
    [employment] = await fla.fetch("select id from employment where end_date is not null", service="dashboard")
    page = await Questions(InProcessTransport(fla.apps)).entitlements.overrides(SCOPE, BAKERY)
    assert page is not None
    named = {"person": person["id"], "training": training["id"], "employment": employment["id"]}
    for_all = await Questions(InProcessTransport(fla.apps)).entitlements.enterprise_overrides(SCOPE, BAKERY)
    assert for_all is not None
    figures = {"entitlement": page.items[0].entitlement, "for_all": for_all.items[0].entitlement}
    return named | {name: UUID(id_) for name, id_ in figures.items()}


async def test_every_answer_is_known_whole(fla: Product, ids: dict[str, UUID]) -> None:
    """Every method but the stream's is asked of the services, with data in them."""
    strict = Strict(InProcessTransport(fla.apps))
    questions = Questions(strict)
    registration, entitlements, dashboard = questions.registration, questions.entitlements, questions.dashboard
    employment, training = ids["employment"], ids["training"]
    about: dict[str, Any] = {"title": "Brood", "start_date": "2025-05-05", "end_date": "2025-05-05", "minutes": 456}
    persons = [str(ids["person"])]
    asked: dict[tuple[str, str], Awaitable[Any]] = {
        ("registration", "training"): registration.training(SCOPE, training),
        ("registration", "trainings"): registration.trainings(SCOPE, [str(training)]),
        ("registration", "doubles"): registration.doubles(SCOPE, enterprise=BAKERY, persons=persons, **about),
        ("entitlements", "arrangement"): entitlements.arrangement(SCOPE, enterprise=BAKERY),
        ("entitlements", "general_rule"): entitlements.general_rule(SCOPE),
        ("entitlements", "joint_committees"): entitlements.joint_committees(SCOPE),
        ("entitlements", "enterprise"): entitlements.enterprise(SCOPE, BAKERY),
        ("entitlements", "employments"): entitlements.employments(SCOPE, BAKERY, page_size=1),
        ("entitlements", "employment"): entitlements.employment(SCOPE, employment),
        ("entitlements", "ledger"): entitlements.ledger(SCOPE, employment),
        ("entitlements", "overrides"): entitlements.overrides(SCOPE, BAKERY, year=YEAR),
        ("entitlements", "override"): entitlements.override(SCOPE, ids["entitlement"]),
        ("entitlements", "enterprise_overrides"): entitlements.enterprise_overrides(SCOPE, BAKERY, year=YEAR),
        ("entitlements", "enterprise_override"): entitlements.enterprise_override(SCOPE, ids["for_all"]),
        ("entitlements", "what_if"): entitlements.what_if(
            SCOPE, {"employment": str(employment), "workingTime": "0.5", "asOf": "2025-12-31"}
        ),
        ("entitlements", "override_effects"): entitlements.override_effects(
            SCOPE,
            {
                "enterprise": BAKERY,
                "employments": [str(employment)],
                "year": YEAR,
                "basis": "resultingDays",
                "days": "6",
                "reason": "agreed",
            },
        ),
        ("entitlements", "recalculations"): entitlements.recalculations(SCOPE),
        ("dashboard", "enterprises"): dashboard.enterprises(SCOPE, YEAR),
        ("dashboard", "enterprise"): dashboard.enterprise(SCOPE, BAKERY),
        ("dashboard", "summary"): dashboard.summary(SCOPE, BAKERY, YEAR),
        ("dashboard", "trainings"): dashboard.trainings(SCOPE, BAKERY),
        ("dashboard", "employees"): dashboard.employees(SCOPE, BAKERY, YEAR),
        ("dashboard", "employee_ids"): dashboard.employee_ids(SCOPE, BAKERY, YEAR),
        ("dashboard", "employment"): dashboard.employment(SCOPE, employment),
        ("dashboard", "person"): dashboard.person(SCOPE, ids["person"]),
        ("dashboard", "totals"): dashboard.totals(SCOPE),
    }
    declared = next(json.loads(one.value) for one in fla.pump.sent if one.topic == training_submissions.TOPIC)
    declared["data"] |= {"training": new_id(), "reference": "T9", "item": declared["data"]["item"] | {"id": new_id()}}
    for service in SERVICES:
        client = questions.services[service]
        asked |= {
            (service, "status"): client.status(SCOPE),
            (service, "parked"): client.parked(SCOPE),
            (service, "release"): client.release(SCOPE, "t", "k"),
            (service, "drop"): client.drop(SCOPE, "t", "k", "Never of use"),
        }
    answers = {name: await question for name, question in asked.items()}
    answers["registration", "rehearse"] = await registration.rehearse(
        SCOPE, training_submissions.TOPIC, [json.dumps(declared).encode()]
    )

    streams_and_others = {("dashboard", "changes"), ("entitlements", "rehearse"), ("dashboard", "rehearse")}
    assert set(answers) == CALLS - streams_and_others
    lists = [
        (name, field)
        for name, answer in answers.items()
        for field in ("items", "versions", "years", "balances", "now", "lines", "decisions")
        if getattr(answer, field, None) == []
    ]
    assert lists == [], "a list without items says nothing about them"


def _routes(fla: Product, service: str) -> dict[tuple[str, str], APIRoute]:
    """A service's internal routes by method and path."""
    return {
        (method, str(found.path)): cast("APIRoute", found.original_route)
        for found in iter_route_contexts(fla.apps[service].routes)
        if str(found.path).startswith("/internal")
        for method in found.methods or ()
    }


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", template), path) is not None


def _understood(route: APIRoute) -> set[str]:
    """The names of a route's parameters: of its query, or of the fields of its body."""
    names = {parameter.alias for parameter in route.dependant.query_params}
    for body in route.dependant.body_params:
        fields: dict[str, Any] = body.field_info.annotation.model_fields  # type: ignore[union-attr]
        names |= {field.alias or name for name, field in fields.items()}
    return names


async def _sent(service: str, name: str) -> tuple[str, str, set[str]]:
    """What a method sends when it is given everything that it takes."""
    recorded = Recorded()
    client: ServiceQuestions = Questions(recorded).services[service]  # type: ignore[arg-type]
    method = getattr(client, name)
    given = {one.name: _sample(one.name, one.annotation) for one in inspect.signature(method).parameters.values()}
    found = method(**given)
    if inspect.isawaitable(found):
        await found
    [sent] = recorded.sent
    return sent


def _sample(name: str, annotation: Any) -> Any:
    if name == "scope":
        return SCOPE
    types = get_args(annotation) or (annotation,)
    if name == "supposed":
        return {"employment": "x"}
    if name == "override":
        return {"employments": ["x"]}
    if name in ("numbers", "persons", "trainings", "events", "employments"):
        return [b"{}"] if name == "events" else ["x"]
    return (
        BAKERY
        if name in ("number", "enterprise")
        else 1
        if int in types
        else True
        if bool in types
        else str(UUID(int=1))
    )


@pytest.mark.parametrize(("service", "name"), sorted(CALLS))
async def test_a_question_is_one_that_the_service_answers(fla: Product, service: str, name: str) -> None:
    """Method, path, and every parameter that is sent."""
    method, path, parameters = await _sent(service, name)
    [route] = [
        route for (of, template), route in _routes(fla, service).items() if of == method and _matches(template, path)
    ]
    assert parameters <= _understood(route)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_route_is_there_that_nobody_can_ask(fla: Product, service: str) -> None:
    sent = [await _sent(of, name) for of, name in CALLS if of == service]
    routes = set(_routes(fla, service))
    asked = {
        (of, template)
        for of, template in routes
        for method, path, _ in sent
        if of == method and _matches(template, path)
    }
    assert routes and routes == asked
