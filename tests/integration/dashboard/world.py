"""A small world of events at random, and what it comes to when it is simply added up in Python."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.integration.dashboard import examples

ENTERPRISES = ("0200000037", "0200000136", "0200000235")
YEARS = (2025, 2026)
FIGURES = ("granted", "carriedOver", "charged", "reserved", "lost", "balance", "available")
Event = dict[str, Any]
State = dict[str, Any]


@dataclass
class World:
    """Every version of everything, as events; `latest` is what is true in the end."""

    events: list[Event] = field(default_factory=list)

    def latest(self, name: str) -> list[State]:
        """The newest state of each thing of a kind: `training`, `employment` or `enterprise`."""
        newest: dict[str, State] = {}
        for event in self.events:
            if event["type"].split(".")[2] == name:
                state = event["data"]
                seen = newest.get(state[name])
                if seen is None or state["version"] > seen["version"]:
                    newest[state[name]] = state
        return list(newest.values())

    def balances(self) -> dict[tuple[str, int], tuple[State, State]]:
        """The newest (state, year) of each employment and year."""
        newest: dict[tuple[str, int], tuple[State, State]] = {}
        for event in self.events:
            if event["type"].split(".")[2] == "entitlement":
                for year in event["data"]["years"]:
                    key = event["data"]["employment"], year["year"]
                    if key not in newest or event["data"]["version"] > newest[key][0]["version"]:
                        newest[key] = event["data"], year
        return {key: (state, year) for key, (state, year) in newest.items() if not year.get("gone")}

    def shuffled(self, chance: random.Random) -> list[list[Event]]:
        """The events in any order, some twice, cut into batches of any size."""
        told = [*self.events, *chance.sample(self.events, len(self.events) // 4)]
        chance.shuffle(told)
        batches = []
        while told:
            size = chance.choice((1, 3, 20, 200, 1000))
            batches.append(told[:size])
            told = told[size:]
        return batches


def random_world(chance: random.Random, *, people: int = 40, trainings: int = 300) -> World:
    """People with careers at three enterprises, trainings in and out of them, corrected, cancelled, and balances."""
    world = World([examples.enterprise(number, version=v) for number in ENTERPRISES for v in (1, 2)])
    persons = [examples.identifier("person", number) for number in range(people)]
    for person in persons:
        for number in range(chance.choice((0, 1, 1, 1, 2, 3))):
            _employ(world, chance, person, number)
    for number in range(trainings):
        _train(world, chance, chance.choice(persons), number)
    return world


def _some_day(chance: random.Random) -> date:
    return date(2024, 10, 1) + timedelta(chance.randrange(900))


def _employ(world: World, chance: random.Random, person: str, number: int) -> None:
    name = (person, number)
    at = chance.choice(ENTERPRISES)
    for version in range(1, chance.randint(1, 3) + 1):
        start = _some_day(chance)
        end = (start + timedelta(chance.randrange(500))).isoformat() if chance.random() < 0.4 else None
        gone = chance.random() < 0.1
        world.events.append(
            examples.employment(
                name, person, enterprise=at, version=version, start=start.isoformat(), end=end, cancelled=gone
            )
        )
    for version in range(1, chance.randint(1, 6) + 1):
        years = [
            examples.year(
                year,
                granted=chance.choice(("0", "0.416667", "5.000000")),
                carriedOver=chance.choice(("0", "1.25")),
                charged=f"{chance.randrange(4000000) / 1000000:.6f}",
                reserved=chance.choice(("0", "0.333333")),
                incomplete=chance.choice(("yes", "no")),
            )
            if chance.random() < 0.8
            else examples.year(year) | {"gone": True}
            for year in chance.sample(YEARS, chance.randint(1, 2))
        ]
        world.events.append(examples.balances(name, person, *years, enterprise=at, version=version))


def _train(world: World, chance: random.Random, person: str, number: int) -> None:
    at = chance.choice(ENTERPRISES)
    for version in range(1, chance.choice((1, 1, 1, 2, 4)) + 1):
        start = _some_day(chance)
        more: dict[str, Any] = {}
        if chance.random() < 0.8:
            more["provider"] = {"name": chance.choice(("Cevora", "Constructiv", "VDAB"))}
            if chance.random() < 0.5:
                more["provider"]["enterpriseNumber"] = "0300000007"
        if chance.random() < 0.5:
            more["theme"] = chance.choice(("0413", "1022"))
        world.events.append(
            examples.training(
                number,
                person,
                enterprise=at,
                version=version,
                start=start.isoformat(),
                end=(start + timedelta(chance.randrange(5))).isoformat(),
                minutes=chance.randrange(15, 2000),
                status=chance.choice(("completed", "completed", "completed", "planned", "notFollowed", "cancelled")),
                kind=chance.choice(("formal", "informal")),
                same_as=chance.choice((None,) * 5 + (number + 1,)),
                **more,
            )
        )


@dataclass
class Sums:
    """One enterprise and year, added up line by line."""

    completed: Counter[str] = field(default_factory=Counter)
    by_status: Counter[str] = field(default_factory=Counter)
    by_month: Counter[str] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    by_provider: Counter[tuple[str | None, str | None]] = field(default_factory=Counter)
    by_theme: Counter[str | None] = field(default_factory=Counter)
    employed: set[str] = field(default_factory=set)
    participants: set[str] = field(default_factory=set)
    lines: set[str] = field(default_factory=set)
    counted_to: Counter[str | None] = field(default_factory=Counter)
    credit: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def added_up(world: World, number: str, year: int) -> Sums:
    """The plain way, without any of the product's code."""
    sums = Sums()
    running = [
        e
        for e in world.latest("employment")
        if e["enterprise"] == number
        and not e["cancelled"]
        and e["startDate"] <= f"{year}-12-31"
        and e.get("endDate", "9999") >= f"{year}-01-01"
    ]
    sums.employed = {e["person"] for e in running}
    sums.lines = {e["employment"] for e in running}
    for (employment, of), (state, figures) in world.balances().items():
        if state["enterprise"] == number and of == year:
            for name in FIGURES:
                sums.credit[name] += Decimal(figures[name])
            if any(Decimal(figures[name]) for name in FIGURES):
                sums.lines.add(employment)
    here = [e for e in world.latest("employment") if e["enterprise"] == number]
    never_employed = {e["person"] for e in here} - {e["person"] for e in here if not e["cancelled"]}
    for training in world.latest("training"):
        content = training["content"]
        if content["status"] == "cancelled" and training["person"] in never_employed:
            continue
        if training["enterprise"] != number or content["startDate"][:4] != str(year) or "sameAs" in training:
            continue
        sums.by_status[content["status"]] += content["minutes"]
        if content["status"] != "completed":
            continue
        provider = content.get("provider", {})
        sums.completed["trainings"] += 1
        sums.completed["minutes"] += content["minutes"]
        sums.by_month[content["startDate"][:7]] += content["minutes"]
        sums.by_kind[content["kind"]] += content["minutes"]
        sums.by_provider[provider.get("name"), provider.get("enterpriseNumber")] += content["minutes"]
        sums.by_theme[content.get("theme")] += content["minutes"]
        sums.participants.add(training["person"])
        sums.counted_to[_owner(training, running)] += content["minutes"]
    return sums


def _owner(training: State, running: list[State]) -> str | None:
    """Who covers the first day, the earliest started first; else who came last before it; else the person's first."""
    day = training["content"]["startDate"]
    own = sorted(
        (e for e in running if e["person"] == training["person"]), key=lambda e: (e["startDate"], e["employment"])
    )
    covering = [e for e in own if e["startDate"] <= day <= e.get("endDate", "9999")]
    before = [e for e in own if e["startDate"] <= day]
    chosen = covering[:1] or before[-1:] or own[:1]
    return chosen[0]["employment"] if chosen else None
