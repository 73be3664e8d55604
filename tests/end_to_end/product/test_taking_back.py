"""Over the API: an own figure and an employment that should not have been are taken back, and seen to be."""

import time
import uuid
from decimal import Decimal

import pytest

from tests.end_to_end.product.conftest import ENTERPRISE, SECONDS, Api
from tests.support.batch_files import Written, workers

YEAR = 2026


@pytest.fixture(scope="module")
def ssin(staff: Written) -> str:
    return workers(staff.plan)[11].ssin


def employment_of(api: Api, ssin: str) -> str:
    page, found = 1, None
    while found is None:
        items = api.get("/employments", enterpriseNumber=ENTERPRISE, year=YEAR, page=page, pageSize=500)["items"]
        assert items, "nobody with this number"
        found = next((item["employment"] for item in items if item["ssin"] == ssin), None)
        page += 1
    return str(found)


def granted(api: Api, employment: str) -> Decimal:
    years = api.get(f"/employments/{employment}/ledger")["years"]
    [year] = [one for one in years if one["year"] == YEAR]
    lines = [Decimal(line["amount"]) for line in year["lines"] if line["figure"] == "entitlement"]
    assert Decimal(year["granted"]) == sum(lines)
    return sum(lines, Decimal())


def figure(ssin: str, days: str) -> dict[str, object]:
    return {
        "reference": f"F-{uuid.uuid4()}",
        "ssin": ssin,
        "enterpriseNumber": ENTERPRISE,
        "year": YEAR,
        "days": days,
        "reason": "bedrijfsakkoord",
    }


def test_an_own_figure_is_registered_read_and_taken_back(api: Api, ssin: str) -> None:
    employment = employment_of(api, ssin)
    calculated = granted(api, employment)
    answer = api.post("/entitlements", figure(ssin, "50"), Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    address = answer.headers["Location"].removeprefix("/api/v1")
    found = api.get(address)
    assert (found["days"], found["ssin"], found["cancelled"]) == ("50", ssin, False)
    assert granted(api, employment) == 50
    again = api.post(f"{address}/cancel", {"reason": "vijf, niet vijftig"}, Prefer="wait=20")
    assert again.status_code == 201, again.text
    assert granted(api, employment) == calculated
    versions = api.get(f"{address}/versions")["items"]
    assert [(v["version"], v["cancelled"], v["reason"]) for v in versions] == [
        (2, True, "vijf, niet vijftig"),
        (1, False, "bedrijfsakkoord"),
    ]
    listed = api.get("/entitlements", enterpriseNumber=ENTERPRISE, employmentId=employment, year=YEAR)
    assert found["entitlement"] in [item["entitlement"] for item in listed["items"]]


def test_an_own_figure_of_another_employer_does_not_exist(api: Api, secretariat: Api, ssin: str) -> None:
    answer = api.post("/entitlements", figure(ssin, "9"), Prefer="wait=20")
    address = answer.headers["Location"].removeprefix("/api/v1")
    assert secretariat.http.get(address).status_code == 404
    assert secretariat.http.get(f"{address}/versions").status_code == 404
    assert secretariat.post(f"{address}/cancel", {"reason": "niet van mij"}).status_code == 404
    assert secretariat.http.get("/entitlements", params={"enterpriseNumber": ENTERPRISE}).status_code == 404
    assert api.post(f"{address}/cancel", {"reason": "vergissing"}, Prefer="wait=20").status_code == 201


def test_a_body_that_names_someone_else_is_refused(api: Api, staff: Written, ssin: str) -> None:
    answer = api.post("/entitlements", figure(ssin, "9"), Prefer="wait=20")
    address = answer.headers["Location"].removeprefix("/api/v1")
    refused = api.post(
        f"{address}/cancel", {"ssin": workers(staff.plan)[12].ssin, "reason": "vergissing"}, Prefer="wait=20"
    )
    assert refused.status_code == 400
    [issue] = refused.json()["issues"]
    assert issue["name"] == "ssin"
    assert api.post(f"{address}/cancel", {"reason": "vergissing"}, Prefer="wait=20").status_code == 201


def test_an_employment_that_never_was_is_cancelled(api: Api, ssin: str) -> None:
    hired = {
        "reference": f"E-{uuid.uuid4()}",
        "ssin": ssin,
        "enterpriseNumber": ENTERPRISE,
        "startDate": "2026-10-01",
        "terms": [{"validFrom": "2026-10-01", "jointCommittee": "200", "workingTime": 0.1}],
    }
    answer = api.post("/employments", hired, Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    employment, address = answer.json()["id"], answer.headers["Location"].removeprefix("/api/v1")
    deadline = time.monotonic() + SECONDS
    while api.http.get(address).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    cancelled = api.post(f"/employments/{employment}/cancel", {"reason": "vergissing"}, Prefer="wait=20")
    assert cancelled.status_code == 201, cancelled.text
    assert granted(api, employment) == 0
