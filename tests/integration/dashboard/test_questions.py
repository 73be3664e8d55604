"""If these failed, people would not find what they look for, or find what they did not ask for."""

from typing import Any

import pytest

from tests.integration.dashboard import examples
from tests.integration.dashboard.conftest import Dashboard, employer

US = examples.ENTERPRISE
ANNA, BRAM = examples.identifier("anna"), examples.identifier("bram")


@pytest.fixture
async def bakery(dashboard: Dashboard) -> Dashboard:
    """Two employees, four trainings."""
    provider = {"name": "Cevora 100%", "enterpriseNumber": "0300000007"}
    await dashboard.project(
        [
            examples.enterprise(US),
            examples.employment("anna", ANNA, start="2024-02-01"),
            examples.employment("bram", BRAM, start="2025-09-01", end="2026-08-31"),
            examples.training("first aid", ANNA, start="2026-01-12", minutes=480, title="EHBO", provider=provider),
            examples.training("coaching", ANNA, start="2026-03-02", minutes=90, kind="informal", title="Coaching"),
            examples.training("planned", BRAM, start="2026-11-02", status="planned", title="Deeg_kunde"),
            examples.training("last year", BRAM, start="2025-10-06", title="Hygiëne", recorded="2026-05-05T08:00:00Z"),
            examples.balances("anna", ANNA, examples.year(2026, granted="5", charged="1.25", carriedOver="0.5")),
            examples.balances("bram", BRAM, examples.year(2026, granted="3.333333", incomplete="yes")),
        ]
    )
    return dashboard


async def titles(dashboard: Dashboard, **filters: Any) -> list[str]:
    answer = await dashboard.answer(f"/enterprises/{US}/trainings", employer(US), **filters)
    assert answer["total"] == len(answer["items"])
    return [item["title"] for item in answer["items"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, ["Deeg_kunde", "Coaching", "EHBO", "Hygiëne"]),
        ({"sort": "startDate"}, ["Hygiëne", "EHBO", "Coaching", "Deeg_kunde"]),
        ({"sort": "-recordedAt"}, ["Hygiëne"]),
        ({"person": ANNA}, ["Coaching", "EHBO"]),
        ({"employment": examples.identifier("employment", "bram")}, ["Deeg_kunde", "Hygiëne"]),
        ({"from": "2026-01-01", "until": "2026-06-30"}, ["Coaching", "EHBO"]),
        ({"status": ["planned", "cancelled"]}, ["Deeg_kunde"]),
        ({"kind": "informal"}, ["Coaching"]),
        ({"provider": "0300000007"}, ["EHBO"]),
        ({"provider": "cevora"}, ["EHBO"]),
        ({"text": "hygi"}, ["Hygiëne"]),
        ({"text": "100%"}, ["EHBO"]),
        ({"text": "k_u"}, []),
        ({"text": "R-coach"}, ["Coaching"]),
        (
            {"training": [examples.identifier("training", name) for name in ("coaching", "last year")]},
            ["Coaching", "Hygiëne"],
        ),
        ({"year": 2026}, ["Deeg_kunde", "Coaching", "EHBO"]),
        ({"year": 2025}, ["Hygiëne"]),
        ({"year": 2024}, []),
    ],
)
async def test_trainings_are_found_by_what_one_knows_of_them(
    bakery: Dashboard, filters: dict[str, Any], found: list[str]
) -> None:
    listed = await titles(bakery, **filters)

    assert listed[: len(found)] == found if filters.get("sort") == "-recordedAt" else listed == found


async def test_a_training_over_new_year_is_of_both_years_and_a_longer_one_of_all(bakery: Dashboard) -> None:
    await bakery.project(
        [
            examples.training("new year", ANNA, start="2025-12-30", end="2026-01-02", title="Jaarwisseling"),
            examples.training("long", ANNA, start="2023-12-31", end="2027-01-01", title="Lang"),
        ]
    )
    assert await titles(bakery, year=2025) == ["Jaarwisseling", "Hygiëne", "Lang"]
    assert await titles(bakery, year=2026) == ["Deeg_kunde", "Coaching", "EHBO", "Jaarwisseling", "Lang"]
    assert [await titles(bakery, year=year) for year in (2023, 2024, 2027, 2028)] == [["Lang"], ["Lang"], ["Lang"], []]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("sort", "name"),
        ("status", "done"),
        ("person", "80010100137"),
        ("pageSize", "100000"),
        ("from", "2026-02-30"),
        ("year", "1999"),
        ("training", "first aid"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(bakery: Dashboard, parameter: str, value: str) -> None:
    response = await bakery.ask(f"/enterprises/{US}/trainings", employer(US), **{parameter: value})

    assert response.status_code == 422


async def test_an_employee_line_says_all_that_the_table_on_the_page_shows(bakery: Dashboard) -> None:
    answer = await bakery.answer(f"/enterprises/{US}/employees", employer(US), year=2026)

    assert answer["items"][0] == {
        "employment": examples.identifier("employment", "anna"),
        "person": ANNA,
        "startDate": "2024-02-01",
        "jointCommittee": "200",
        "fraction": "1",
        "cancelled": False,
        "incomplete": False,
        "credit": {
            "granted": "5",
            "carriedOver": "0.5",
            "charged": "1.25",
            "reserved": "0",
            "lost": "0",
            "balance": "4.25",
            "available": "4.25",
        },
        "trainings": 2,
        "minutes": 570,
    }
    assert answer["items"][1]["incomplete"] is True
    assert answer["totals"]["credit"]["available"] == "7.583333"


async def test_employees_without_training_are_a_list_too(bakery: Dashboard) -> None:
    path = f"/enterprises/{US}/employees"

    answer = await bakery.answer(path, employer(US), year=2026, withoutTraining=True)
    summary = await bakery.answer(f"/enterprises/{US}/summary", employer(US), year=2026)

    assert [line["person"] for line in answer["items"]] == [BRAM]
    assert answer["total"] == summary["employees"]["withoutTraining"] == 1


async def test_all_ids_come_at_once_for_who_sorts_by_name(bakery: Dashboard) -> None:
    path = f"/enterprises/{US}/employees"
    ids = await bakery.answer(f"{path}/ids", employer(US), year=2026)

    assert {person for _, person in ids["items"]} == {ANNA, BRAM}
    chosen = [employment for employment, person in ids["items"] if person == BRAM]
    page = await bakery.answer(path, employer(US), year=2026, employment=chosen)
    assert [line["person"] for line in page["items"]] == [BRAM]
    assert page["total"] == 1


async def test_one_employment_with_its_years_and_trainings(bakery: Dashboard) -> None:
    answer = await bakery.answer(f"/employments/{examples.identifier('employment', 'bram')}", employer(US))

    assert (answer["startDate"], answer["endDate"]) == ("2025-09-01", "2026-08-31")
    assert answer["terms"] == [{"validFrom": "2025-09-01", "jointCommittee": "200", "fraction": "1"}]
    assert [(b["year"], b["available"], b["incomplete"]) for b in answer["balances"]] == [(2026, "3.333333", True)]
    assert [t["title"] for t in answer["trainings"]["items"]] == ["Deeg_kunde", "Hygiëne"]
    assert answer["trainings"]["minutes"] == 912


async def test_a_summary_before_anything_happened_is_all_zeros(dashboard: Dashboard) -> None:
    summary = await dashboard.answer(f"/enterprises/{US}/summary", employer(US), year=2026)

    assert summary["employees"] == {
        "employed": 0,
        "trained": 0,
        "withoutTraining": 0,
        "onlyInTotals": 0,
    }
    assert summary["credit"]["available"] == "0"
    assert [m["month"] for m in summary["byMonth"]] == [f"2026-{month:02d}" for month in range(1, 13)]
    assert summary["years"] == [2026]
    assert (await dashboard.ask(f"/enterprises/{US}", employer(US))).status_code == 404


async def test_the_brochures_example_stands_in_june_2024(dashboard: Dashboard) -> None:
    await dashboard.project([examples.training("brochure", ANNA, start="2024-06-16", end="2024-06-19", minutes=1824)])

    summary = await dashboard.answer(f"/enterprises/{US}/summary", employer(US), year=2024)

    assert [m["month"] for m in summary["byMonth"] if m["trainings"]] == ["2024-06"]
    assert summary["completed"] == {"trainings": 1, "minutes": 1824}
    assert summary["outsideEmployment"] == {"trainings": 1, "minutes": 1824}


async def test_a_training_that_came_before_its_employment_finds_its_line(dashboard: Dashboard) -> None:
    path = f"/enterprises/{US}/employees"
    await dashboard.project([examples.training("early", ANNA)])
    assert (await dashboard.answer(path, employer(US), year=2026))["items"] == []

    await dashboard.project([examples.balances("anna", ANNA, examples.year(2026, granted="5"))])
    [line] = (await dashboard.answer(path, employer(US), year=2026))["items"]
    assert (line["credit"]["granted"], line["trainings"], "startDate" in line) == ("5", 0, False)

    await dashboard.project([examples.employment("anna", ANNA)])
    [line] = (await dashboard.answer(path, employer(US), year=2026))["items"]
    assert (line["credit"]["granted"], line["trainings"], line["startDate"]) == ("5", 1, "2024-01-01")


async def test_facts_of_an_enterprise(bakery: Dashboard) -> None:
    facts = await bakery.answer(f"/enterprises/{US}", employer(US))

    assert (facts["name"], facts["jointCommittees"]) == ("Bakkerij Peeters", ["200"])
    assert facts["sizes"] == [{"basis": "stated", "workers": "25", "validFrom": "2024-01-01"}]


async def test_the_last_day_of_the_earlier_of_two_contracts_is_still_the_earlier_ones(dashboard: Dashboard) -> None:
    earlier, later = (examples.identifier("employment", name) for name in ("earlier", "later"))
    await dashboard.project(
        [
            examples.employment("earlier", ANNA, start="2025-01-01", end="2026-03-31"),
            examples.employment("later", ANNA, start="2026-03-01"),
            examples.training("overlapping", ANNA, start="2026-03-31", minutes=10),
            examples.training("after", ANNA, start="2026-04-01", minutes=200),
        ]
    )

    answer = await dashboard.answer(f"/enterprises/{US}/employees", employer(US), year=2026)
    assert {line["employment"]: line["minutes"] for line in answer["items"]} == {earlier: 10, later: 200}
    for employment, minutes in ((earlier, 10), (later, 200)):
        found = await dashboard.answer(f"/enterprises/{US}/trainings", employer(US), employment=employment)
        assert found["totals"]["minutes"] == minutes


async def test_who_never_worked_here_is_not_shown_and_a_real_employees_cancelled_training_is(bakery: Dashboard) -> None:
    """Of somebody whom a false representative registered the true one must see nothing."""
    carla = examples.identifier("carla")
    await bakery.project(
        [
            examples.employment("carla", carla, version=2, cancelled=True),
            examples.training("invented", carla, version=2, status="cancelled", title="Verzonnen"),
            examples.training("dropped", ANNA, version=2, start="2026-05-04", status="cancelled", title="Vervallen"),
        ]
    )
    found = await titles(bakery)
    assert "Verzonnen" not in found
    assert "Vervallen" in found
    await bakery.project([examples.employment("carla again", carla)])
    assert "Verzonnen" in await titles(bakery)
