"""The services behind the gateway: they verify the token they are shown, answer in its scope, and remember."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from shared.access.internal_tokens import InternalTokenError, InternalTokens
from shared.access.scope import Role, Scope
from shared.contracts.answers import dashboard, entitlements, registration, service
from tests.support.access.places import Place
from tests.support.answering import whole_json

DAY = "2026-03-02"
MOMENT = "2026-03-02T09:00:00+00:00"
FIGURES = ("granted", "carriedOver", "charged", "reserved", "lost", "balance", "available")
CREDIT = dict.fromkeys(FIGURES, "1") | {"incomplete": False}
NOTHING = {"items": [], "others": {"trainings": 0, "minutes": 0}}
OPEN_TO_ANYONE = ("/internal/jointCommittees", "/internal/arrangement", "/internal/generalRule")


@dataclass(frozen=True)
class Asked:
    """One question, and as whom it was asked."""

    service: str
    method: str
    path: str
    scope: Scope


class NotThereError(Exception):
    """404."""


class Behind:
    """Registration, entitlements and dashboard in one. Nothing is told outside of the scope: it is not there (404)."""

    def __init__(self, tokens: InternalTokens, places: Iterable[Place]) -> None:
        self._tokens = tokens
        self._of_number: dict[str, Place] = {}
        self._of_id: dict[str, Place] = {}
        self.asked: list[Asked] = []
        self.changes: Callable[[], AsyncIterator[bytes]] = _one_change
        self.unsigned: list[str] = []
        self.add(places)

    def add(self, places: Iterable[Place]) -> None:
        for place in places:
            self._of_number[place.number] = place
            self._of_id |= dict.fromkeys((place.employment, place.training, place.entitlement, place.for_all), place)

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def told_of_someone(self) -> list[Asked]:
        """The questions about anything that is not open to anyone."""
        return [asked for asked in self.asked if asked.path not in OPEN_TO_ANYONE]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        try:
            scope = self._tokens.verify_header(request.headers.get("authorization"))
        except InternalTokenError:
            self.unsigned.append(path)
            return httpx.Response(401)
        self.asked.append(Asked(request.url.host, request.method, path, scope))
        if path == "/internal/changes":
            return self._stream(scope, dict(request.url.params))
        for pattern, type_, answer in _ANSWERS:
            if match := pattern.fullmatch(f"{request.url.host}{path}") or pattern.fullmatch(path):
                self._sent = request.content
                try:
                    told = answer(self, scope, *match.groups())
                except NotThereError:
                    return httpx.Response(404)
                if int(request.url.params.get("page", 1)) > 1:
                    told["items"] = []  # everything fits on one page
                return httpx.Response(200, content=json.dumps(whole_json(type_, told)))
        raise AssertionError(f"tests/support/access/behind.py has no answer to {request.method} {path}: add one")

    def _stream(self, scope: Scope, of: dict[str, str]) -> httpx.Response:
        seen = scope.allows_enterprise(of["enterprise"]) if "enterprise" in of else scope.allows_person(of["person"])
        return httpx.Response(200, content=self.changes()) if seen else httpx.Response(404)

    def _seen(self, scope: Scope, number: str) -> Place:
        if number not in self._of_number or not scope.allows_enterprise(number):
            raise NotThereError
        return self._of_number[number]

    def _seen_by_id(self, scope: Scope, id_: str) -> Place:
        if id_ not in self._of_id:
            raise NotThereError
        return self._seen(scope, self._of_id[id_].number)

    def doubles(self, _: Scope) -> Any:
        """Nobody has the training already."""
        return {"items": []}

    def summary(self, scope: Scope, number: str) -> Any:
        self._seen(scope, number)
        return {
            "years": [2026],
            "employees": {"employed": 1, "trained": 1},
            "completed": {"trainings": 1, "minutes": 60},
            "planned": {"trainings": 0, "minutes": 0},
            "credit": CREDIT | {"incomplete": 0},
            "byMonth": [{"month": "2026-03", "formalMinutes": 60, "informalMinutes": 0}],
            "byKind": [{"kind": "formal", "trainings": 1, "minutes": 60}],
            "byProvider": NOTHING,
            "byTheme": NOTHING,
        }

    def employees(self, scope: Scope, number: str) -> Any:
        place = self._seen(scope, number)
        item = {"employment": place.employment, "person": place.employee, "credit": CREDIT, "incomplete": False,
                "jointCommittee": "200", "fraction": "1", "startDate": DAY}  # fmt: skip
        return {"items": [item], "page": 1, "pageSize": 25, "total": 1}

    def employee_ids(self, scope: Scope, number: str) -> Any:
        place = self._seen(scope, number)
        return {"items": [[place.employment, place.employee]]}

    def trainings(self, scope: Scope, number: str) -> Any:
        place = self._seen(scope, number)
        item = {"training": place.training, "title": "First aid", "person": place.employee, "enterprise": number,
                "startDate": DAY, "endDate": DAY, "minutes": 60, "kind": "formal", "status": "completed",
                "recordedAt": MOMENT}  # fmt: skip
        totals = {"trainings": 1, "minutes": 60}
        return {"items": [item], "page": 1, "pageSize": 25, "total": 1, "totals": totals}

    def enterprises(self, scope: Scope) -> Any:
        assert scope.enterprises != "all"
        return {"items": [{"enterprise": n} for n in sorted(scope.enterprises)], "page": 1, "pageSize": 100,
                "total": len(scope.enterprises)}  # fmt: skip

    def enterprise(self, scope: Scope, number: str) -> Any:
        place = self._seen(scope, number)
        return {"enterprise": number, "name": place.name, "jointCommittees": ["200"], "sizes": [], "arrangements": []}

    def employment(self, scope: Scope, id_: str) -> Any:
        place = self._seen_by_id(scope, id_)
        terms = [{"validFrom": DAY, "jointCommittee": "200", "fraction": "1"}]
        return {"employment": place.employment, "enterprise": place.number, "person": place.employee, "version": 1,
                "startDate": DAY, "terms": terms, "others": [],
                "trainings": {"total": 0, "minutes": 0, "items": []}}  # fmt: skip

    def ledger(self, scope: Scope, id_: str) -> Any:
        place = self._seen_by_id(scope, id_)
        employment = {"employment": place.employment, "enterprise": place.number, "person": place.employee,
                      "startDate": DAY}  # fmt: skip
        return {"employment": employment, "years": [], "periods": []}

    def figures(self, scope: Scope, number: str) -> Any:
        return {"items": [_figure(self._seen(scope, number))], "page": 1, "pageSize": 100, "total": 1}

    def figure(self, scope: Scope, id_: str) -> Any:
        figure = _figure(self._seen_by_id(scope, id_))
        return {"entitlement": figure, "versions": [figure]}

    def figures_for_all(self, scope: Scope, number: str) -> Any:
        return {"items": [_for_all(self._seen(scope, number))], "page": 1, "pageSize": 100, "total": 1}

    def figure_for_all(self, scope: Scope, id_: str) -> Any:
        figure = _for_all(self._seen_by_id(scope, id_))
        return {"entitlement": figure, "versions": [figure]}

    def training(self, scope: Scope, id_: str) -> Any:
        place = self._seen_by_id(scope, id_)
        content = {"title": "First aid", "startDate": DAY, "endDate": DAY, "minutes": 60, "kind": "formal",
                   "status": "completed", "context": "professional", "rightType": "legal"}  # fmt: skip
        training = {"training": id_, "version": 1, "person": place.employee, "enterprise": place.number,
                    "content": content}  # fmt: skip
        version = {"version": 1, "change": "registered", "recordedAt": MOMENT, "actor": "client:payroll",
                   "registeredBy": "employer", "content": content, "person": place.employee}  # fmt: skip
        return {"training": training, "versions": [version]}

    def trainings_then(self, scope: Scope) -> Any:
        """Those of the trainings asked for that are in the scope, as they were known."""
        found = []
        for id_ in json.loads(self._sent)["ids"]:
            with suppress(NotThereError):
                found.append(self.training(scope, id_)["training"] | {"change": "registered", "recordedAt": MOMENT})
        return {"items": found}

    def employment_itself(self, scope: Scope, id_: str) -> Any:
        return self.employment(scope, id_) | {"years": []}

    def what_if(self, scope: Scope) -> Any:
        self._seen_by_id(scope, json.loads(self._sent)["employment"])
        return {"asOf": DAY, "now": [], "then": [], "lines": []}

    def person(self, scope: Scope, id_: str) -> Any:
        if not scope.allows_person(id_):
            raise NotThereError
        return {"trainings": {"items": [], "total": 0}, "employments": []}

    def status(self, scope: Scope) -> Any:
        _operator(scope)
        return {"health": {"status": "UP", "details": {}}, "outbox": {"rows": 0}, "topics": []}

    def parked(self, scope: Scope) -> Any:
        _operator(scope)
        return {"items": []}

    def to_anyone(self, _: Scope) -> Any:
        return {"items": []}


async def _one_change() -> AsyncIterator[bytes]:
    yield b"event: changed\ndata: {}\n\n"


def _operator(scope: Scope) -> None:
    if not scope.has_role(Role.OPERATOR):
        raise NotThereError


def _figure(place: Place) -> dict[str, Any]:
    return {"entitlement": place.entitlement, "version": 1, "enterprise": place.number, "person": place.employee,
            "employment": place.employment, "year": 2026, "basis": "resultingDays", "days": "5",
            "validFrom": "2026-01-01", "validUntil": "2026-12-31", "reason": "agreed",
            "cancelled": False}  # fmt: skip


def _for_all(place: Place) -> dict[str, Any]:
    """Make its own figure for everybody, which is nobody's in particular."""
    own = {name: value for name, value in _figure(place).items() if name not in ("person", "employment")}
    return own | {"entitlement": place.for_all}


_ENTERPRISE, _ID = r"/internal/enterprises/(\d{10})", "([0-9a-f-]{36})"
_OPEN = (entitlements.JointCommittees, entitlements.ArrangementLookUp, entitlements.GeneralRule)
_ANSWERS: list[tuple[re.Pattern[str], type, Callable[..., Any]]] = [
    (re.compile(pattern), type_, answer)
    for pattern, type_, answer in (
        (f"{_ENTERPRISE}/summary", dashboard.Summary, Behind.summary),
        (f"{_ENTERPRISE}/employees", dashboard.EmployeePage, Behind.employees),
        (f"{_ENTERPRISE}/employees/ids", dashboard.EmployeeIds, Behind.employee_ids),
        (f"{_ENTERPRISE}/trainings", dashboard.TrainingPage, Behind.trainings),
        (f"{_ENTERPRISE}/entitlements", entitlements.OverridePage, Behind.figures),
        (f"{_ENTERPRISE}/enterpriseEntitlements", entitlements.EnterpriseOverridePage, Behind.figures_for_all),
        (f"/internal/enterpriseEntitlements/{_ID}", entitlements.EnterpriseOverrideVersions, Behind.figure_for_all),
        (_ENTERPRISE, entitlements.Enterprise, Behind.enterprise),
        ("/internal/enterprises", dashboard.EnterprisePage, Behind.enterprises),
        ("/internal/trainings/query", registration.Trainings, Behind.trainings_then),
        ("/internal/what-if", entitlements.WhatIf, Behind.what_if),
        (f"entitlements/internal/employments/{_ID}", entitlements.Employment, Behind.employment_itself),
        (f"/internal/employments/{_ID}/ledger", entitlements.Ledger, Behind.ledger),
        (f"/internal/employments/{_ID}", dashboard.Employment, Behind.employment),
        (f"/internal/entitlements/{_ID}", entitlements.OverrideVersions, Behind.figure),
        ("/internal/trainings/doubles", registration.Trainings, Behind.doubles),
        (f"/internal/trainings/{_ID}", registration.TrainingHistory, Behind.training),
        (f"/internal/persons/{_ID}", dashboard.PersonAccount, Behind.person),
        ("/internal/status", service.ServiceStatus, Behind.status),
        ("/internal/parked(?:/release|/drop)?", service.ParkedKeys, Behind.parked),
        *((path, type_, Behind.to_anyone) for path, type_ in zip(OPEN_TO_ANYONE, _OPEN, strict=True)),
    )
]
