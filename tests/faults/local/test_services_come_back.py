"""A crash of one service must not need anybody's hand, whatever the hour."""

import time

import httpx
import pytest

from deploy.setup.service_names import SERVICES
from tests.support.running_stack import RunningStack


@pytest.mark.parametrize("name", [*SERVICES, "identity-provider", "simulators"])
def test_a_killed_service_is_back_and_well_by_itself(stack: RunningStack, name: str) -> None:
    before = stack.kill(name)
    address = getattr(stack, name.replace("-", "_"))
    deadline = time.monotonic() + 90
    while not is_well(address):
        assert time.monotonic() < deadline, f"{name} did not come back"
        time.sleep(0.5)
    assert stack.processes()[name].pid != before


def is_well(address: str) -> bool:
    try:
        answer = httpx.get(f"{address}/health", timeout=5)
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK and answer.json()["status"] == "UP"
