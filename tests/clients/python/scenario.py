"""What payroll software does with the client that is generated for Python. Exit code 0: all of it went well.

Arguments: the API's host, the token endpoint, the client's id, its key (JWK), an enterprise, an employee, a batch file.
"""

import json
import sys
import time
import uuid
from datetime import date
from pathlib import Path

import fla_client
import httpx
from fla_client.exceptions import BadRequestException
from fla_client.models.problem import Problem
from joserfc import jwt
from joserfc.jwk import import_key


def token(endpoint: str, client: str, key_file: str) -> str:
    key = import_key(json.loads(Path(key_file).read_text(encoding="utf-8")))
    now = int(time.time())
    claims = {"iss": client, "sub": client, "aud": endpoint, "iat": now, "exp": now + 60, "jti": str(uuid.uuid4())}
    assertion = jwt.encode({"alg": "ES256", "kid": key.kid or key.thumbprint()}, claims, key)
    answer = httpx.post(
        endpoint,
        data={
            "grant_type": "client_credentials",
            "client_id": client,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
        },
    )
    return answer.raise_for_status().json()["access_token"]


def training(enterprise: str, ssin: str, **changes: object) -> fla_client.TrainingRegistration:
    content = {
        "reference": f"py-{uuid.uuid4()}", "ssin": ssin, "enterpriseNumber": enterprise,
        "title": f"Python {uuid.uuid4()}", "startDate": date(2024, 6, 16), "endDate": date(2024, 6, 19),
        "duration": "PT15H12M",
    }  # fmt: skip
    return fla_client.TrainingRegistration.from_dict(content | changes)


def lower(headers: dict[str, str]) -> dict[str, str]:
    """By their names in lower case: the generated client keeps what was sent, and HTTP does not care."""
    return {name.lower(): value for name, value in headers.items()}


def main(host: str, endpoint: str, client: str, key_file: str, enterprise: str, ssin: str, batch_file: str) -> None:
    configuration = fla_client.Configuration(host=host, access_token=token(endpoint, client, key_file))
    with fla_client.ApiClient(configuration) as http:
        trainings, submissions = fla_client.TrainingsApi(http), fla_client.SubmissionsApi(http)
        batches = fla_client.BatchesApi(http)

        taken = trainings.register_training_with_http_info(training(enterprise, ssin))
        assert (taken.status_code, taken.data.status) == (202, "pending"), taken
        while (state := submissions.read_submission(taken.data.submission_id)).status != "completed":
            time.sleep(0.2)
        assert (state.accepted, state.refused) == (1, 0), state

        decided = trainings.register_training_with_http_info(training(enterprise, ssin), prefer="wait=20")
        assert (decided.status_code, decided.data.status) == (201, "accepted"), decided
        headers = lower(decided.headers)
        assert headers["preference-applied"] == "wait=20"
        id_ = decided.data.id
        assert headers["location"].endswith(str(id_))

        version = lower(trainings.read_training_with_http_info(id_).headers)["etag"]
        correction = fla_client.TrainingCorrection(
            title=f"Better {uuid.uuid4()}", startDate=date(2024, 6, 16), endDate=date(2024, 6, 17),
            duration="PT7H36M", reason="tikfout",
        )  # fmt: skip
        corrected = trainings.correct_training(id_, correction, if_match=version, prefer="wait=20")
        assert corrected.status == "accepted", corrected
        now = trainings.read_training(id_)
        assert (now.version, now.content.title, now.content.minutes) == (2, correction.title, 456), now

        cancelled = trainings.cancel_training(
            id_, fla_client.TrainingCancellation(reason="niet doorgegaan"), prefer="wait=20"
        )
        assert cancelled.status == "accepted", cancelled
        assert trainings.read_training(id_).content.status == "cancelled"

        many = [training(enterprise, ssin), training(enterprise, "00000000000"), training(enterprise, ssin)]
        bulk = trainings.register_trainings(fla_client.TrainingRegistrations(items=many), prefer="wait=20")
        assert (bulk.status, bulk.accepted, bulk.refused, bulk.items[0].line) == ("completed", 2, 1, 2), bulk

        first, again = (batches.send_batch_with_http_info(file=batch_file) for _ in range(2))
        assert (first.status_code, again.status_code) == (202, 200), (first, again)
        assert first.data.id == again.data.id
        while (batch := batches.read_batch(first.data.id)).state not in ("completed", "rejected"):
            time.sleep(0.3)
        assert batch.state == "completed", batch
        report = batches.read_report(batch.id, format="json")
        assert report.complete and len(report.items) == batch.declared, report

        page = trainings.list_trainings(enterprise_number=enterprise, page_size=2)
        assert page.next is not None and page.total > 2
        further = trainings.list_trainings(enterprise_number=enterprise, page_size=2, page=page.page + 1)
        assert {one.training for one in page.items}.isdisjoint(one.training for one in further.items)

        try:
            trainings.register_training(training(enterprise, ssin, endDate=date(2024, 6, 1)), accept_language="nl")
        except BadRequestException as refusal:
            problem = refusal.data
            assert isinstance(problem, Problem) and problem.issues is not None
            (issue,) = problem.issues
            assert (issue.name, issue.code, issue.var_in) == ("endDate", "endBeforeStart", "body"), issue
        else:
            raise AssertionError("a training that ends before it starts was taken")
    print("python: all went well")


if __name__ == "__main__":
    main(*sys.argv[1:])
