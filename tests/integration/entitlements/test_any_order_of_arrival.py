"""Whatever arrives when: every figure is the sum of its lines, and is what all facts together give from scratch.

A user who loses this has a balance that depends on the order in which messages happened to travel.
"""

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.entitlements.bookkeeping.recalculate_ledgers import next_calendar_change
from services.entitlements.bookkeeping.stored_years import years_in
from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.balance import Completeness, YearFigures, year_figures
from services.entitlements.domain.charges.charged_training import Training, TrainingContext, TrainingStatus
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import target
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.settings import DEFAULTS
from shared.clock import brussels_day
from shared.identifiers import derived_id
from tests.support.entitlements import (
    ENTERPRISE,
    OTHER_ENTERPRISE,
    RULES,
    Entitlements,
    Submissions,
    balances,
    employment_id,
    person,
    size,
    terms,
    training,
)

PEOPLE = [person(number) for number in range(3)]
ENTERPRISES = [ENTERPRISE, OTHER_ENTERPRISE]
# The base, a sector in days, one in hours, and one with gaps in time.
COMMITTEES = ["999", "106.01", "111.01.07", "100"]
STEPS = 70


class History:
    """A random history of declarations and trainings, in the order in which they were sent."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.declared = Submissions()
        self.employments: dict[str, dict[str, Any]] = {}
        self.trainings: dict[str, tuple[int, dict[str, Any]]] = {}

    def day(self, first: str = "2022-06-01", last: str = "2027-03-01") -> str:
        start = date.fromisoformat(first)
        return (start + timedelta(days=self.random.randrange((date.fromisoformat(last) - start).days))).isoformat()

    def declaration(self) -> dict[str, Any]:
        return self.random.choice([self.enterprise, self.employment, self.employment, self.change, self.change,
                                   self.cancellation, self.own_figure])()  # fmt: skip

    def enterprise(self) -> dict[str, Any]:
        basis = self.random.choice(["stated", "stated", "measured"])
        workers = self.random.choice(["8", "15", "20", "22.5", "60"])
        until = self.random.choice([None, None, "2026-12-31"])
        given = size(
            workers, self.random.choice(["2023-01-01", "2024-07-01", "2025-01-01", "2026-04-01"]), until, basis
        )
        return self.declared.enterprise(given, enterprise=self.random.choice(ENTERPRISES))

    def employment(self) -> dict[str, Any]:
        reference = f"E{len(self.employments)}"
        facts = {"person": self.random.choice(PEOPLE), "enterprise": self.random.choice(ENTERPRISES)}
        self.employments[reference] = facts
        return self.declared.employment(reference, **facts, **self.content())

    def content(self) -> dict[str, Any]:
        start = self.day("2022-06-01", "2026-09-01")
        given = [terms(start, self.fraction(), self.random.choice(COMMITTEES))]
        if self.random.random() < 0.4:
            later = (date.fromisoformat(start) + timedelta(days=self.random.randrange(1, 500))).isoformat()
            given.append(terms(later, self.fraction(), self.random.choice(COMMITTEES)))
        end: dict[str, Any] = {"endDate": None, "endReason": None}
        if self.random.random() < 0.4:
            end["endDate"] = (date.fromisoformat(start) + timedelta(days=self.random.randrange(900))).isoformat()
            end["endReason"] = self.random.choice([None, "resignation", "indemnity", "mutualAgreement"])
        return {"startDate": start, "terms": given} | end

    def fraction(self) -> str:
        return self.random.choice(["1", "0.5", "0.8", "0.33333333"])

    def change(self) -> dict[str, Any]:
        if not self.employments:
            return self.employment()
        reference, facts = self.random.choice(list(self.employments.items()))
        return self.declared.employment(reference, change=True, **facts, **self.content())

    def cancellation(self) -> dict[str, Any]:
        if not self.employments or self.random.random() < 0.7:
            return self.employment()
        reference, facts = self.random.choice(list(self.employments.items()))
        return self.declared.employment_cancellation(reference, **facts)

    def own_figure(self) -> dict[str, Any]:
        if not self.employments:
            return self.employment()
        reference, facts = self.random.choice(list(self.employments.items()))
        agreement = self.random.choice([{}, {"collectiveAgreement": "181682/CO/200"}])
        return self.declared.entitlement(
            f"R{self.random.randrange(6)}", employment=employment_id(reference), **facts, **agreement,
            year=self.random.randrange(2023, 2028), days=self.random.choice(["1", "4.5", "6"]),
            basis=self.random.choice(["resultingDays", "fullTimeDays"]),
        )  # fmt: skip

    def training(self) -> dict[str, Any]:
        if self.trainings and self.random.random() < 0.4:
            reference, (version, facts) = self.random.choice(list(self.trainings.items()))
            version += self.random.choice([1, 1, 2])
        else:
            reference, version = f"T{len(self.trainings)}", self.random.choice([1, 1, 1, 2])
            facts = {"person": self.random.choice(PEOPLE), "enterprise": self.random.choice(ENTERPRISES)}
        self.trainings[reference] = (version, facts)
        start = self.day()
        days = self.random.choice([0, 0, 1, 3, 40])
        return training(
            reference, version, **facts, startDate=start,
            endDate=(date.fromisoformat(start) + timedelta(days=days)).isoformat(),
            minutes=self.random.choice([60, 100, 456, 912, 2280]),
            status=self.random.choice(["completed", "completed", "completed", "planned", "notFollowed", "cancelled"]),
            context=self.random.choice(["professional"] * 4 + ["paidEducationalLeave"]),
            sameAs=self.random.choice([None, None, None, None, derived_id("training", "another")]),
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
async def test_balances_do_not_depend_on_the_order_of_arrival(service: Entitlements, seed: int) -> None:
    history = History(seed)
    chance = history.random
    service.now = datetime(2023, 9, 1, 9, tzinfo=UTC)
    waiting: list[list[dict[str, Any]]] = [[], []]
    sent: list[dict[str, Any]] = []
    for _ in range(STEPS):
        waiting[0].append(history.declaration())
        waiting[1].append(history.training())
        sent.append(waiting[1][-1])
        if chance.random() < 0.5:
            await service.receives(*(_some(waiting[0], chance) + _some(waiting[1], chance)))
        if chance.random() < 0.1:
            await service.receives(*chance.sample(sent, min(3, len(sent))))
        if chance.random() < 0.3:
            service.now += timedelta(days=chance.randrange(60))
        if chance.random() < 0.2:
            await service.looks_at_the_calendar(most=2)
        if chance.random() < 0.2:
            await service.recalculates(most=2)
    await service.receives(*waiting[0], *waiting[1])
    await service.recalculates()
    await service.looks_at_the_calendar()
    await _compare(service, sent)


def _some(queue: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    count = chance.randrange(len(queue) + 1)
    taken, queue[:] = queue[:count], queue[count:]
    return taken


async def _compare(service: Entitlements, sent: Iterable[dict[str, Any]]) -> None:
    today = brussels_day(service.now)
    states = _newest(service.sent, "be.fla.employment", "employment")
    registered = _newest(service.sent, "be.fla.enterprise", "enterprise")
    sizes = {number: _sizes(state["sizes"]) for number, state in registered.items()}
    trainings = _newest(sent, "be.fla.training", "training")
    overrides = await service.fetch(
        "select *, id::text as key, employment::text as whose from entitlement_override where replaced_at is null"
    )
    published = balances(service.sent)
    compared = 0
    for id_, state in states.items():
        expected = _from_scratch(state, states, sizes, trainings, overrides, today)
        assert await _sums_of_lines(service, id_) == {y: f for y, f in _amounts(expected).items() if any(f)}, id_
        stored = await _stored(service, id_)
        assert stored == _amounts(expected, complete=True)
        for year, figures in expected.items():
            year_published = published[id_, year]
            assert Decimal(year_published["available"]) == figures.available
            assert Decimal(year_published["lost"]) == figures.lost + figures.expired
            compared += 1
        gone = {year for whose, year in published if whose == id_} - expected.keys()
        assert all(not Decimal(published[id_, year]["available"]) for year in gone)
        (row,) = await service.fetch("select next_turn from employment where id = $1", id_)
        due = None if state["cancelled"] else next_calendar_change(_employment(state), today, DEFAULTS)
        assert row["next_turn"] == due
    assert compared, "this history decided nothing"


def _from_scratch(
    state: dict[str, Any],
    states: dict[str, dict[str, Any]],
    sizes: dict[str, Sizes],
    trainings: dict[str, dict[str, Any]],
    overrides: Iterable[Any],
    today: date,
) -> dict[int, YearFigures]:
    if state["cancelled"]:
        return {}
    whose = (state["enterprise"], state["person"])
    facts = Facts(
        _employment(state),
        tuple(
            _employment(other)
            for other in states.values()
            if (other["enterprise"], other["person"]) == whose
            and not other["cancelled"]
            and other["employment"] != state["employment"]
        ),
        sizes.get(state["enterprise"], Sizes()),
        tuple(_override(row) for row in overrides if row["whose"] == state["employment"]),
        (),
        tuple(_training(one) for one in trainings.values() if (one["enterprise"], one["person"]) == whose),
    )
    wanted = target(facts, RULES.arrangements, today)
    return year_figures(wanted.lines, wanted.years)


def _newest(events: Iterable[dict[str, Any]], kind: str, name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for one in events:
        data = one["data"]
        if one["type"].startswith(kind + ".") and found.get(data[name], {"version": 0})["version"] < data["version"]:
            found[data[name]] = data
    return found


def _employment(state: dict[str, Any]) -> Employment:
    return Employment(
        state["employment"],
        state["person"],
        state["enterprise"],
        date.fromisoformat(state["startDate"]),
        date.fromisoformat(state["endDate"]) if "endDate" in state else None,
        tuple(
            Term(date.fromisoformat(one["validFrom"]), one["jointCommittee"], Fraction(one["fraction"]))
            for one in state["terms"]
        ),
        EndReason(state["endReason"]) if "endReason" in state else None,
    )


def _sizes(given: list[dict[str, str]]) -> Sizes:
    periods: dict[str, list[SizePeriod]] = {"stated": [], "measured": []}
    for one in given:
        until = date.fromisoformat(one["validUntil"]) if "validUntil" in one else None
        periods[one["basis"]].append(SizePeriod(date.fromisoformat(one["validFrom"]), until, Decimal(one["workers"])))
    return Sizes(tuple(periods["stated"]), tuple(periods["measured"]))


def _override(row: Any) -> Override:
    return Override(
        row["key"], OverrideScope.EMPLOYMENT, OverrideKind(row["basis"]), row["valid_from"], row["valid_until"],
        row["days"], row["reason"], row["registered_at"], row["collective_agreement"], RightType(row["right_type"]),
    )  # fmt: skip


def _training(state: dict[str, Any]) -> Training:
    content = state["content"]
    return Training(
        state["training"], state["version"], date.fromisoformat(content["startDate"]),
        date.fromisoformat(content["endDate"]), content["minutes"], TrainingStatus(content["status"]),
        TrainingContext(content["context"]), None, RightType(content["rightType"]), "sameAs" in state,
    )  # fmt: skip


_FIGURES = ("entitlement", "carried_over", "charged", "reserved", "expired", "lost")
_STORED = ("granted", "carried_over", "charged", "reserved", "expired", "lost")
_LINES = ("entitlement", "carriedOver", "charged", "reserved", "expired", "lost")


def _amounts(figures: dict[int, YearFigures], complete: bool = False) -> dict[int, tuple[Any, ...]]:
    flag = (lambda one: (one.completeness is not Completeness.COMPLETE,)) if complete else (lambda _: ())
    return {year: (*(getattr(one, name) for name in _FIGURES), *flag(one)) for year, one in figures.items()}


async def _sums_of_lines(service: Entitlements, employment: str) -> dict[int, tuple[Decimal, ...]]:
    rows = await service.fetch(
        "select year, figure, sum(amount) as amount from ledger_line where employment = $1 group by 1, 2", employment
    )
    sums: dict[int, dict[str, Decimal]] = {}
    for year, figure, amount in rows:
        sums.setdefault(year, {})[figure] = amount if figure in ("entitlement", "carriedOver") else -amount
    found = {year: tuple(one.get(name, ZERO) for name in _LINES) for year, one in sums.items()}
    return {year: one for year, one in found.items() if any(one)}


async def _stored(service: Entitlements, employment: str) -> dict[int, tuple[Any, ...]]:
    rows = await service.fetch("select years::text from balance where employment = $1", employment)
    years = years_in(rows[0]["years"]) if rows else {}
    return {year: (*(Decimal(getattr(one, name)) for name in _STORED), one.incomplete) for year, one in years.items()}


async def test_the_histories_reach_every_kind_of_line(service: Entitlements) -> None:
    """A history without expiry or loss would prove nothing about them."""
    history = Submissions()
    service.now = datetime(2029, 3, 1, tzinfo=UTC)
    await service.receives(
        history.enterprise(size("25")),
        history.employment("E1", startDate="2023-02-01"),
        history.employment(
            "E2", person=PEOPLE[1], startDate="2023-01-01", endDate="2025-06-30", endReason="resignation"
        ),
    )
    late = [
        training("T1", startDate="2025-03-03", endDate="2025-03-05", minutes=1368),
        training("T2", person=PEOPLE[1], startDate="2025-03-03", endDate="2025-03-05", minutes=1368),
        training("T3", status="planned", startDate="2029-05-01", endDate="2029-05-01"),
    ]
    await service.receives(*late)
    await service.receives(training("T1", 2, startDate="2028-12-30", endDate="2029-01-02", minutes=1368))
    await _compare(service, [*late, training("T1", 2, startDate="2028-12-30", endDate="2029-01-02", minutes=1368)])
    kinds = await service.fetch("select distinct kind from ledger_line")
    assert {row["kind"] for row in kinds} == {"grant", "carryOver", "charge", "giveBack", "reserve", "expiry", "loss"}
