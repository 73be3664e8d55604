"""The main job: a file of 1,000 trainings for 200 employees with 7 faulty ones, and the same by API.

What a user loses when these fail: trainings that were accepted and are nowhere, or counted twice, or figures on the
dashboard that do not add up.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.product.conftest import CLIENT, ENTERPRISE, Api
from tests.support.batch_files import Plan, Written, workers, write_batch
from tests.support.running_stack import RunningStack


def _totals(api: Api, year: int) -> tuple[int, int]:
    completed = api.summary(ENTERPRISE, year)["completed"]
    return completed["trainings"], completed["minutes"]


def _adds_up(summary: dict[str, Any]) -> None:
    """Every view of the year is the same trainings, cut another way."""
    completed = summary["completed"]
    for view in ("byMonth", "byKind"):
        assert sum(part["trainings"] for part in summary[view]) == completed["trainings"], view
        assert sum(part["minutes"] for part in summary[view]) == completed["minutes"], view
    for view in ("byProvider", "byTheme"):
        parts = [*summary[view]["items"], summary[view]["others"]]
        assert sum(part["trainings"] for part in parts) == completed["trainings"], view
    credit = {
        name: Decimal(summary["credit"][name]) for name in ("granted", "carriedOver", "charged", "lost", "balance")
    }
    assert credit["balance"] == credit["granted"] + credit["carriedOver"] - credit["charged"] - credit["lost"]


@pytest.fixture(scope="module")
def sent(stack: RunningStack, api: Api, staff: Written, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The file of 1,000 with 7 faults, sent and followed; the totals before it and what the command answered."""
    plan = Plan(ENTERPRISE, (ENTERPRISE,), trainings=1000, people=200, faults=7, series="MAIN")
    written = write_batch(tmp_path_factory.mktemp("main") / "main.xml", plan)
    before = _totals(api, plan.year)
    answer = stack.fla("submit", str(written.path), "--client", CLIENT, "--follow", "--json", check=False)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    return written, before, json.loads(answer.stdout)


def test_993_go_in_and_7_are_reported_with_their_reason(api: Api, sent: Any) -> None:
    written, _, answer = sent
    batch = api.get(f"/batches/{answer['id']}")
    assert (batch["accepted"], batch["refused"], batch["declared"]) == (993, 7, 1000)
    report = api.get(f"/batches/{answer['id']}/report", format="json", only="refused")
    told = {item["line"]: {one["code"] for one in item["anomalies"]} for item in report["items"]}
    assert told.keys() == written.faults.keys()
    for line, fault in written.faults.items():
        assert fault.value in told[line]


def test_the_dashboard_counts_exactly_those_993(api: Api, sent: Any) -> None:
    written, before, _ = sent
    year = written.plan.year
    after = api.completed(
        f"/enterprises/{ENTERPRISE}/summary?year={year}",
        lambda summary: summary["completed"]["trainings"] >= before[0] + 993,
    )
    assert after["completed"]["trainings"] == before[0] + 993
    _adds_up(after)


def test_the_same_file_again_changes_nothing(stack: RunningStack, api: Api, sent: Any) -> None:
    written, _, answer = sent
    totals = _totals(api, written.plan.year)
    again = stack.fla("submit", str(written.path), "--client", CLIENT, "--follow", "--json", check=False)
    assert json.loads(again.stdout)["id"] == answer["id"]
    assert _totals(api, written.plan.year) == totals


def test_the_same_declarations_in_another_file_change_nothing_either(
    stack: RunningStack, api: Api, sent: Any, folder: Path
) -> None:
    written, _, _ = sent
    totals = _totals(api, written.plan.year)
    copy = folder / "copy.xml"
    copy.write_bytes(written.path.read_bytes().replace(b"</batch>", b"\n</batch>"))
    again = json.loads(stack.fla("submit", str(copy), "--client", CLIENT, "--follow", "--json", check=False).stdout)
    batch = api.get(f"/batches/{again['id']}")
    assert (batch["accepted"], batch["unchanged"], batch["refused"]) == (0, 993, 7)
    assert _totals(api, written.plan.year) == totals


def test_the_same_by_api_has_the_same_outcome(api: Api, staff: Written) -> None:
    plan = Plan(ENTERPRISE, (ENTERPRISE,), trainings=1000, people=200, series="API")
    people = workers(plan)
    items = [
        {
            "reference": f"API-{rank}",
            "ssin": people[rank % 200].ssin,
            "enterpriseNumber": ENTERPRISE,
            "title": f"Training {rank % 17}",
            "startDate": f"{plan.year}-05-{1 + rank % 28:02d}",
            "endDate": f"{plan.year}-05-{1 + rank % 28:02d}",
            "duration": "PT3H48M",
        }
        for rank in range(1000)
    ]
    faults: dict[int, tuple[str, dict[str, Any]]] = {
        10: ("invalidSsin", {"ssin": "85073003329"}),
        20: ("invalidEnterpriseNumber", {"enterpriseNumber": "1999010346"}),
        30: ("endBeforeStart", {"endDate": f"{plan.year}-04-01"}),
        40: ("enterpriseNotFound", {"enterpriseNumber": "1999010444"}),
        50: ("employmentNotFound", {"ssin": "85073003328"}),
        60: ("requiredInput", {"title": ""}),
        70: ("unknownInput", {"colour": "blue"}),
    }
    for line, (_, change) in faults.items():
        items[line - 1] |= change
    before = _totals(api, plan.year)
    answer = api.post("/trainings/bulk", {"items": items}, Idempotency_Key="the-same-by-api")
    assert answer.status_code == 202, answer.text
    done = api.completed(f"/submissions/{answer.json()['id']}", lambda found: found["status"] == "completed")
    assert (done["accepted"], done["refused"]) == (993, 7)
    told = {item["line"]: {issue["code"] for issue in item["issues"]} for item in done["items"]}
    assert {line: {code} for line, (code, _) in faults.items()} == told
    after = api.completed(
        f"/enterprises/{ENTERPRISE}/summary?year={plan.year}",
        lambda summary: summary["completed"]["trainings"] >= before[0] + 993,
    )
    assert after["completed"]["trainings"] == before[0] + 993
    assert after["completed"]["minutes"] == before[1] + 993 * 228
    _adds_up(after)
    replayed = api.post("/trainings/bulk", {"items": items}, Idempotency_Key="the-same-by-api")
    assert replayed.json()["id"] == done["id"]
    assert api.summary(ENTERPRISE, plan.year)["completed"] == after["completed"]
