"""What someone sees who starts the product for the first time, and what nobody else may see."""

import ipaddress
import json

import httpx
import psutil
import pytest

from deploy.local.supervisor import Supervisor
from deploy.setup.secret_file import FILE_NAME, secrets_of
from deploy.setup.service_names import SERVICES
from tests.support.running_stack import RunningStack

PROCESSES = {"kafka", "postgres", "identity-provider", "simulators", *SERVICES}


def test_every_part_runs_and_is_well(stack: RunningStack) -> None:
    told = json.loads(stack.fla("status", "--json").stdout)["processes"]
    assert {one["name"]: one["health"] for one in told} == dict.fromkeys(PROCESSES, "UP")
    assert all(one["pid"] > 0 and one["port"] > 0 for one in told)


@pytest.mark.parametrize("page", ["/", "/api/v1/openapi.json", "/api/docs", "/health"])
def test_what_the_start_tells_to_open_opens(stack: RunningStack, page: str) -> None:
    assert httpx.get(stack.gateway + page, follow_redirects=True, timeout=20).status_code == httpx.codes.OK


def test_nothing_listens_to_other_machines(stack: RunningStack) -> None:
    pids = {process.pid for process in stack.processes().values() if process.pid}
    family = pids | {child.pid for pid in pids for child in psutil.Process(pid).children(recursive=True)}
    listening = [one for one in psutil.net_connections("tcp") if one.pid in family and one.status == psutil.CONN_LISTEN]
    assert len(listening) >= len(PROCESSES)
    outside = [one for one in listening if not ipaddress.ip_address(one.laddr.ip).is_loopback]
    assert not outside, f"open to others: {outside}"


def test_starting_again_restarts_nothing_and_loads_nothing_twice(stack: RunningStack) -> None:
    before = {name: process.pid for name, process in stack.processes().items()}
    again = stack.fla("up")
    assert {name: process.pid for name, process in stack.processes().items()} == before
    assert "Demo data" not in again.stdout
    assert stack.gateway in again.stdout


def test_what_was_stopped_alone_is_started_again(stack: RunningStack) -> None:
    Supervisor(stack.state_dir).stop(["dashboard"])
    stack.fla("up")
    told = json.loads(stack.fla("status", "--json").stdout)["processes"]
    assert {one["health"] for one in told} == {"UP"}


def test_no_secret_is_in_a_log_or_readable_by_others(stack: RunningStack) -> None:
    secrets = [value for value in secrets_of(stack.state_dir).values() if len(value) > 20]
    assert len(secrets) >= 7
    for log in (stack.state_dir / "logs").glob("*.log"):
        text = log.read_text(encoding="utf-8", errors="replace")
        assert not [secret for secret in secrets if secret in text], f"a secret is in {log.name}"
    for private in (FILE_NAME, "supervisor/supervisord.conf"):
        assert (stack.state_dir / private).stat().st_mode & 0o077 == 0
