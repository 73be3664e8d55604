"""If these fail, whoever tries `make up` finds an empty or a wrong product."""

import json
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest

from cli.demo import FOLDER
from tests.support.running_stack import RunningStack

SUBMISSIONS = {
    content["enterprise"]["enterpriseNumber"]: content
    for content in (json.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / "submissions").glob("*.json"))
}
BY_NAME = {content["enterprise"]["name"].split()[0]: number for number, content in SUBMISSIONS.items()}


class Api:
    """The REST API as each employer's own software sees it."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._http = httpx.Client(base_url=f"{stack.gateway}/api/v1", timeout=30)

    def ask(self, enterprise: str, method: str, path: str, **options: Any) -> dict[str, Any]:
        client = SUBMISSIONS[enterprise]["client"]
        token = self._stack.fla("token", "--client", client).stdout.strip()
        headers = {"Authorization": f"Bearer {token}"}
        response = self._http.request(method, path, headers=headers, **options)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def trainings(self, enterprise: str, **filters: Any) -> dict[str, Any]:
        return self.ask(enterprise, "POST", "trainings/query", json={"enterpriseNumber": enterprise, **filters})

    def summary(self, enterprise: str, year: int) -> dict[str, Any]:
        return self.ask(enterprise, "GET", f"enterprises/{enterprise}/summary", params={"year": year})


@pytest.fixture(scope="module")
def api(stack: RunningStack) -> Api:
    """Every registration is decided when `fla up` ends; the dashboard may be some moments behind."""
    seen = Api(stack)
    deadline = time.monotonic() + 60
    while any(_missing(seen, number) for number in SUBMISSIONS):
        assert time.monotonic() < deadline, {number: _missing(seen, number) for number in SUBMISSIONS}
        time.sleep(0.5)
    return seen


def _missing(api: Api, enterprise: str) -> int:
    # Whoever left long ago is counted in the totals only.
    there: int = api.trainings(enterprise, pageSize=1)["totals"]["trainings"]
    return len(SUBMISSIONS[enterprise]["trainings"]) - there


def test_loading_again_changes_nothing(stack: RunningStack, api: Api) -> None:
    """Not the number of trainings, not a balance, not a version."""
    before = [
        (api.trainings(number, pageSize=100), _without_moment(api.summary(number, 2026))) for number in SUBMISSIONS
    ]
    stack.fla("demo")
    after = [
        (api.trainings(number, pageSize=100), _without_moment(api.summary(number, 2026))) for number in SUBMISSIONS
    ]
    assert before == after


def _without_moment(summary: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in summary.items() if name != "asOf"}


def test_the_brochures_example_is_on_the_dashboard(api: Api) -> None:
    """The training from 16/06/2024 to 19/06/2024, completed."""
    found = api.trainings(BY_NAME["Noordzee"], **{"from": "2024-06-16", "until": "2024-06-16", "pageSize": 100})[
        "items"
    ]
    example = next(training for training in found if training["reference"] == "NZ-2024-brochure")
    assert (example["startDate"], example["endDate"], example["status"]) == ("2024-06-16", "2024-06-19", "completed")


@pytest.mark.parametrize(
    ("name", "year", "days"),
    [
        ("Bäckerei", 2025, "0"),  # fewer than ten workers
        ("Brasserie", 2023, "0"),  # nine workers then
        ("Brasserie", 2025, "1"),  # ten to twenty
        ("Noordzee", 2025, "5"),  # more than twenty
        ("Toitures", 2025, "2.5"),  # joint committee 124: 2.5 days until the end of 2025
        ("Toitures", 2026, "3"),  # and 3 in 2026
    ],
)
def test_a_full_timers_right_follows_the_size_or_the_sector(api: Api, name: str, year: int, days: str) -> None:
    """The rules of the brochure and the sector's arrangement, each shown by one employer."""
    content = SUBMISSIONS[BY_NAME[name]]
    granted = Decimal(api.summary(BY_NAME[name], year)["credit"]["granted"])
    expected = sum((_right(line, year, Decimal(days), content) for line in content["employments"]), Decimal(0))
    assert abs(granted - expected) < Decimal("0.001")


def _right(employment: dict[str, Any], year: int, days: Decimal, content: dict[str, Any]) -> Decimal:
    """Days x working time x started months / 12, for the people of the employer's first joint committee."""
    total = Decimal(0)
    committees = {"200": {2023: 0, 2024: 3, 2025: 3, 2026: 4}}
    for month in range(1, 13):
        first, last = f"{year}-{month:02d}-01", f"{year}-{month:02d}-31"
        if employment["startDate"] > last or employment.get("endDate", "9999") < first:
            continue
        day = max(first, employment["startDate"])
        terms = [terms for terms in employment["terms"] if terms["validFrom"] <= day][-1]
        own = committees.get(terms["jointCommittee"])
        total += (days if own is None else Decimal(own[year])) * Decimal(terms["workingTime"]) / 12
    return total
