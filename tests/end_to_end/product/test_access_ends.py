"""Over every channel of the running product: whoever left long ago is closed to the employer, but in its totals."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.checkout import ROOT
from tests.end_to_end.product.conftest import CLIENT, ENTERPRISE, SECONDS, Api
from tests.end_to_end.product.test_sessions import sign_in
from tests.support.batch_files import Plan, Worker, workers
from tests.support.batch_xml import batch
from tests.support.running_stack import RunningStack

YEAR = 2023
ACCESS = json.loads((ROOT / "deploy" / "demo" / "access.json").read_text(encoding="utf-8"))
# Days that no hour of the test run can shift to the other side.
TODAY = datetime.now(UTC).date()
LEFT, LEAVES = TODAY - timedelta(400), TODAY - timedelta(10)


@dataclass
class Person:
    """An employee, and what there is of them."""

    worker: Worker
    title: str
    reference: str
    employment: str = ""
    training: str = ""
    figure: str = ""


def role(name: str) -> str:
    """The name of somebody of the demonstration who has this role."""
    ssin = next(right["ssin"] for right in ACCESS["accessRights"] if right["role"] == name)
    return next(f"{p['givenName']} {p['familyName']}" for p in ACCESS["people"] if p["ssin"] == ssin)


def created(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def hired(person: Person) -> dict[str, Any]:
    start = f"{YEAR}-01-01"
    terms = [{"validFrom": start, "jointCommittee": "140.03", "workingTime": "1"}]
    return {
        "reference": f"E-{person.reference}", "ssin": person.worker.ssin, "enterpriseNumber": ENTERPRISE,
        "givenName": person.worker.given_name, "familyName": person.worker.family_name, "startDate": start,
        "terms": terms,
    }  # fmt: skip


def trained(person: Person, **changes: Any) -> dict[str, Any]:
    day = f"{YEAR}-05-02"
    return {
        "reference": f"T-{person.reference}", "ssin": person.worker.ssin, "enterpriseNumber": ENTERPRISE,
        "title": person.title, "startDate": day, "endDate": day, "duration": "PT7H36M",
    } | changes  # fmt: skip


def registered(api: Api, worker: Worker) -> Person:
    """Somebody in service, with a training and an own figure, known to every service."""
    reference = uuid.uuid4().hex[:12]
    person = Person(worker, f"Titel {reference}", reference)
    person.employment = created(api.post("/employments", hired(person), Prefer="wait=20"))
    person.training = created(api.post("/trainings", trained(person), Prefer="wait=20"))
    figure = {
        "reference": f"F-{reference}", "ssin": worker.ssin, "enterpriseNumber": ENTERPRISE, "year": YEAR,
        "days": "50", "reason": "afspraak",
    }  # fmt: skip
    person.figure = created(api.post("/entitlements", figure, Prefer="wait=20"))
    until(lambda: all(shown(api, person).values()), "the new employee is not shown everywhere")
    return person


def shown(api: Api, person: Person) -> dict[str, bool]:
    """Every read of the API that can be about the person -> whether it is."""
    asked = {"enterpriseNumber": ENTERPRISE}

    def there(path: str) -> bool:
        return api.http.get(path).status_code == httpx.codes.OK

    def listed(path: str, **query: Any) -> bool:
        return person.worker.ssin in api.http.get(path, params=asked | query).text

    by_person = api.post("/trainings/query", asked | {"ssin": person.worker.ssin}).json()
    return {
        "training": there(f"/trainings/{person.training}"),
        "its versions": there(f"/trainings/{person.training}/versions"),
        "trainings of the person": by_person["total"] > 0 and by_person["totals"]["trainings"] > 0,
        "trainings by title": listed("/trainings", text=person.title),
        "trainings of the year": any(
            person.worker.ssin in api.http.get("/trainings", params=asked | period).text for period in _PERIODS
        ),
        "employments": any(listed("/employments", year=YEAR, page=at, pageSize=500) for at in (1, 2)),
        "employment": there(f"/employments/{person.employment}"),
        "ledger": there(f"/employments/{person.employment}/ledger"),
        "own figures": listed("/entitlements", employmentId=person.employment),
        "own figure": there(f"/entitlements/{person.figure}"),
        "its history": there(f"/entitlements/{person.figure}/versions"),
    }


_PERIODS = [{"from": f"{YEAR}-05-02", "until": f"{YEAR}-05-02", "pageSize": 500}]


def pages(browser: httpx.Client, person: Person) -> dict[str, bool]:
    """Every page of the employer that can be about the person -> whether it is."""
    base = f"/enterprises/{ENTERPRISE}"

    def there(path: str) -> bool:
        return browser.get(base + path).status_code == httpx.codes.OK

    return {
        "employee": there(f"/employees/{person.employment}"),
        "change": there(f"/employees/{person.employment}/change"),
        "cancel": there(f"/employees/{person.employment}/cancel"),
        "list": person.employment in browser.get(f"{base}/employees?year={YEAR}&sort=startDate").text
        or person.employment in _every_page(browser, f"{base}/employees?year={YEAR}"),
        "training": there(f"/trainings/{person.training}"),
        "correct": there(f"/trainings/{person.training}/correct"),
        "take back": there(f"/trainings/{person.training}/cancel"),
        "figure": there(f"/entitlements/{person.figure}/cancel"),
        "trainings": person.training in browser.get(f"{base}/trainings", params={"q": person.title}).text,
        # As a choice: the address that names the person stands on the page too.
        "offered": f'value="{person.employment}"'
        in browser.get(f"{base}/trainings/new?employee={person.employment}").text,
        "offered for figures": f'value="{person.employment}"'
        in browser.get(f"{base}/entitlements/new?employee={person.employment}").text,
    }


def _every_page(browser: httpx.Client, address: str) -> str:
    return "".join(browser.get(f"{address}&page={at}").text for at in range(1, 13))


def codes(answer: httpx.Response) -> list[str]:
    return [issue["code"] for issue in answer.json().get("issues", [])]


def writes(api: Api, person: Person) -> dict[str, str]:
    """Every declaration of the API about the person -> how it is refused."""
    named = {"ssin": person.worker.ssin, "enterpriseNumber": ENTERPRISE}
    new = trained(person, reference=f"N-{uuid.uuid4()}")
    bulk = api.post("/trainings/bulk", {"items": [new]}, Prefer="wait=20").json()
    body = {name: value for name, value in trained(person).items() if name not in ("reference",)}
    figure = named | {"year": YEAR, "days": "9", "reason": "afspraak"}
    tried = {
        "training": api.post("/trainings", new, Prefer="wait=20"),
        "figure": api.post("/entitlements", figure, Prefer="wait=20"),
        "correction": api.http.put(f"/trainings/{person.training}", json=body | {"reason": "fout"}),
        "cancellation": api.post(f"/trainings/{person.training}/cancel", {"reason": "fout"}),
        "change": api.http.put(f"/employments/{person.employment}", json=hired(person)),
        "taking back": api.post(f"/employments/{person.employment}/cancel", {"reason": "fout"}),
        "figure back": api.post(f"/entitlements/{person.figure}/cancel", {"reason": "fout"}),
    }
    found = {what: ",".join(codes(answer)) or str(answer.status_code) for what, answer in tried.items()}
    return found | {"bulk": ",".join(issue["code"] for item in bulk["items"] for issue in item["issues"])}


@pytest.fixture(scope="module")
def people(api: Api) -> list[Person]:
    """Who left long ago, who left this month, who stays."""
    found = workers(Plan(ENTERPRISE, (ENTERPRISE,), trainings=1, people=3, first_person=8_800))
    return [registered(api, worker) for worker in found]


@pytest.fixture
def employer(stack: RunningStack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.gateway, timeout=30) as browser:
        sign_in(browser, role("employerWrite"))
        yield browser


@pytest.fixture
def operator(stack: RunningStack) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stack.gateway, timeout=30) as browser:
        sign_in(browser, role("operator"))
        yield browser


def test_access_ends_on_every_channel_and_an_operator_opens_it_again(
    stack: RunningStack, api: Api, employer: httpx.Client, operator: httpx.Client, people: list[Person], tmp_path: Path
) -> None:
    left, leaves, stays = people
    assert all(pages(employer, left).values()), pages(employer, left)
    before = api.summary(ENTERPRISE, YEAR)

    for person, day in ((left, LEFT), (leaves, LEAVES)):
        change = hired(person) | {"endDate": day.isoformat(), "endReason": "resignation"}
        keyed = {"Prefer": "wait=20", "Idempotency-Key": f"end-{person.reference}"}
        answers = [api.http.put(f"/employments/{person.employment}", json=change, headers=keyed)]
        assert codes(answers[0]) == (["closedFromTheStart"] if person is left else [])
        if person is left:
            until(lambda: not shown(api, left)["employment"], "the employment is still shown")
            # The answer was lost on the way: the same request gets it again, though nothing can be read any more.
            answers.append(api.http.put(f"/employments/{person.employment}", json=change, headers=keyed))
        assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, person.employment)}

    until(lambda: not any(shown(api, left).values()), f"still shown: {shown(api, left)}")
    assert not any(pages(employer, left).values()), pages(employer, left)
    for person in (leaves, stays):
        assert all(shown(api, person).values()), shown(api, person)
        assert all(pages(employer, person).values()), pages(employer, person)

    assert writes(api, left) == {
        "training": "accessClosed", "figure": "accessClosed", "bulk": "accessClosed", "correction": "404",
        "cancellation": "404", "change": "404", "taking back": "404", "figure back": "404",
    }  # fmt: skip
    assert file_of(stack, tmp_path, left) == ["accessClosed"]
    assert file_of(stack, tmp_path, stays) == []
    tampered = {"employees": left.employment, "title": "X", "startDate": f"{YEAR}-05-03", "endDate": f"{YEAR}-05-03"}
    assert post(employer, f"/enterprises/{ENTERPRISE}/trainings/new", tampered).status_code == 422

    after = api.summary(ENTERPRISE, YEAR)
    assert after["completed"]["minutes"] == before["completed"]["minutes"]
    assert after["employees"]["employed"] == before["employees"]["employed"]
    assert after["employees"]["onlyInTotals"] == before["employees"]["onlyInTotals"] + 1
    told = employer.get(f"/enterprises/{ENTERPRISE}?year={YEAR}&lang=en").text
    assert f"{after['employees']['onlyInTotals']} former employee" in told

    reopen(operator, left)
    until(lambda: all(shown(api, left).values()), f"not open again: {shown(api, left)}")
    assert all(pages(employer, left).values()), pages(employer, left)
    corrected = {name: value for name, value in trained(left, duration="PT3H48M").items() if name != "reference"}
    answer = api.http.put(
        f"/trainings/{left.training}", json=corrected | {"reason": "uren fout"}, headers={"Prefer": "wait=20"}
    )
    assert answer.status_code == 201, answer.text
    withdraw(operator)
    until(lambda: not any(shown(api, left).values()), f"still shown: {shown(api, left)}")
    assert not any(pages(employer, left).values())


def file_of(stack: RunningStack, folder: Path, person: Person) -> list[str]:
    """Why a file with a cancellation of the person's training would be refused: a simulation."""
    target = folder / f"{person.reference}.xml"
    target.write_bytes(
        batch(
            f"<trainingCancellation><reference>T-{person.reference}</reference><ssin>{person.worker.ssin}</ssin>"
            f"<enterpriseNumber>{ENTERPRISE}</enterpriseNumber><reason>fout</reason></trainingCancellation>"
        )
    )
    answer = stack.fla("submit", str(target), "--client", CLIENT, "--follow", "--simulate", "--json", check=False)
    lines = json.loads(answer.stdout)["refusedLines"]
    return [found["code"] for line in lines for found in line["anomalies"]]


def post(browser: httpx.Client, address: str, fields: dict[str, Any]) -> httpx.Response:
    """A form, with what every form carries."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/me").text)
    assert token is not None
    return browser.post(address, data={"csrf_token": token[1], "submission_key": uuid.uuid4().hex, **fields})


def reopen(operator: httpx.Client, person: Person) -> None:
    """First with something wrong, told at its place."""
    fields = {
        "enterpriseNumber": ENTERPRISE,
        "ssin": person.worker.ssin,
        "until": (TODAY + timedelta(200)).isoformat(),
        "reason": "Uren 2023 verkeerd",
    }
    wrong = post(operator, "/operator/access", fields)
    assert wrong.status_code == 422
    assert 'id="field-until-error"' in wrong.text
    right = fields | {"until": (TODAY + timedelta(5)).isoformat()}
    assert post(operator, "/operator/access", right).status_code == 303


def withdraw(operator: httpx.Client) -> None:
    listed = operator.get("/operator/access").text
    assert "Uren 2023 verkeerd" in listed
    address = re.search(r'action="(/operator/access/[^"]+/withdraw)"', listed)
    assert address is not None
    assert post(operator, address[1], {}).status_code == 303


def test_only_operators_open_access(employer: httpx.Client) -> None:
    assert employer.get("/operator/access").status_code == 403
    assert post(employer, "/operator/access", {}).status_code == 403
