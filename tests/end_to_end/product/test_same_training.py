"""The same training registered twice by one employer, on every channel: it is there twice, and charged once.

What a user loses when these fail: days of right for a training that was followed once, or a training that nobody can
register because something like it is there.
"""

import re
import time
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.product.conftest import CLIENT, ENTERPRISE, SECONDS, Api
from tests.end_to_end.product.test_conformance import web
from tests.support.batch_files import NAMESPACE, Plan, Worker, workers
from tests.support.running_stack import RunningStack

YEAR = 2026
DAY = f"{YEAR}-02-03"
NEW = f"/enterprises/{ENTERPRISE}/trainings/new"
ONCE = Decimal("0.5")
__all__ = ["web"]


def hired(api: Api, worker: Worker) -> tuple[str, str]:
    """Register an employment and wait until every service knows it; gives the national number and the employment."""
    employment = {
        "ssin": worker.ssin,
        "enterpriseNumber": ENTERPRISE,
        "givenName": worker.given_name,
        "familyName": worker.family_name,
        "startDate": "2020-01-01",
        "terms": [{"validFrom": "2020-01-01", "jointCommittee": "200", "workingTime": "1"}],
    }
    answer = api.post("/employments", employment, Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    address = f"/employments/{answer.json()['id']}"
    deadline = time.monotonic() + SECONDS
    while api.http.get(address).status_code != 200:
        assert time.monotonic() < deadline, f"{address} is not shown"
        time.sleep(0.2)
    return worker.ssin, answer.json()["id"]


@pytest.fixture(scope="module")
def people(api: Api) -> Iterator[tuple[str, str]]:
    """National number and employment of employees who followed nothing yet, as many as are asked for."""
    plan = Plan(ENTERPRISE, (ENTERPRISE,), trainings=1, people=50, first_person=8_700)
    return (hired(api, worker) for worker in workers(plan))


@pytest.fixture
def someone(people: Iterator[tuple[str, str]]) -> tuple[str, str]:
    return next(people)


def training(ssin: str, **changes: Any) -> dict[str, Any]:
    made = {
        "ssin": ssin,
        "enterpriseNumber": ENTERPRISE,
        "title": "Heftruck: opfrissing",
        "startDate": DAY,
        "endDate": DAY,
        "duration": "PT3H48M",
    } | changes
    return {name: value for name, value in made.items() if value is not None}


def charged(api: Api, employment: str, expected: Decimal) -> None:
    """The ledger comes to this, as the sum of its lines."""
    deadline = time.monotonic() + SECONDS
    while True:
        years = [y for y in api.get(f"/employments/{employment}/ledger")["years"] if y["year"] == YEAR]
        lines = [Decimal(line["amount"]) for y in years for line in y["lines"] if line["figure"] == "charged"]
        if -sum(lines, Decimal()) == expected:
            assert all(Decimal(y["charged"]) == expected for y in years)
            return
        assert time.monotonic() < deadline, f"charged {-sum(lines)} instead of {expected}"
        time.sleep(0.2)


def listed(api: Api, ssin: str) -> dict[str, Any]:
    found: dict[str, Any] = api.post("/trainings/query", {"enterpriseNumber": ENTERPRISE, "ssin": ssin}).json()
    return found


def listed_once(api: Api, ssin: str, total: int) -> dict[str, Any]:
    """All of them are listed, and one is counted."""
    deadline = time.monotonic() + SECONDS
    while (found := listed(api, ssin))["total"] < total or found["totals"]["trainings"] != 1:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    assert found["total"] == total
    return found


@pytest.mark.parametrize("references", [(None, None), ("A", None), (None, "B"), ("A", "B")], ids=str)
def test_registered_twice_by_api_it_is_charged_once_until_both_are_cancelled(
    api: Api, someone: tuple[str, str], references: tuple[str | None, str | None]
) -> None:
    ssin, employment = someone
    ids = []
    names = [reference and f"{reference}-{uuid.uuid4()}" for reference in references]
    for number, reference in enumerate(names):
        title = ("Heftruck: opfrissing", "HEFTRUCK:  opfrissing")[number]
        sent = training(ssin, reference=reference, title=title)
        answer = api.post("/trainings", sent, Prefer="wait=20", Accept_Language="en")
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["id"])
    assert answer.json()["status"] == "acceptedWithWarnings"
    [issue] = answer.json()["issues"]
    assert (issue["code"], issue["severity"], issue["name"]) == ("sameTraining", "warning", "title")
    assert (names[0] or ids[0]) in issue["detail"]
    assert api.get(f"/trainings/{ids[1]}")["sameAs"] == ids[0]
    charged(api, employment, ONCE)
    found = listed_once(api, ssin, 2)
    assert {item.get("sameAs") for item in found["items"]} == {None, ids[0]}
    api.post(f"/trainings/{ids[0]}/cancel", {"reason": "dubbel"}, Prefer="wait=20")
    assert "sameAs" not in api.get(f"/trainings/{ids[1]}")
    assert [v["change"] for v in api.get(f"/trainings/{ids[1]}/versions")["items"]] == ["matched", "registered"]
    charged(api, employment, ONCE)
    api.post(f"/trainings/{ids[1]}/cancel", {"reason": "niet gevolgd"}, Prefer="wait=20")
    charged(api, employment, Decimal(0))


def test_the_same_declaration_in_another_notation_is_unchanged(api: Api, someone: tuple[str, str]) -> None:
    ssin, employment = someone
    first = training(ssin, reference=f"N-{uuid.uuid4()}")
    spelled_out = {
        "chargedDuration": "PT228M", "duration": "PT228M", "status": "completed", "kind": "formal",
        "context": "professional", "rightType": "legal", "certificate": {"awarded": False},
    }  # fmt: skip
    for sent in (first, first | spelled_out):
        answer = api.post("/trainings", sent, Prefer="wait=20")
        assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "unchanged"
    charged(api, employment, ONCE)


def test_in_a_file_twice_it_is_charged_once(
    stack: RunningStack, api: Api, someone: tuple[str, str], folder: Path
) -> None:
    ssin, employment = someone
    order = ("ssin", "enterpriseNumber", "title", "startDate", "endDate", "duration")
    inner = "".join(f"<{name}>{training(ssin)[name]}</{name}>" for name in order)
    series = uuid.uuid4().hex[:8]
    lines = [("1", ""), ("2", ""), ("3", "<distinct>true</distinct>")]
    path = folder / "twice.xml"
    path.write_text(
        f'<batch xmlns="{NAMESPACE}" schemaVersion="1.0"><header><sender>{ENTERPRISE}</sender></header>'
        + "".join(
            f"<trainingRegistration><reference>{series}-{name}</reference>{inner}{extra}</trainingRegistration>"
            for name, extra in lines
        )
        + "</batch>"
    )
    answer = stack.fla("submit", str(path), "--client", CLIENT, "--follow", check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    [batch] = api.get("/batches", pageSize=1)["items"]
    items = api.get(f"/batches/{batch['id']}/report", format="json", lang="nl")["items"]
    told = {item["line"]: (item["status"], [one["text"] for one in item.get("anomalies", ())]) for item in items}
    assert told[1] == told[3] == ("accepted", [])
    status, [text] = told[2]
    assert status == "acceptedWithWarnings"
    assert f"{series}-1" in text
    # The third was declared to be another training.
    charged(api, employment, 2 * ONCE)


class Form:
    """The form as someone without JavaScript has it before them."""

    def __init__(self, web: httpx.Client, *employments: str, title: str) -> None:
        self.web = web
        self.page = web.get(NEW)
        self.typed: dict[str, Any] = {
            "title": title, "startDate": DAY, "endDate": DAY, "durationHours": "3", "durationMinutes": "48",
            "kind": "formal", "location": "Gent", "employees": list(employments),
        }  # fmt: skip

    def send(self, **more: Any) -> httpx.Response:
        """Send what is typed with whatever is hidden in the page."""
        hidden: dict[str, list[str]] = {}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page.text):
            hidden.setdefault(name, []).append(value)
        answer = self.web.post(NEW, data={**self.typed, **hidden, "action": "send", **more})
        if "askedFor" in answer.text:
            self.page = answer
        return answer


def registered(api: Api, ssin: str, title: str) -> list[dict[str, Any]]:
    return [item for item in listed(api, ssin)["items"] if item["title"] == title]


def settled(api: Api, ssin: str, title: str, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + SECONDS
    while len(found := registered(api, ssin, title)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert len(found) == count
    return found


def test_a_form_asks_and_registers_only_what_is_confirmed(
    api: Api, web: httpx.Client, people: Iterator[tuple[str, str]]
) -> None:
    (has, with_it), (has_not, without_it) = next(people), next(people)
    title = f"EHBO {uuid.uuid4()}"
    first = api.post("/trainings", training(has, title=title), Prefer="wait=20").json()["id"]
    form = Form(web, with_it, without_it, title=title)
    asked = form.send()
    assert asked.status_code == 422
    assert f'href="/enterprises/{ENTERPRISE}/trainings/{first}"' in asked.text
    assert 'name="again"' in asked.text
    assert 'value="Gent"' in asked.text, "what was typed is kept"
    assert registered(api, has_not, title) == [], "nothing is registered before the answer"
    answer = form.send()
    assert answer.status_code == 200, answer.text
    settled(api, has_not, title, 1)
    settled(api, has, title, 1)
    assert form.send().url == answer.url, "the same form sent again gives the same answer"
    settled(api, has_not, title, 1)
    charged(api, without_it, ONCE)
    charged(api, with_it, ONCE)


def test_what_a_form_confirms_counts_by_itself(api: Api, web: httpx.Client, someone: tuple[str, str]) -> None:
    ssin, employment = someone
    title = f"EHBO {uuid.uuid4()}"
    api.post("/trainings", training(ssin, title=title), Prefer="wait=20")
    form = Form(web, employment, title=title)
    assert form.send().status_code == 422
    for _ in range(2):
        assert form.send(again="true").status_code == 200
    found = settled(api, ssin, title, 2)
    assert all("sameAs" not in item for item in found)
    charged(api, employment, 2 * ONCE)


def test_a_confirmation_is_about_the_training_that_was_asked_about(
    api: Api, web: httpx.Client, someone: tuple[str, str]
) -> None:
    ssin, employment = someone
    title, other = f"EHBO {uuid.uuid4()}", f"Brand {uuid.uuid4()}"
    api.post("/trainings", training(ssin, title=title), Prefer="wait=20")
    form = Form(web, employment, title=title)
    assert form.send().status_code == 422
    form.typed["title"] = other
    assert form.send().status_code == 200
    settled(api, ssin, other, 1)


def test_sending_the_first_form_twice_asks_nothing(api: Api, web: httpx.Client, someone: tuple[str, str]) -> None:
    ssin, employment = someone
    title = f"EHBO {uuid.uuid4()}"
    form = Form(web, employment, title=title)
    assert [form.send().status_code for _ in range(2)] == [200, 200]
    settled(api, ssin, title, 1)
