"""Headers that change what is done, on the running product: what was heeded is told, what is not is refused."""

import httpx
import pytest

from tests.end_to_end.product.conftest import ENTERPRISE, Api
from tests.end_to_end.product.test_one_registration import brochure
from tests.end_to_end.product.test_taking_back import figure
from tests.support.batch_files import Written, workers
from tests.support.running_stack import RunningStack


@pytest.fixture(scope="module")
def ssin(staff: Written) -> str:
    return workers(staff.plan)[20].ssin


def test_a_longer_wait_than_may_be_is_told_as_it_is(api: Api, ssin: str) -> None:
    answer = api.post("/trainings", brochure(ssin), Prefer="respond-async, wait=600")
    assert answer.status_code == 201, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async, wait=30"
    at_once = api.post("/trainings", brochure(ssin))
    assert (at_once.status_code, at_once.headers["Retry-After"]) == (202, "1")
    assert "Preference-Applied" not in at_once.headers


def test_a_simulation_that_cannot_be_registers_nothing(api: Api, staff: Written) -> None:
    """Lost: the trust that a rehearsal is one."""
    ssin = workers(staff.plan)[21].ssin
    person = {"enterpriseNumber": ENTERPRISE, "ssin": ssin}
    before = api.post("/trainings/query", person).json()["total"]
    answer = api.post("/trainings", brochure(ssin), Prefer="wait=20", Fla_Mode="simulation")
    assert answer.status_code == 400, answer.text
    later = api.post("/trainings", brochure(ssin), Prefer="wait=20")
    assert later.status_code == 201, later.text
    api.completed_post("/trainings/query", person, lambda found: found["total"] > before)
    assert api.post("/trainings/query", person).json()["total"] == before + 1


def test_a_submission_is_read_with_a_scope_of_what_it_is_about(stack: RunningStack, api: Api, ssin: str) -> None:
    address = api.post("/trainings", brochure(ssin)).headers["Location"]
    for scope, status in (("trainings:read", 200), ("trainings:write", 200), ("employments:read", 403)):
        token = stack.fla("token", "--client", "noordzee-hr", "--scope", f"scope:fla:{scope}").stdout.strip()
        answer = httpx.get(f"{stack.gateway}{address}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status, (scope, answer.text)


def test_an_own_figure_is_not_taken_back_over_somebody_elses_change(api: Api, ssin: str) -> None:
    answer = api.post("/entitlements", figure(ssin, "40"), Prefer="wait=20")
    assert answer.status_code == 201, answer.text
    address = answer.headers["Location"].removeprefix("/api/v1")
    version = api.http.get(address).headers["ETag"]
    body = {"reason": "vergissing"}
    assert api.post(f"{address}/cancel", body, If_Match='"99"').status_code == 412
    assert api.post(f"{address}/cancel", body, If_Match=version, Prefer="wait=20").status_code == 201
