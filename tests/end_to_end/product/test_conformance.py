"""The same declaration gets the same anomaly on every channel: code, field and text.

What a user loses when these fail: someone who moves from forms to software, or from the API to files, must learn the
answers anew.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from services.gateway.web.kit.wording import on_form
from shared.clock import brussels_today
from shared.i18n import Language
from tests.end_to_end.product.conftest import CLIENT, ENTERPRISE, Api
from tests.support.batch_files import NAMESPACE, Written, workers
from tests.support.running_stack import RunningStack

# Each case: what differs from a right training, and the anomaly that must follow, as (field, code).
CASES: dict[str, tuple[dict[str, str], tuple[str, str]]] = {
    "end before start": ({"endDate": "2024-06-01"}, ("endDate", "endBeforeStart")),
    "no such day": ({"startDate": "2024-02-30"}, ("startDate", "invalidDate")),
    "too far ahead": ({"startDate": "2060-01-01", "endDate": "2060-01-01"}, ("startDate", "dateTooFar")),
    "longer than its days": ({"duration": "PT100H"}, ("duration", "durationExceedsPeriod")),
    "nothing at all": ({"duration": "PT0M"}, ("duration", "durationTooShort")),
    "a text too long": ({"title": "x" * 201}, ("title", "tooLong")),
    "nothing to be seen": ({"title": "\u200b\u2060"}, ("title", "requiredInput")),
    "a control character": ({"title": "a\x86b"}, ("title", "invalidText")),
    "a national number in a text": ({"title": "cursus 85.07.30-033.28"}, ("title", "nationalNumberInText")),
    "charged more": ({"chargedDuration": "PT20H"}, ("chargedDuration", "chargedMoreThanDuration")),
    "completed ahead": (
        {"startDate": "2027-06-01", "endDate": "2027-06-01", "status": "completed"},
        ("status", "completedInFuture"),
    ),
}


@pytest.fixture(scope="module")
def ssin(staff: Written) -> str:
    return workers(staff.plan)[3].ssin


@pytest.fixture(scope="module")
def web(stack: RunningStack) -> Iterator[httpx.Client]:
    """Someone of the employer, signed in, without a browser."""
    with httpx.Client(base_url=stack.gateway, follow_redirects=True, headers={"Accept-Language": "en"}) as client:
        page = client.get("/sign-in/start")
        name = re.search(r'name="person" value="([^"]+)"(?:(?!</button>).)*Sofie Maes', page.text, re.S)
        assert name is not None
        choice = re.findall(r'<button name="person" value="([^"]+)">((?:(?!</button>).)*)</button>', page.text, re.S)
        person = next(value for value, text in choice if "Sofie Maes" in text)
        answer = client.post(str(page.url), data={"person": person, "means": "eid"})
        assert ENTERPRISE in str(answer.url), answer.url
        yield client


def fields(ssin: str, changes: dict[str, str]) -> dict[str, str]:
    return {
        "ssin": ssin,
        "enterpriseNumber": ENTERPRISE,
        "title": "naam opleiding",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "duration": "PT15H12M",
    } | changes


def by_api(api: Api, declared: dict[str, str]) -> tuple[str, str, str]:
    answer = api.post("/trainings", declared, Accept_Language="en")
    assert answer.status_code == 400, answer.text
    [issue] = [one for one in answer.json()["issues"] if one["severity"] == "error"][:1]
    return issue["name"], issue["code"], issue["detail"]


def by_form(web: httpx.Client, declared: dict[str, str], employment: str) -> set[str]:
    """The error texts the page shows, without the names of their fields before them."""
    address = f"/enterprises/{ENTERPRISE}/trainings/new"
    page = web.get(address)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    key = re.search(r'name="submission_key" value="([^"]+)"', page.text)
    assert token is not None
    assert key is not None
    form: dict[str, Any] = {
        name: text
        for name, text in declared.items()
        if name not in ("ssin", "enterpriseNumber") and "uration" not in name
    }
    for name in ("duration", "chargedDuration"):
        if name in declared:
            hours, minutes = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?", declared[name]).groups()  # type: ignore[union-attr]
            form |= {f"{name}Hours": hours or "", f"{name}Minutes": minutes or ""}
    answer = web.post(address, data=form | {"employees": employment, "csrf_token": token[1], "submission_key": key[1]})
    assert answer.status_code == 422, answer.text
    summary = re.search(r'role="alert".*?</ul>', answer.text, re.S)
    assert summary is not None
    told = re.findall(r"<a [^>]*>([^<]+)</a>", summary[0])
    return {html.unescape(text).strip().partition(": ")[2] for text in told}


def _element(declared: dict[str, str], reference: str) -> str:
    order = ("ssin", "enterpriseNumber", "title", "startDate", "endDate", "duration", "status", "chargedDuration")
    inner = "".join(f"<{name}>{declared[name]}</{name}>" for name in order if name in declared)
    return f"<trainingRegistration><reference>{reference}</reference>{inner}</trainingRegistration>"


@pytest.fixture(scope="module")
def by_file(
    stack: RunningStack, api: Api, ssin: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[dict[str, str]]]:
    """All cases in one file: case -> its anomalies. A day that no calendar has is the schema's matter."""
    cases = {name: changes for name, (changes, (_, code)) in CASES.items() if code != "invalidDate"}
    body = "".join(_element(fields(ssin, changes), f"C-{rank}") for rank, changes in enumerate(cases.values()))
    path: Path = tmp_path_factory.mktemp("conformance") / "cases.xml"
    path.write_text(
        f'<batch xmlns="{NAMESPACE}" schemaVersion="1.0"><header><sender>{ENTERPRISE}</sender></header>{body}</batch>',
        encoding="utf-8",
    )
    answer = stack.fla("submit", str(path), "--client", CLIENT, "--follow", "--json", check=False)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    [batch] = api.get("/batches", pageSize=1)["items"]
    items = api.get(f"/batches/{batch['id']}/report", format="json", lang="en")["items"]
    return {name: items[rank]["anomalies"] for rank, name in enumerate(cases)}


@pytest.mark.parametrize("case", CASES)
def test_every_channel_gives_the_same_answer(
    case: str, api: Api, web: httpx.Client, ssin: str, by_file: dict[str, list[dict[str, str]]]
) -> None:
    changes, expected = CASES[case]
    declared = fields(ssin, changes)
    name, code, text = by_api(api, declared)
    assert (name, code) == expected
    employments = re.findall(
        r'name="employees" value="([^"]+)"', web.get(f"/enterprises/{ENTERPRISE}/trainings/new").text
    )
    # A form says the same to who typed it: days and numbers as in the reader's language.
    _, found = validate(Declared(1, DeclarationKind.TRAINING_REGISTRATION, declared), brussels_today().isoformat())
    said = next((one for one in found if (one.get("field"), one["code"]) == expected), None)
    assert (on_form(said, Language.ENGLISH) if said else text) in by_form(web, declared, employments[0])
    if case in by_file:
        told = [one for one in by_file[case] if one["severity"] == "error"]
        assert (told[0]["field"], told[0]["code"], told[0]["text"]) == (name, code, text)
