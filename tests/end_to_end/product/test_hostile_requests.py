"""What is sent wrong, on purpose or not, is answered precisely, is never our failure, and harms nothing else."""

import json
import uuid
from typing import Any

import pytest

from tests.end_to_end.product.conftest import ENTERPRISE, OTHER_ENTERPRISE, Api
from tests.end_to_end.product.test_one_registration import brochure, registered
from tests.support.batch_files import Written, workers


@pytest.fixture(scope="module")
def ssin(staff: Written) -> str:
    return workers(staff.plan)[11].ssin


def codes(problem: dict[str, Any]) -> dict[str, str]:
    return {issue["name"]: issue["code"] for issue in problem["issues"]}


@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        (f"/trainings?enterpriseNumber={ENTERPRISE}&text=%00", "text", "invalidText"),
        (f"/trainings?enterpriseNumber={ENTERPRISE}&page=9000000000000000000", "page", "outOfRange"),
        (f"/trainings?enterpriseNumber={ENTERPRISE}&pageSize=501", "pageSize", "outOfRange"),
        (f"/trainings?enterpriseNumber={ENTERPRISE}&from=2024-02-30", "from", "invalidDate"),
        (f"/trainings?enterpriseNumber={ENTERPRISE}&form=2024-01-01", "form", "unknownInput"),
        ("/batches?page=9000000000000000000", "page", "outOfRange"),
        ("/enterprises?page=x", "page", "invalidNumber"),
        ("/trainings", "enterpriseNumber", "requiredInput"),
        ("/trainings/abc", "training", "invalidId"),
        ("/arrangements?jointCommittee=200&size=25&on=2024-13-45", "on", "invalidDate"),
    ],
)
def test_a_wrong_parameter_is_named_in_the_readers_language(api: Api, path: str, name: str, code: str) -> None:
    answer = api.http.get(path, headers={"Accept-Language": "fr"})
    assert answer.status_code == 400, answer.text
    assert codes(answer.json()) == {name: code}
    assert answer.json()["issues"][0]["detail"].startswith("Ce")
    assert "BelGov-Trace-Id" in answer.headers


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ({"status": "followed"}, "status", "notInList"),
        ({"page": "x"}, "page", "invalidNumber"),
        ({"page": 0}, "page", "outOfRange"),
        ({"from": "2024-02-30"}, "from", "invalidDate"),
        ({"text": "\x00"}, "text", "invalidText"),
        ({"ssin": "85073003329"}, "ssin", "invalidSsin"),
        ({"ssin": 85073003328}, "ssin", "wrongType"),
        ({"form": "2024-01-01"}, "form", "unknownInput"),
        ({"enterpriseNumber": None}, "enterpriseNumber", "wrongType"),
    ],
)
def test_a_wrong_query_is_named_as_a_wrong_field_is(api: Api, query: dict[str, Any], name: str, code: str) -> None:
    answer = api.post("/trainings/query", {"enterpriseNumber": ENTERPRISE} | query)
    assert answer.status_code == 400, answer.text
    assert codes(answer.json()) == {name: code}


def test_a_query_finds_the_trainings_of_one_person(api: Api, ssin: str) -> None:
    training = registered(api, brochure(ssin, title="Only this one"))
    asked = {"enterpriseNumber": ENTERPRISE, "ssin": ssin, "text": "only this", "status": "completed", "page": 1}
    found = api.completed_post("/trainings/query", asked, lambda page: page["total"] == 1)
    assert [item["training"] for item in found["items"]] == [training]
    unknown = api.post("/trainings/query", {"enterpriseNumber": ENTERPRISE, "ssin": "85073003328"}).json()
    assert (unknown["items"], unknown["total"], unknown["self"]) == ([], 0, "/api/v1/trainings/query")


def test_a_collection_leads_from_page_to_page(api: Api) -> None:
    first = api.get("/trainings", enterpriseNumber=ENTERPRISE, pageSize=2, sort="title")
    assert first["self"].endswith(f"/trainings?enterpriseNumber={ENTERPRISE}&pageSize=2&sort=title")
    second = api.get(first["next"].removeprefix("/api/v1"))
    assert second["page"] == 2
    assert not {item["training"] for item in first["items"]} & {item["training"] for item in second["items"]}
    assert "next" not in api.get("/trainings", enterpriseNumber=ENTERPRISE, page=1_000_000)


def test_one_bad_item_harms_no_other_whatever_it_holds(api: Api, ssin: str) -> None:
    bad = [
        brochure(ssin, reference="a\x00b"),
        brochure(ssin, reference="r" * 100_000),
        brochure(ssin, **{"\x00": 1}),
        brochure(ssin, **{"field" * 10_000: 1}),
        brochure(ssin, title="a\x00b"),
        {},
    ]
    answer = api.post("/trainings/bulk", {"items": [brochure(ssin), *bad, brochure(ssin)]}, Prefer="wait=20")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["accepted"], answer.json()["refused"]) == (2, len(bad))
    assert [item["line"] for item in answer.json()["items"]] == [2, 3, 4, 5, 6, 7]


def test_an_issue_tells_the_value_but_never_a_national_number(api: Api, ssin: str) -> None:
    wrong = brochure("85073003329", endDate="2024-06-15", provider={"name": "X", "enterpriseNumber": "0403019262"})
    issues = {issue["name"]: issue for issue in api.post("/trainings", wrong).json()["issues"]}
    assert issues["endDate"]["value"] == "2024-06-15"
    assert issues["provider.enterpriseNumber"]["value"] == "0403019262"
    assert "value" not in issues["ssin"]
    for hidden in ({"nationalNumber": "85073003328"}, {"kind": "85.07.30-033.28"}, {"theme": "85073003328"},
                   {"status": 85073003328}):  # fmt: skip
        assert "033" not in api.post("/trainings", brochure(ssin, **hidden)).text.split('"issues"')[1]
    many = api.post("/trainings/bulk", {"items": [brochure(ssin, kind="course")]}, Prefer="wait=20").json()
    assert many["items"][0]["issues"][0]["value"] == "course"


@pytest.mark.parametrize("wanted", ['W/"1"', '"x"', '""', f'"{"9" * 5000}"', b'"\xb2"'])
def test_a_version_that_is_none_is_refused(api: Api, ssin: str, wanted: str | bytes) -> None:
    training = registered(api, brochure(ssin))
    answer = api.http.post(f"/trainings/{training}/cancel", json={"reason": "x"}, headers=[(b"If-Match", wanted)])
    assert answer.status_code == 400, answer.text
    assert codes(answer.json()) == {"If-Match": "invalidText"}


def test_what_the_address_says_cannot_be_said_otherwise(api: Api, ssin: str, staff: Written) -> None:
    training = registered(api, brochure(ssin))
    kept = {k: v for k, v in brochure(ssin, title="Other").items() if k not in ("reference", "ssin")}
    content = kept | {"reason": "tikfout"}
    somebody_else = workers(staff.plan)[12].ssin
    for changes in (
        {"enterpriseNumber": OTHER_ENTERPRISE},
        {"ssin": somebody_else},
        {"ssin": 5},
        {"trainingId": str(uuid.uuid4())},
    ):
        answer = api.http.put(f"/trainings/{training}", json=content | changes)
        assert answer.status_code == 400, answer.text
        assert codes(answer.json()) == dict.fromkeys(changes, "identifiesAnother")
        assert somebody_else not in answer.text
    assert api.get(f"/trainings/{training}")["version"] == 1


def test_an_employment_is_not_changed_over_somebody_elses_change(api: Api) -> None:
    employment = api.get("/employments", enterpriseNumber=ENTERPRISE, pageSize=1)["items"][0]["employment"]
    read = api.http.get(f"/employments/{employment}")
    now = read.json()
    terms = [{**term, "workingTime": term["fraction"]} for term in now["terms"]]
    body = {"startDate": now["startDate"], "terms": [{k: t[k] for k in t if k != "fraction"} for t in terms]}
    if "endDate" in now:
        body |= {"endDate": now["endDate"]}
    stale = api.http.put(f"/employments/{employment}", json=body, headers={"If-Match": '"99"'})
    assert stale.status_code == 412, stale.text
    same = api.http.put(
        f"/employments/{employment}", json=body, headers={"If-Match": read.headers["ETag"], "Prefer": "wait=20"}
    )
    assert (same.status_code, same.json()["status"]) == (201, "unchanged"), same.text


def test_a_correction_sent_twice_with_its_key_is_answered_twice_alike(api: Api, ssin: str) -> None:
    training = registered(api, brochure(ssin))
    content = {k: v for k, v in brochure(ssin, title="B").items() if k not in ("reference", "ssin", "enterpriseNumber")}
    content["reason"] = "tikfout"
    headers = {"If-Match": '"1"', "Idempotency-Key": f"key-{uuid.uuid4()}", "Prefer": "wait=20"}
    answers = [api.http.put(f"/trainings/{training}", json=content, headers=headers) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "accepted"]
    assert api.get(f"/trainings/{training}")["version"] == 2


def test_another_kind_of_body_and_another_method_are_told(api: Api) -> None:
    form = api.http.post("/trainings", data={"title": "x"})
    assert (form.status_code, form.json()["type"]) == (415, "urn:problem-type:belgif:unsupportedMediaType")
    method = api.http.request("DELETE", "/trainings")
    assert (method.status_code, method.headers["Allow"]) == (405, "GET, POST")


def test_a_token_that_nobody_could_have_made_is_a_bad_token(api: Api) -> None:
    header = json.dumps({"alg": "ES256", "typ": "at+jwt", "kid": ["a"]}).encode().hex()
    for token in (f"{header}.e30.AA", "eyJhbGciOiJFUzI1NiIsImtpZCI6WyJhIl19.e30.AA"):
        answer = api.http.get("/enterprises", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["type"]) == (401, "urn:problem-type:belgif:invalidAccessToken")
