"""One training from registration to cancellation over the API, and what the FLA answers to what is wrong."""

import uuid
from typing import Any

import httpx
import pytest

from tests.end_to_end.product.conftest import ENTERPRISE, OTHER_ENTERPRISE, Api
from tests.support.batch_files import Written, workers
from tests.support.running_stack import RunningStack


@pytest.fixture(scope="module")
def ssin(staff: Written) -> str:
    return workers(staff.plan)[7].ssin


def brochure(ssin: str, /, **changes: Any) -> dict[str, Any]:
    """The brochure's own example; each under a title of its own, as the same training twice is another matter."""
    training = {
        "reference": f"R-{uuid.uuid4()}",
        "ssin": ssin,
        "enterpriseNumber": ENTERPRISE,
        "title": f"naam opleiding {uuid.uuid4()}",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "duration": "PT15H12M",
    }
    return {name: value for name, value in (training | changes).items() if value is not None}


def registered(api: Api, training: dict[str, Any]) -> str:
    answer = api.post("/trainings", training, Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_the_brochures_training_goes_through_and_is_charged(api: Api, ssin: str) -> None:
    answer = api.post("/trainings", brochure(ssin), Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    found = api.get(answer.headers["Location"].removeprefix("/api/v1"))
    assert found["content"]["startDate"] == "2024-06-16"
    assert found["content"]["endDate"] == "2024-06-19"
    assert found["ssin"] == ssin


def test_without_waiting_the_answer_says_where_to_look(api: Api, ssin: str) -> None:
    answer = api.post("/trainings", brochure(ssin))
    assert answer.status_code == 202
    submission = answer.headers["Location"].removeprefix("/api/v1")
    done = api.completed(submission, lambda found: found["status"] == "completed")
    assert (done["accepted"], done["refused"]) == (1, 0)


def test_a_training_is_corrected_and_cancelled_and_every_version_stays(api: Api, ssin: str) -> None:
    training = registered(api, brochure(ssin, title="naam opleiding"))
    read = api.http.get(f"/trainings/{training}")
    content = {
        k: v for k, v in brochure(ssin, title="Juist").items() if k not in ("reference", "ssin", "enterpriseNumber")
    }
    corrected = api.http.put(
        f"/trainings/{training}",
        json=content | {"reason": "tikfout"},
        headers={"If-Match": read.headers["ETag"], "Prefer": "wait=20"},
    )
    assert corrected.status_code == 201, corrected.text
    stale = api.http.put(f"/trainings/{training}", json=content, headers={"If-Match": read.headers["ETag"]})
    assert stale.status_code == 412
    cancelled = api.post(f"/trainings/{training}/cancel", {"reason": "niet doorgegaan"}, Prefer="wait=20")
    assert cancelled.status_code == 201, cancelled.text
    versions = api.get(f"/trainings/{training}/versions")["items"]
    assert [(v["version"], v["content"]["title"], v["content"]["status"]) for v in versions] == [
        (3, "Juist", "cancelled"),
        (2, "Juist", "completed"),
        (1, "naam opleiding", "completed"),
    ]
    assert versions[1]["reason"] == "tikfout"


def test_the_same_request_twice_registers_once(api: Api, ssin: str) -> None:
    training, key = brochure(ssin, reference=None), f"key-{uuid.uuid4()}"
    first = api.post("/trainings", training, Idempotency_Key=key, Prefer="wait=20")
    second = api.post("/trainings", training, Idempotency_Key=key, Prefer="wait=20")
    assert first.json()["id"] == second.json()["id"]
    assert len(api.get(f"/trainings/{first.json()['id']}/versions")["items"]) == 1
    other = api.post("/trainings", training | {"title": "other"}, Idempotency_Key=key)
    assert other.status_code == 409


def test_a_reference_is_used_once(api: Api, ssin: str) -> None:
    training = brochure(ssin)
    registered(api, training)
    same = api.post("/trainings", training, Prefer="wait=20")
    assert (same.status_code, same.json()["status"]) == (201, "unchanged")
    other = api.post("/trainings", training | {"title": "other"}, Prefer="wait=20")
    assert other.status_code == 409
    assert other.json()["issues"][0]["code"] == "referenceAlreadyUsed"


@pytest.mark.parametrize(
    ("changes", "name", "code", "type_"),
    [
        ({"ssin": "85073003329"}, "ssin", "invalidSsin", "invalidStructure"),
        ({"enterpriseNumber": "1999010346"}, "enterpriseNumber", "invalidEnterpriseNumber", "invalidStructure"),
        ({"endDate": "2024-06-15"}, "endDate", "endBeforeStart", "invalidPeriod"),
        ({"enterpriseNumber": "1999010147"}, "enterpriseNumber", "enterpriseNotFound", "referencedResourceNotFound"),
        ({"enterpriseNumber": OTHER_ENTERPRISE}, "enterpriseNumber", "enterpriseNotFound",
         "referencedResourceNotFound"),
        ({"ssin": "85073003328"}, "ssin", "employmentNotFound", "referencedResourceNotFound"),
        ({"title": None}, "title", "requiredInput", "requiredInput"),
        ({"colour": "blue"}, "colour", "unknownInput", "unknownInput"),
        ({"title": 5}, "title", "wrongType", "schemaViolation"),
    ],
)  # fmt: skip
def test_each_wrong_field_has_its_precise_answer(
    api: Api, ssin: str, changes: dict[str, Any], name: str, code: str, type_: str
) -> None:
    answer = api.post("/trainings", brochure(ssin, **changes), Accept_Language="nl")
    assert answer.status_code == 400, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "urn:problem-type:belgif:badRequest"
    [issue] = problem["issues"]
    assert (issue["name"], issue["code"], issue["in"]) == (name, code, "body")
    assert issue["type"].endswith(f":{type_}")
    assert "85073" not in answer.text


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b""])
def test_what_is_not_a_json_object_is_told_so(api: Api, body: bytes) -> None:
    answer = api.http.post("/trainings", content=body)
    assert answer.status_code == 400
    assert answer.json()["issues"][0]["type"].endswith(":schemaViolation")


def test_nobody_gets_in_without_a_token_or_with_a_wrong_one(stack: RunningStack) -> None:
    with httpx.Client(base_url=f"{stack.gateway}/api/v1") as http:
        without = http.post("/trainings", json={})
        assert (without.status_code, without.json()["type"]) == (401, "urn:problem-type:belgif:noAccessToken")
        wrong = http.post("/trainings", json={}, headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."})
        assert (wrong.status_code, wrong.json()["type"]) == (401, "urn:problem-type:belgif:invalidAccessToken")


def test_one_enterprise_never_sees_anothers_trainings(api: Api, secretariat: Api, ssin: str) -> None:
    training = registered(api, brochure(ssin))
    for path in (
        f"/trainings/{training}",
        f"/trainings/{training}/versions",
        f"/enterprises/{ENTERPRISE}/summary?year=2024",
    ):
        assert secretariat.http.get(path).status_code == 404
    assert secretariat.http.get("/trainings", params={"enterpriseNumber": ENTERPRISE}).status_code == 404
    cancelled = secretariat.post(f"/trainings/{training}/cancel", {"reason": "not mine"})
    assert cancelled.status_code == 404


def test_a_read_only_client_cannot_write(stack: RunningStack, ssin: str) -> None:
    token = stack.fla("token", "--client", "noordzee-reporting").stdout.strip()
    answer = httpx.post(
        f"{stack.gateway}/api/v1/trainings", json=brochure(ssin), headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:problem-type:belgif:missingScope")


def test_anyone_can_look_up_an_arrangement(stack: RunningStack) -> None:
    answer = httpx.get(
        f"{stack.gateway}/api/v1/arrangements", params={"jointCommittee": "118.03", "size": "15", "on": "2024-06-16"}
    )
    assert answer.status_code == 200
    assert answer.json()["items"][0]["days"]


def test_every_answer_can_be_traced(api: Api) -> None:
    assert api.http.get("/refData/endReasons").headers["BelGov-Trace-Id"]
