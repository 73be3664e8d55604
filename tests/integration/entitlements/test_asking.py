"""What people would lose: an answer to "why is this balance 3.2 days?", or the certainty that nobody else gets one."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.entitlements.domain.arrangements.rows import ArrangementSet
from services.entitlements.queries import ROUTERS
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ActorKind, Scope
from tests.support.entitlements import (
    ENTERPRISE,
    OTHER_ENTERPRISE,
    Entitlements,
    Submissions,
    employment_id,
    person,
    size,
    terms,
    training,
)

KEY = "a key that only these tests know, long enough"
EMPLOYER = Scope(ActorKind.PERSON, person(99), enterprises=frozenset({ENTERPRISE}))
OTHER_EMPLOYER = Scope(ActorKind.PERSON, person(98), enterprises=frozenset({OTHER_ENTERPRISE}))
EMPLOYEE = Scope(ActorKind.PERSON, person(), person=person())
OTHER_EMPLOYEE = Scope(ActorKind.PERSON, person(1), person=person(1))
ANYBODY = Scope(ActorKind.PERSON, person(97))


class Asker:
    """Asks as the gateway does: with the scope signed into the request."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._tokens = InternalTokens(KEY)

    async def get(self, scope: Scope, path: str, status: int = 200, **query: Any) -> Any:
        headers = self._tokens.authorization(scope)
        return self._checked(await self._client.get(f"/internal/{path}", headers=headers, params=query), status)

    async def post(self, scope: Scope, path: str, status: int = 200, **body: Any) -> Any:
        headers = self._tokens.authorization(scope)
        return self._checked(await self._client.post(f"/internal/{path}", headers=headers, json=body), status)

    async def without_token(self, path: str) -> int:
        return (await self._client.get(f"/internal/{path}")).status_code

    @staticmethod
    def _checked(answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, answer.text
        return answer.json()


@pytest.fixture
async def asker(service: Entitlements, declared: Submissions) -> AsyncIterator[Asker]:
    class Messaging:
        engine = service.engine

    app = FastAPI()
    app.state.messaging = Messaging()
    app.state.internal_tokens = InternalTokens(KEY)
    app.state.rules = service.rules
    for router in ROUTERS:
        app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://entitlements") as client:
        await service.receives(
            declared.enterprise(size("25"), jointCommittees=["106.01", "999"]),
            declared.employment(),
            declared.employment("E2", person=person(1), startDate="2026-01-01", terms=[terms("2026-01-01", "0.5")]),
        )
        await service.receives(training(minutes=228))
        yield Asker(client)


LEDGER = f"employments/{employment_id()}/ledger"


async def test_every_figure_is_explained_by_lines_that_add_up_to_it(asker: Asker) -> None:
    answer = await asker.get(EMPLOYER, LEDGER)
    assert answer["employment"]["terms"] == [terms("2025-01-01")]
    assert [year["year"] for year in answer["years"]] == [2025, 2026]
    year = answer["years"][1]
    assert (year["granted"], year["carriedOver"], year["charged"], year["available"]) == (
        "5.000000", "5.000000", "0.500000", "9.500000",
    )  # fmt: skip
    assert sum(Decimal(line["amount"]) for line in year["lines"]) == Decimal(year["available"])
    charge = next(line for line in year["lines"] if line["kind"] == "charge")
    assert charge["inputs"] == {
        "minutes": 228, "days": 1, "ofDays": 1, "hoursPerDay": "7.6", "trainingVersion": 1,
    }  # fmt: skip
    assert (charge["rule"], charge["date"]) == ("charge.ofTraining", "2026-02-02")
    assert charge["cause"] and charge["recordedAt"]


async def test_the_ledger_as_it_was_known_on_a_day(asker: Asker, service: Entitlements) -> None:
    service.now = datetime(2026, 4, 1, 12, tzinfo=UTC)
    await service.receives(training("T2"))
    (now,) = [year for year in (await asker.get(EMPLOYER, LEDGER))["years"] if year["year"] == 2026]
    before = await asker.get(EMPLOYER, LEDGER, knownOn="2026-03-31")
    (then,) = [year for year in before["years"] if year["year"] == 2026]
    assert (then["charged"], now["charged"]) == ("0.500000", "1.500000")
    assert (await asker.get(EMPLOYER, LEDGER, knownOn="2024-01-01"))["years"] == []


async def test_a_ledger_as_known_on_a_day_has_the_contract_that_was_known_then(
    asker: Asker, service: Entitlements, declared: Submissions
) -> None:
    """Not what holds for that day: a contract that was declared later is not there, whenever it began."""
    service.now = datetime(2026, 4, 10, 22, 30, tzinfo=UTC)  # 11 April in Brussels
    half_time = [terms("2025-01-01", "0.5")]
    await service.receives(declared.employment(change=True, endDate="2026-12-31", terms=half_time, reason="half time"))
    for day, version, fraction, granted in (("2026-04-10", 1, "1", "5.000000"), ("2026-04-11", 2, "0.5", "2.500000")):
        known = await asker.get(EMPLOYER, LEDGER, knownOn=day)
        employment = known["employment"]
        assert (employment["version"], employment["terms"][0]["fraction"]) == (version, fraction)
        assert ("endDate" in employment, known["years"][1]["granted"]) == (version == 2, granted)
    nothing = await asker.get(EMPLOYER, LEDGER, knownOn="2024-01-01")
    assert (nothing["years"], "endDate" in nothing["employment"]) == ([], False)


async def test_five_years_with_less_training_than_right_are_warned_about_once_they_are_over(
    asker: Asker, service: Entitlements
) -> None:
    """Hired on 1 January 2025: 25 days in five years, of which one and a half were used."""
    service.now = datetime(2029, 12, 31, 12, tzinfo=UTC)
    await service.looks_at_the_calendar()
    await service.receives(training("T2"))
    [period] = (await asker.get(EMPLOYER, LEDGER))["periods"]
    assert (period["startDate"], period["endDate"]) == ("2025-01-01", "2029-12-31")
    assert (period["granted"], period["charged"], period["missing"]) == ("25.000000", "1.500000", "23.500000")
    [then] = (await asker.get(EMPLOYER, LEDGER, knownOn="2029-12-30"))["periods"]
    assert (then["charged"], then["warning"]) == ("0.500000", False)


async def test_what_becomes_of_the_rest_of_someone_who_left(
    asker: Asker, service: Entitlements, declared: Submissions
) -> None:
    assert "restAtEnd" not in (await asker.get(EMPLOYEE, LEDGER))["employment"]
    for reason, rest in ((None, "undecided"), ("indemnity", "openCredit"), ("resignation", "lost")):
        await service.receives(
            declared.employment(change=True, endDate="2026-02-28", **({"endReason": reason} if reason else {}))
        )
        assert (await asker.get(EMPLOYEE, LEDGER))["employment"]["restAtEnd"] == rest


@pytest.mark.parametrize("path", [LEDGER, f"employments/{employment_id()}"])
async def test_a_ledger_is_for_its_employer_and_its_employee_only(asker: Asker, path: str) -> None:
    assert (await asker.get(EMPLOYEE, path))["years"]
    for scope in (OTHER_EMPLOYER, OTHER_EMPLOYEE, ANYBODY):
        await asker.get(scope, path, status=404)
    assert await asker.without_token(path) == 401


async def test_an_employers_list_has_its_own_people_only(asker: Asker) -> None:
    path = f"enterprises/{ENTERPRISE}/employments"
    first = await asker.get(EMPLOYER, path, pageSize=1)
    second = await asker.get(EMPLOYER, path, pageSize=1, after=first["next"])
    found = {one["employment"]: one for one in first["items"] + second["items"]}
    assert found.keys() == {employment_id("E1"), employment_id("E2")}
    assert "next" not in second
    assert found[employment_id("E2")]["years"][0]["granted"] == "2.500000"
    assert (await asker.get(OTHER_EMPLOYER, path))["items"] == []
    assert [one["person"] for one in (await asker.get(EMPLOYEE, path))["items"]] == [person()]


async def test_an_enterprise_with_its_sizes_and_what_applies_to_it(asker: Asker) -> None:
    answer = await asker.get(EMPLOYER, f"enterprises/{ENTERPRISE}", on="2026-03-01")
    assert answer["sizes"] == [size("25")]
    assert answer["size"] == {"workers": "25", "origin": "stated"}
    assert [(one["jointCommittee"], one["days"], one["reason"]) for one in answer["arrangements"]] == [
        ("106.01", "3", "ownJointCommittee"), ("999", "5", "base"),
    ]  # fmt: skip
    await asker.get(OTHER_EMPLOYER, f"enterprises/{ENTERPRISE}", status=404)


async def test_anyone_may_look_up_an_arrangement(asker: Asker) -> None:
    answer = await asker.get(ANYBODY, "arrangement", jointCommittee="1060100", size="25", on="2026-03-01", status=200)
    (found,) = answer["items"]
    assert (found["jointCommittee"], found["parameters"]["decidedBy"]) == ("106.01.00", "106.01")
    assert (found["days"], found["hours"], found["hoursPerDay"]) == ("3", "22.8", "7.6")
    assert found["source"].startswith("http") and found["reason"] == "widerJointCommittee"
    in_hours = await asker.get(ANYBODY, "arrangement", jointCommittee="111.01.07", size="25", on="2023-03-01")
    assert (in_hours["items"][0]["hours"], in_hours["items"][0]["days"]) == ("24", "3")
    unknown = await asker.get(ANYBODY, "arrangement", jointCommittee="100", size="25", on="2026-03-01")
    assert (unknown["items"][0]["known"], unknown["items"][0]["reason"]) == (False, "betweenRows")
    for code in ("999", "000", "200.99"):
        nobody = await asker.get(ANYBODY, "arrangement", jointCommittee=code, size="25", on="2026-03-01")
        assert (nobody["items"][0]["known"], nobody["items"][0]["reason"]) == (False, "jointCommitteeNotListed")
        assert "days" not in nobody["items"][0]
    for wrong in (
        {},
        {"jointCommittee": "1", "size": "3"},
        {"jointCommittee": "100", "size": "-1"},
        {"jointCommittee": "100", "size": "1e-30"},
    ):
        await asker.get(ANYBODY, "arrangement", status=422, **wrong)


async def test_anyone_may_look_up_which_arrangement_applies_to_an_enterprise(asker: Asker) -> None:
    """Which arrangement, but not how many people work there: that is the enterprise's to tell."""
    answer = await asker.get(ANYBODY, "arrangement", enterprise=ENTERPRISE, on="2026-03-01")
    assert [one["days"] for one in answer["items"]] == ["3", "5"]
    assert "size" not in answer["items"][0] and "size" not in answer["items"][0]["parameters"]
    own = await asker.get(EMPLOYER, "arrangement", enterprise=ENTERPRISE, on="2026-03-01", jointCommittee="200")
    assert [(one["jointCommittee"], one["size"]) for one in own["items"]] == [("200", "25")]
    await asker.get(ANYBODY, "arrangement", enterprise="0999999922", status=404)


async def test_the_general_rule_is_that_of_the_base_that_is_set(asker: Asker, service: Entitlements) -> None:
    answer = await asker.get(ANYBODY, "generalRule", on="2024-06-16")
    assert answer["set"] == "brochure"
    assert answer["items"] == [
        {"lower": "0", "lowerIncluded": True, "upper": "10", "upperIncluded": False, "days": "0"},
        {"lower": "10", "lowerIncluded": True, "upper": "20", "upperIncluded": True, "days": "1"},
        {"lower": "20", "lowerIncluded": False, "upperIncluded": False, "days": "5"},
    ]
    law = service.rules.with_base(ArrangementSet.LAW).arrangements
    for year, days in ((2023, 4), (2024, 5)):
        assert [(str(row.size), int(row.amount)) for row in law.general_rule(date(year, 6, 16))] == [
            ("[0,10)", 0), ("[10,20)", 1), ("[20,)", days),
        ]  # fmt: skip


async def test_the_joint_committees_to_choose_from(asker: Asker) -> None:
    codes = [one["code"] for one in (await asker.get(ANYBODY, "jointCommittees"))["items"]]
    assert "106.01" in codes and "*" not in codes and codes == sorted(codes)


async def test_what_if_changes_nothing_and_calculates_by_the_same_rules(asker: Asker, service: Entitlements) -> None:
    before = await service.fetch("select count(*), sum(amount) from ledger_line")
    suppose = {"employment": employment_id("E2"), "asOf": "2026-03-02"}
    now = await asker.post(EMPLOYER, "what-if", **suppose)
    assert now["now"] == now["then"] and now["then"][0]["granted"] == "2.500000"
    granted = {
        "full time": await asker.post(EMPLOYER, "what-if", **suppose, workingTime="1"),
        "from July": await asker.post(EMPLOYER, "what-if", **suppose, workingTime="1", validFrom="2026-07-01"),
        "smaller": await asker.post(EMPLOYER, "what-if", **suppose, size="15"),
        "other sector": await asker.post(EMPLOYER, "what-if", **suppose, jointCommittee="106.01"),
        "two days": await asker.post(EMPLOYER, "what-if", **suppose, fullTimeDays="2"),
        "the law": await asker.post(EMPLOYER, "what-if", **suppose, size="20", base="law"),
        "leaving": await asker.post(EMPLOYER, "what-if", **suppose, endDate="2026-03-31"),
    }
    assert {what: answer["then"][0]["granted"] for what, answer in granted.items()} == {
        "full time": "5.000000", "from July": "3.750000", "smaller": "0.500000", "other sector": "1.500000",
        "two days": "1.000000", "the law": "2.500000", "leaving": "0.625000",
    }  # fmt: skip
    assert granted["two days"]["lines"][0]["rule"] == "override.fullTimeDays"
    assert before == await service.fetch("select count(*), sum(amount) from ledger_line")


async def test_what_if_for_someone_to_be_hired_and_for_oneself(asker: Asker) -> None:
    new = {"startDate": "2026-03-29", "jointCommittee": "999", "size": "25", "asOf": "2026-12-31"}
    assert (await asker.post(ANYBODY, "what-if", **new))["then"][0]["granted"] == "4.166667"
    own = await asker.post(EMPLOYEE, "what-if", employment=employment_id(), asOf="2027-01-01")
    assert [year["year"] for year in own["then"]] == [2025, 2026, 2027]
    await asker.post(OTHER_EMPLOYEE, "what-if", status=404, employment=employment_id())
    await asker.post(EMPLOYER, "what-if", status=422)
    await asker.post(EMPLOYER, "what-if", status=422, **new, endDate="2020-01-01")
    await asker.post(EMPLOYER, "what-if", status=422, employment=employment_id(), endDate="2020-01-01")


async def test_what_an_own_figure_would_change_is_told_for_each_before_it_counts(
    asker: Asker, service: Entitlements, declared: Submissions
) -> None:
    before = await service.fetch("select count(*), sum(amount) from ledger_line")
    stranger = employment_id("nobody's")
    asked = {
        "enterprise": ENTERPRISE, "employments": [employment_id("E2"), stranger, employment_id()], "year": 2026,
        "basis": "resultingDays", "days": "9", "reason": "agreed",
    }  # fmt: skip
    answer = await asker.post(EMPLOYER, "entitlements/effects", **asked)
    found = {one["employment"]: one for one in answer["items"]}
    assert [one["employment"] for one in answer["items"]] == asked["employments"]
    half = found[employment_id("E2")]
    assert (half["now"], half["then"], half["anomalies"]) == ("2.500000", "9.000000", [])
    assert [one["code"] for one in found[stranger]["anomalies"]] == ["employmentNotFound"]

    # Less than the arrangement, and a year in which nobody of them worked: each has its own reason.
    less = await asker.post(EMPLOYER, "entitlements/effects", **asked | {"days": "1"})
    assert [one["code"] for one in less["items"][0]["anomalies"]] == ["lowerThanArrangement"]
    assert less["items"][0]["now"] == less["items"][0]["then"] == "2.500000"
    early = await asker.post(EMPLOYER, "entitlements/effects", **asked | {"year": 2023})
    assert [one["code"] for one in early["items"][0]["anomalies"]] == ["yearOutsideEmployment"]

    # What is registered is named, and is what was foretold.
    await service.receives(declared.entitlement("R7", employment=employment_id("E2"), person=person(1), days="9"))
    registered = (await asker.post(EMPLOYER, "entitlements/effects", **asked | {"days": "8"}))["items"][0]
    assert (registered["now"], registered["then"]) == ("9.000000", "8.000000")
    assert registered["existing"] == [{"basis": "resultingDays", "days": "9"}]

    # Nobody learns of another's people by naming them.
    foreign = await asker.post(OTHER_EMPLOYER, "entitlements/effects", **asked)
    assert {code["code"] for one in foreign["items"] for code in one["anomalies"]} == {"employmentNotFound"}
    assert before != await service.fetch("select count(*), sum(amount) from ledger_line")


async def test_how_far_a_recalculation_is(asker: Asker, service: Entitlements, declared: Submissions) -> None:
    assert (await asker.get(EMPLOYER, "recalculations"))["items"] == []
    await service.receives(declared.enterprise(size("15", "2026-02-01")))
    (open_,) = (await asker.get(EMPLOYER, "recalculations"))["items"]
    assert (open_["total"], open_["done"], "finishedAt" in open_) == (2, 0, False)
    await service.recalculates()
    (done,) = (await asker.get(EMPLOYER, "recalculations"))["items"]
    assert (done["done"], "finishedAt" in done) == (2, True)
    assert (await asker.get(OTHER_EMPLOYER, "recalculations"))["items"] == []
