"""Software of the demo employer, and a small client of the API as it would write one."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.batch_files import Plan, Written, write_batch
from tests.support.running_stack import RunningStack

ENTERPRISE = "1999010345"
OTHER_ENTERPRISE = "1999010444"
CLIENT = "noordzee-hr"
SECONDS = 60.0


@dataclass(frozen=True)
class Api:
    """The API as one client sees it."""

    http: httpx.Client

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.http.post(path, json=body, headers={name.replace("_", "-"): text for name, text in headers.items()})

    def get(self, path: str, **query: Any) -> Any:
        answer = self.http.get(path, params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def completed(self, path: str, done: Callable[[Any], bool]) -> Any:
        """Ask until it is done."""
        deadline = time.monotonic() + SECONDS
        while True:
            found = self.get(path)
            if done(found):
                return found
            assert time.monotonic() < deadline, f"{path} is not done: {found}"
            time.sleep(0.2)

    def completed_post(self, path: str, body: Any, done: Callable[[Any], bool]) -> Any:
        """The same for what is asked with a body."""
        deadline = time.monotonic() + SECONDS
        while not done(found := self.post(path, body).json()):
            assert time.monotonic() < deadline, f"{path} is not done: {found}"
            time.sleep(0.2)
        return found

    def summary(self, enterprise: str, year: int) -> Any:
        return self.get(f"/enterprises/{enterprise}/summary", year=year)


def _api(stack: RunningStack, client: str) -> Api:
    token = stack.fla("token", "--client", client).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    return Api(httpx.Client(base_url=f"{stack.gateway}/api/v1", headers=headers, timeout=30))


@pytest.fixture(scope="session")
def api(stack: RunningStack) -> Iterator[Api]:
    """The demo employer's own HR software."""
    made = _api(stack, CLIENT)
    yield made
    made.http.close()


@pytest.fixture(scope="session")
def secretariat(stack: RunningStack) -> Iterator[Api]:
    """A social secretariat's payroll software, with mandates of three other enterprises."""
    made = _api(stack, "wegwijs-payroll")
    yield made
    made.http.close()


@pytest.fixture(scope="session")
def staff(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """200 employees of the demo employer, registered by file as its payroll software would."""
    plan = Plan(ENTERPRISE, (ENTERPRISE,), trainings=1, people=200, employments=True, series="STAFF")
    written = write_batch(tmp_path_factory.mktemp("files") / "staff.xml", plan)
    answer = stack.fla("submit", str(written.path), "--client", CLIENT, "--follow", check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return written


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
