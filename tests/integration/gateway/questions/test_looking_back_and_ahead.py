"""What was known on an earlier day, what would be with other facts, and what five years gave: over the API, whole."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.clock import brussels_today
from tests.support.product_in_process import Product, product

BAKERY, PERSON = "1999010345", "80011197789"
YEAR = brussels_today().year
TODAY = brussels_today().isoformat()
YESTERDAY = (brussels_today() - timedelta(days=1)).isoformat()


@pytest.fixture(scope="module")
async def fla(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    async with product(new_database, tmp_path_factory.mktemp("product")) as running:
        await running.has_enterprise(BAKERY, "bakery")
        yield running


@pytest.fixture(scope="module")
async def software(fla: Product) -> AsyncIterator[httpx.AsyncClient]:
    async with fla.software("bakery") as client:
        yield client


@pytest.fixture(scope="module")
async def employment(software: httpx.AsyncClient) -> str:
    """Hired on 1 January 2020, half time, no sector's arrangement; 25 workers: five days a year for a full-timer."""

    async def sends(path: str, **fields: Any) -> str:
        answer = await software.post(path, json=fields)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"].rpartition("/")[2]

    size = {"basis": "stated", "workers": "25", "validFrom": "2020-01-01"}
    await sends("/enterprises", enterpriseNumber=BAKERY, name="Bakkerij", jointCommittees=["337"], sizes=[size])
    terms = [{"validFrom": "2020-01-01", "jointCommittee": "337", "workingTime": "0.5"}]
    whose = {"enterpriseNumber": BAKERY, "ssin": PERSON}
    hired = await sends("/employments", **whose, reference="E1", startDate="2020-01-01", terms=terms)
    day = f"{YEAR - 1}-03-02"
    await sends("/trainings", **whose, reference="T1", title="Brood", startDate=day, endDate=day, duration="PT3H48M")
    return hired


async def looked_at(software: httpx.AsyncClient, address: str, status: int = 200, **query: str) -> Any:
    answer = await software.get(address, params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_what_is_supposed_is_calculated_and_not_kept(software: httpx.AsyncClient, employment: str) -> None:
    """Half of five days is 2.5; half of the year at full time makes it 2.5 / 2 + 5 / 2 = 3.75."""
    before = await looked_at(software, f"/employments/{employment}/ledger")
    supposed = {"workingTime": "1", "validFrom": f"{YEAR}-07-01", "asOf": f"{YEAR}-12-31"}
    answer = await software.post(f"/employments/{employment}/whatIf", json=supposed)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    now, then = ({year["year"]: Decimal(year["granted"]) for year in told[when]} for when in ("now", "then"))
    assert (now[YEAR], then[YEAR]) == (Decimal("2.5"), Decimal("3.75"))
    assert {year: then[year] for year in then if year < YEAR} == {year: now[year] for year in now if year < YEAR}
    granting = [line for line in told["lines"] if line["year"] == YEAR and line["figure"] == "entitlement"]
    assert sum(Decimal(line["amount"]) for line in granting) == Decimal("3.75")
    assert await looked_at(software, f"/employments/{employment}/ledger") == before


@pytest.mark.parametrize(
    ("supposed", "granted"),
    [
        ({"size": "15"}, "0.5"),  # 10 to 20 workers: one day, half time
        ({"size": 9}, "0"),
        ({"fullTimeDays": "8"}, "4"),
        ({"endDate": f"{YEAR}-06-30", "endReason": "resignation"}, "1.25"),  # six of twelve months
        ({"startDate": f"{YEAR}-10-01"}, "0.625"),  # three of twelve
        ({}, "2.5"),
    ],
)
async def test_each_fact_can_be_supposed(
    software: httpx.AsyncClient, employment: str, supposed: dict[str, Any], granted: str
) -> None:
    answer = await software.post(f"/employments/{employment}/whatIf", json=supposed | {"asOf": f"{YEAR}-12-31"})
    assert answer.status_code == 200, answer.text
    [then] = [year for year in answer.json()["then"] if year["year"] == YEAR]
    assert Decimal(then["granted"]) == Decimal(granted)


@pytest.mark.parametrize(
    ("supposed", "wrong"),
    [
        ({"endDate": "2019-12-31"}, [("endBeforeStart", "endDate")]),
        ({"endReason": "resignation"}, [("endReasonWithoutEnd", "endReason")]),
        ({"startDate": "2026-02-30"}, [("invalidDate", "startDate")]),
        ({"asOf": "2100-01-01"}, [("dateTooFar", "asOf")]),
        ({"workingTime": "1.5", "jointCommittee": "AB", "size": -1}, [
            ("invalidJointCommittee", "jointCommittee"), ("outOfRange", "workingTime"), ("outOfRange", "size"),
        ]),
        ({"workingTme": 1}, [("unknownInput", "workingTme")]),
    ],
)  # fmt: skip
async def test_what_cannot_be_supposed_is_told_by_field(
    software: httpx.AsyncClient, employment: str, supposed: dict[str, Any], wrong: list[tuple[str, str]]
) -> None:
    answer = await software.post(f"/employments/{employment}/whatIf", json=supposed)
    assert answer.status_code == 400, answer.text
    assert [(one["code"], one["name"]) for one in answer.json()["issues"]] == wrong


async def test_as_it_was_known(software: httpx.AsyncClient, fla: Product, employment: str) -> None:
    """Registered today: nobody knew of it yesterday."""
    address = f"/employments/{employment}/ledger"
    assert (await looked_at(software, address, asKnownOn=YESTERDAY))["years"] == []
    today = await looked_at(software, address, asKnownOn=TODAY)
    lines = {line["id"] for year in (await looked_at(software, address))["years"] for line in year["lines"]}
    assert {line["id"] for year in today["years"] for line in year["lines"]} == lines
    [training] = await fla.fetch("select id::text from training", service="dashboard")
    registered = await looked_at(software, f"/trainings/{training['id']}")
    assert await looked_at(software, f"/trainings/{training['id']}", asKnownOn=TODAY) == registered
    await looked_at(software, f"/trainings/{training['id']}", 404, asKnownOn=YESTERDAY)
    # As if its registration were of last week and its correction of today.
    await fla.execute(
        "update training_version set recorded_at = recorded_at - interval '7 days'", service="registration"
    )
    content = {"title": "Deeg", "startDate": f"{YEAR - 1}-03-02", "endDate": f"{YEAR - 1}-03-02", "duration": "PT2H"}
    corrected = await software.put(f"/trainings/{training['id']}", json=content | {"reason": "Typed wrong"})
    assert corrected.status_code in (200, 201), corrected.text
    then = await software.get(f"/trainings/{training['id']}", params={"asKnownOn": YESTERDAY})
    assert (then.json()["content"]["title"], then.headers["etag"]) == ("Brood", '"1"')
    assert (await looked_at(software, f"/trainings/{training['id']}"))["content"]["title"] == "Deeg"


@pytest.mark.parametrize("day", [(brussels_today() + timedelta(days=1)).isoformat(), "2022-12-31"])
async def test_a_day_of_which_nothing_can_be_known(software: httpx.AsyncClient, employment: str, day: str) -> None:
    for address in (f"/employments/{employment}/ledger", f"/trainings/{employment}"):
        told = await looked_at(software, address, 400, asKnownOn=day)
        assert [(one["code"], one["name"], one["in"]) for one in told["issues"]] == [
            ("dateTooFar", "asKnownOn", "query")
        ]


async def test_five_years_are_reviewed(software: httpx.AsyncClient, employment: str) -> None:
    """The first five years begin on 1 January 2024; what is missing is a warning once they are over."""
    first, *_ = (await looked_at(software, f"/employments/{employment}/ledger"))["periods"]
    assert (first["startDate"], first["endDate"]) == ("2024-01-01", "2028-12-31")
    assert Decimal(first["granted"]) == Decimal("2.5") * (min(YEAR, 2028) - 2023)
    assert Decimal(first["missing"]) == Decimal(first["granted"]) - Decimal(first["charged"]) > 0
    assert first["warning"] is (TODAY > "2028-12-31")
