"""A social secretariat with many employers, set up on a running stack: for measurements and for fault tests."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from deploy.checkout import ROOT
from deploy.local.services import service_environment
from deploy.local.stack import Stack
from deploy.setup.secret_file import database_passwords
from tests.support.batch_files import Plan, enterprise_numbers, write_batch
from tests.support.running_stack import RunningStack

SECRETARIAT = "1999020144"
CLIENT = "wegwijs-payroll"
YEAR_FROM = "2023-01-01"
STAFF_TRAININGS = {"STAFF-T0000000": 456}
"""What the file that employs everyone registers besides, by reference, in minutes."""


@dataclass(frozen=True)
class Payroll:
    """The secretariat on one stack: its employers, their people, and the databases to count in."""

    stack: RunningStack
    enterprises: tuple[str, ...]
    people: int

    @classmethod
    def set_up(cls, stack: RunningStack, *, people: int, enterprises: int) -> "Payroll":
        """Employers with mandates and sizes, and their people employed, all through the product's own channels."""
        payroll = cls(stack, enterprise_numbers(enterprises), people)
        payroll._load_access()
        payroll._register_enterprises()
        payroll._employ()
        return payroll

    @property
    def year(self) -> int:
        """Of files of trainings that are over: this year or, so early in it that they lie ahead, the last."""
        today = date.today()
        return today.year if today.month > 2 else today.year - 1

    def plan(self, trainings: int, series: str, year: int) -> Plan:
        return Plan(SECRETARIAT, self.enterprises, trainings=trainings, people=self.people, series=series, year=year)

    def environment(self, service: str) -> dict[str, str]:
        stack = Stack.of(self.stack.settings)
        return service_environment(stack.settings, stack.secrets, stack.administrator_url, service)

    def database(self, service: str) -> str:
        stack = Stack.of(self.stack.settings)
        assert database_passwords(stack.secrets)
        return stack.database_urls[service]

    def query(self, service: str, sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Rows of a service's own database."""

        async def ask() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.database(service))
            try:
                return [tuple(row) for row in await connection.fetch(sql, *arguments)]
            finally:
                await connection.close()

        return asyncio.run(ask())

    def token(self) -> str:
        return self.stack.fla("token", "--client", CLIENT).stdout.strip()

    def upload(self, path: Path, token: str) -> str:
        """Send a file as software does, over the API; the batch's id."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"}
        with path.open("rb") as file, httpx.Client(timeout=120) as http:
            answer = http.post(f"{self.stack.gateway}/api/v1/batches", content=file, headers=headers)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def submit(self, path: Path, *, follow: bool = True) -> dict[str, Any]:
        arguments = ["submit", str(path), "--client", CLIENT, "--json", *(["--follow"] if follow else [])]
        answer = self.stack.fla(*arguments, check=False)
        try:
            found: dict[str, Any] = json.loads(answer.stdout)
        except json.JSONDecodeError:
            raise AssertionError(f"fla submit: {answer.stdout}{answer.stderr}") from None
        return found

    def _load_access(self) -> None:
        access = {
            "people": [],
            "enterprises": [{"number": number, "name": f"Employer {number}"} for number in self.enterprises],
            "accessRights": [],
            "mandates": [{"enterprise": n, "mandatary": SECRETARIAT, "from": YEAR_FROM} for n in self.enterprises],
            "clients": [],
        }
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(access, file)
            file.flush()
            command = [sys.executable, "-m", "services.gateway.access.load", file.name]
            subprocess.run(command, cwd=ROOT, env=self.environment("gateway"), check=True)

    def _register_enterprises(self) -> None:
        headers = {"Authorization": f"Bearer {self.token()}"}
        with httpx.Client(base_url=f"{self.stack.gateway}/api/v1", headers=headers, timeout=30) as http:
            for number in self.enterprises:
                body = {
                    "enterpriseNumber": number,
                    "name": f"Employer {number}",
                    "jointCommittees": ["200"],
                    "sizes": [{"workers": "50", "validFrom": YEAR_FROM}],
                }
                http.post("/enterprises", json=body).raise_for_status()

    def _employ(self) -> None:
        plan = Plan(SECRETARIAT, self.enterprises, trainings=1, people=self.people, employments=True, series="STAFF")
        with tempfile.TemporaryDirectory() as folder:
            written = write_batch(Path(folder) / "staff.xml", plan)
            answer = self.submit(written.path)
        assert answer["accepted"] + answer["acceptedWithWarnings"] == written.plan.declared, answer
        self.wait(
            lambda: self.query("dashboard", "select count(distinct employment) from balance")[0][0] >= self.people
        )

    def wait(self, done: Callable[[], bool], seconds: float = 600, pause: float = 0.5) -> float:
        """Until it is done; the seconds it took."""
        started = time.monotonic()
        while not done():
            assert time.monotonic() - started < seconds, "not done in time"
            time.sleep(pause)
        return time.monotonic() - started
