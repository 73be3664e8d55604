"""The page of one employee shows every training of its year, and every line of the ledger has its title."""

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import msgspec
import pytest

from services.gateway.questions import Questions
from services.gateway.web.employees.employee import MOST_IDS, _titles, _trainings_of_year
from services.gateway.web.kit.access import EnterpriseAccess
from shared.access.scope import ActorKind, Scope
from shared.contracts.answers.entitlements import Ledger
from shared.identifiers import derived_id

NUMBER = "1999010345"
ENTERPRISE = cast("EnterpriseAccess", SimpleNamespace(number=NUMBER, scope=Scope(ActorKind.PERSON, "someone")))
EMPLOYMENT = uuid4()
STATE = {
    "employment": str(EMPLOYMENT), "version": 1, "person": str(uuid4()), "enterprise": NUMBER, "sender": NUMBER,
    "startDate": "2020-01-01", "terms": [], "cancelled": False, "recordedAt": "2026-01-01T00:00:00+00:00",
    "balanceVersion": 1,
}  # fmt: skip
YEAR = {
    "granted": "5", "carriedOver": "0", "charged": "0", "reserved": "0", "lost": "0", "balance": "5", "available": "5",
    "year": 2026, "incomplete": False,
}  # fmt: skip


def identifier(year: int, serial: int) -> str:
    return derived_id("training", year, serial)


def line(identifier: str, day: date) -> dict[str, Any]:
    return {
        "training": identifier, "version": 1, "person": str(uuid4()), "enterprise": NUMBER, "sender": NUMBER,
        "registeredBy": "employer", "receivedAt": "2026-01-01T00:00:00+00:00",
        "recordedAt": "2026-01-01T00:00:00+00:00", "title": f"Title of {identifier}", "startDate": day.isoformat(),
        "endDate": day.isoformat(), "minutes": 60, "status": "completed", "kind": "formal", "context": "professional",
        "rightType": "legal",
    }  # fmt: skip


class Dashboard:
    """Answers as the dashboard service does: pages of the trainings of a year, or those of these ids."""

    def __init__(self, trainings: list[dict[str, Any]]) -> None:
        self.trainings = trainings
        self.asked: list[dict[str, Any]] = []

    async def get(self, service: str, path: str, scope: Scope, parameters: dict[str, Any], answer: Any) -> Any:
        asked = {name: value for name, value in parameters.items() if value is not None}
        assert (service, path, scope) == ("dashboard", f"/internal/enterprises/{NUMBER}/trainings", ENTERPRISE.scope)
        self.asked.append(asked)
        if ids := asked.get("training"):
            assert len(ids) <= 100
            found = [one for one in self.trainings if one["training"] in ids]
        else:
            assert asked["employment"] == EMPLOYMENT
            found = [one for one in self.trainings if one["startDate"].startswith(str(asked["year"]))]
        size, at = asked["pageSize"], asked.get("page", 1)
        sums = {"trainings": len(found), "minutes": 60 * len(found)}
        page = {"items": found[(at - 1) * size : at * size], "page": at, "pageSize": size, "total": len(found)}
        return msgspec.json.decode(json.dumps(page | {"totals": sums}), type=answer)


def of_year(year: int, many: int) -> list[dict[str, Any]]:
    return [line(identifier(year, serial), date(year, 1, 1) + timedelta(serial % 365)) for serial in range(many)]


@pytest.mark.parametrize("many", [0, 1, 499, 500, 501, 1_234])
async def test_all_trainings_of_the_year_are_shown(many: int) -> None:
    dashboard = Dashboard([*of_year(2026, many), *of_year(2025, 700)])
    found = await _trainings_of_year(Questions(cast("Any", dashboard)), ENTERPRISE, EMPLOYMENT, 2026)
    assert [one.training for one in found] == [identifier(2026, serial) for serial in range(many)]
    assert len(dashboard.asked) == max(1, -(-many // 500))


async def test_a_line_about_a_training_that_moved_to_another_year_still_names_it() -> None:
    dashboard = Dashboard([*of_year(2026, 3), *of_year(2025, 250)])
    questions = Questions(cast("Any", dashboard))
    shown = await _trainings_of_year(questions, ENTERPRISE, EMPLOYMENT, 2026)
    booked = [identifier(2026, serial) for serial in range(3)] + [identifier(2025, serial) for serial in range(250)]
    lines = [
        {"figure": "charged", "date": "2026-01-05", "kind": "charge", "amount": "-1", "rule": "charge.ofTraining",
         "ruleVersion": 1, "inputs": {}, "cause": one, "recordedAt": "2026-01-05T00:00:00+00:00", "training": one,
         "year": 2026, "id": 1}
        for one in booked
    ]  # fmt: skip
    told = {"employment": STATE, "years": [YEAR | {"lines": lines}], "periods": []}
    ledger = msgspec.convert(told, Ledger, strict=False)
    titles = await _titles(questions, ENTERPRISE, ledger, shown, 2026)
    assert titles == {one: f"Title of {one}" for one in booked}
    assert [len(asked["training"]) for asked in dashboard.asked if "training" in asked] == [MOST_IDS, MOST_IDS, 50]
