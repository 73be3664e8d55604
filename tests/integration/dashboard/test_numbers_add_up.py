"""If these failed, an employer would see a total that is not the sum of the lines behind it."""

import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import OPERATOR, Dashboard, citizen, employer
from tests.integration.dashboard.world import ENTERPRISES, FIGURES, YEARS, World, added_up, random_world


async def filled(dashboard: Dashboard, seed: int) -> World:
    chance = random.Random(seed)
    world = random_world(chance)
    for batch in world.shuffled(chance):
        await dashboard.project(batch)
    return world


async def every_page(dashboard: Dashboard, path: str, number: str, **parameters: Any) -> list[dict[str, Any]]:
    """All items of a collection, read page by page."""
    items: list[dict[str, Any]] = []
    page = 1
    while True:
        answer = await dashboard.answer(path, employer(number), page=page, pageSize=7, **parameters)
        items += answer["items"]
        if len(items) >= answer["total"]:
            assert len(items) == answer["total"]
            return items
        page += 1


@pytest.mark.parametrize("seed", range(4))
async def test_a_summary_is_what_adding_up_the_events_gives(dashboard: Dashboard, seed: int) -> None:
    world = await filled(dashboard, seed)

    for number in ENTERPRISES:
        for year in YEARS:
            expected = added_up(world, number, year)
            summary = await dashboard.answer(f"/enterprises/{number}/summary", employer(number), year=year)

            assert summary["completed"] == {
                "trainings": expected.completed["trainings"],
                "minutes": expected.completed["minutes"],
            }
            assert {s["status"]: s["minutes"] for s in summary["byStatus"] if s["trainings"]} == expected.by_status
            assert {m["month"]: m["minutes"] for m in summary["byMonth"] if m["trainings"]} == expected.by_month
            assert {k["kind"]: k["minutes"] for k in summary["byKind"] if k["trainings"]} == expected.by_kind
            assert {
                (p.get("provider"), p.get("providerNumber")): p["minutes"] for p in summary["byProvider"]["items"]
            } == expected.by_provider
            assert {t.get("theme"): t["minutes"] for t in summary["byTheme"]["items"]} == expected.by_theme
            assert summary["participants"] == len(expected.participants)
            assert summary["employees"] == {
                "employed": len(expected.employed),
                "trained": len(expected.employed & expected.participants),
                "withoutTraining": len(expected.employed - expected.participants),
                "onlyInTotals": 0,
            }
            assert summary["outsideEmployment"]["minutes"] == expected.counted_to[None]
            assert {name: Decimal(summary["credit"][name]) for name in FIGURES} == {
                name: expected.credit[name] for name in FIGURES
            }


@pytest.mark.parametrize("seed", range(4))
async def test_the_lines_behind_a_summary_come_to_its_totals(dashboard: Dashboard, seed: int) -> None:
    world = await filled(dashboard, seed)

    for number in ENTERPRISES:
        for year in YEARS:
            expected = added_up(world, number, year)
            summary = await dashboard.answer(f"/enterprises/{number}/summary", employer(number), year=year)
            path = f"/enterprises/{number}/employees"
            lines = await every_page(dashboard, path, number, year=year)

            assert sorted(line["employment"] for line in lines) == sorted(expected.lines)
            minutes = {line["employment"]: line["minutes"] for line in lines if line["minutes"]}
            assert minutes == {owner: m for owner, m in expected.counted_to.items() if owner}
            outside = summary["outsideEmployment"]
            for what in ("trainings", "minutes"):
                assert sum(line[what] for line in lines) + outside[what] == summary["completed"][what]
            for name in FIGURES:
                assert sum(Decimal(line["credit"][name]) for line in lines) == Decimal(summary["credit"][name])
            totals = (await dashboard.answer(path, employer(number), year=year, pageSize=1))["totals"]
            assert totals["minutes"] == sum(line["minutes"] for line in lines)
            assert totals["trainings"] == sum(line["trainings"] for line in lines)
            assert totals["employments"] == len(lines)
            assert totals["incomplete"] == sum(line["incomplete"] for line in lines)
            assert {name: Decimal(totals["credit"][name]) for name in FIGURES} == {
                name: expected.credit[name] for name in FIGURES
            }


async def test_the_list_of_trainings_holds_what_the_summary_counts(dashboard: Dashboard) -> None:
    await filled(dashboard, 11)

    for number in ENTERPRISES:
        summary = await dashboard.answer(f"/enterprises/{number}/summary", employer(number), year=2026)
        path = f"/enterprises/{number}/trainings"
        period = {"from": "2026-01-01", "until": "2026-12-31"}
        listed = await every_page(dashboard, path, number, status="completed", **period)
        done = [training for training in listed if "sameAs" not in training]

        assert len(done) < len(listed), "this world has no doubles"
        assert len(done) == summary["completed"]["trainings"]
        assert sum(t["minutes"] for t in done) == summary["completed"]["minutes"]
        by_provider = Counter(t.get("provider", {}).get("name") for t in done)
        for provider in {p.get("provider") for p in summary["byProvider"]["items"]} - {None}:
            found = await dashboard.answer(
                path, employer(number), status="completed", provider=provider, pageSize=1, **period
            )
            assert found["totals"]["trainings"] == by_provider[provider]


@pytest.mark.parametrize("sort", ["available", "-charged", "startDate", "-trainings", "minutes"])
async def test_pages_never_overlap_and_never_miss_whatever_the_order(dashboard: Dashboard, sort: str) -> None:
    world = await filled(dashboard, 5)
    number = ENTERPRISES[0]

    lines = await every_page(dashboard, f"/enterprises/{number}/employees", number, year=2026, sort=sort)

    assert sorted(line["employment"] for line in lines) == sorted(added_up(world, number, 2026).lines)
    name = sort.lstrip("-")
    values = [
        line[name] if name in line else Decimal(line["credit"][name])
        for line in lines
        if name in line or name in line["credit"]
    ]
    assert values == sorted(values, reverse=sort.startswith("-"))


async def test_each_training_of_a_person_is_counted_to_one_employment_or_to_none(dashboard: Dashboard) -> None:
    world = await filled(dashboard, 8)
    careers = {(e["enterprise"], e["person"]) for e in world.latest("employment")}

    for number, person in sorted(careers):
        path = f"/enterprises/{number}/trainings"
        own = [e for e in world.latest("employment") if (e["enterprise"], e["person"]) == (number, person)]
        for year in YEARS:
            expected = added_up(world, number, year)
            for employment in own:
                found = await dashboard.answer(
                    path,
                    employer(number),
                    employment=employment["employment"],
                    status="completed",
                    **{"from": f"{year}-01-01", "until": f"{year}-12-31"},
                )
                assert found["totals"]["minutes"] == expected.counted_to[employment["employment"]]


async def test_a_person_finds_everything_from_every_employer(dashboard: Dashboard) -> None:
    world = await filled(dashboard, 3)

    for person in {t["person"] for t in world.latest("training")}:
        account = await dashboard.answer(f"/persons/{person}", citizen(person), pageSize=500)

        own = [t for t in world.latest("training") if t["person"] == person]
        assert {t["training"] for t in account["trainings"]["items"]} == {t["training"] for t in own}
        assert account["trainings"]["total"] == len(own)
        assert account["trainings"]["minutes"] == sum(t["content"]["minutes"] for t in own if "sameAs" not in t)
        balances = {
            (e["employment"], year["year"], Decimal(year["available"]))
            for e in account["employments"]
            for year in e["balances"]
        }
        assert balances == {
            (employment, year, Decimal(figures["available"]))
            for (employment, year), (state, figures) in world.balances().items()
            if state["person"] == person
        }


async def test_the_overview_of_many_enterprises_has_the_figures_of_each_summary(dashboard: Dashboard) -> None:
    await filled(dashboard, 4)

    overview = await dashboard.answer("/enterprises", employer(*ENTERPRISES), year=2026)

    assert [item["enterprise"] for item in overview["items"]] == sorted(ENTERPRISES)
    for item in overview["items"]:
        number = item["enterprise"]
        summary = await dashboard.answer(f"/enterprises/{number}/summary", employer(number), year=2026)
        assert item["employees"] == summary["employees"]["employed"]
        assert item["trainings"] == summary["completed"]["trainings"]
        assert item["minutes"] == summary["completed"]["minutes"]
        assert item["available"] == summary["credit"]["available"]


async def test_an_operators_totals_are_all_there_is(dashboard: Dashboard) -> None:
    world = await filled(dashboard, 6)

    totals = await dashboard.answer("/totals", OPERATOR)

    assert totals["trainings"] == len(world.latest("training"))
    assert sum(s["minutes"] for s in totals["byStatus"]) == sum(
        t["content"]["minutes"] for t in world.latest("training")
    )
    assert totals["balances"] == len(world.balances())


async def test_many_providers_still_come_to_the_total(dashboard: Dashboard) -> None:
    person = examples.identifier("person")
    await dashboard.project(
        examples.training(number, person, minutes=number, provider={"name": f"Centrum {number}"})
        for number in range(1, 121)
    )

    path = f"/enterprises/{examples.ENTERPRISE}/summary"
    summary = await dashboard.answer(path, employer(examples.ENTERPRISE), year=2026)

    providers = summary["byProvider"]
    assert len(providers["items"]) == 50
    assert providers["items"][0]["provider"] == "Centrum 120"
    assert providers["others"]["count"] == 70
    for what in ("trainings", "minutes"):
        assert sum(p[what] for p in providers["items"]) + providers["others"][what] == summary["completed"][what]
