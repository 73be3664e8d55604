"""The whole product as `fla up` starts it, for tests that look at it from the outside."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.checkout import ROOT
from deploy.local.services import address
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Process, Supervisor

SERVERS = ("FLA_KAFKA_BOOTSTRAP", "FLA_DATABASE_URL", "FLA_OIDC_ISSUER", "FLA_REPRESENTATION_URL")
FLA = ROOT / ".venv" / "bin" / "fla"


@dataclass(frozen=True)
class RunningStack:
    """Addresses of a running stack of this test run's own, and the commands on it."""

    settings: LocalSettings

    @property
    def gateway(self) -> str:
        return address(self.settings.ports, "gateway")

    @property
    def registration(self) -> str:
        return address(self.settings.ports, "registration")

    @property
    def entitlements(self) -> str:
        return address(self.settings.ports, "entitlements")

    @property
    def dashboard(self) -> str:
        return address(self.settings.ports, "dashboard")

    @property
    def identity_provider(self) -> str:
        return address(self.settings.ports, "identity-provider")

    @property
    def simulators(self) -> str:
        return address(self.settings.ports, "simulators")

    @property
    def bootstrap(self) -> str:
        return self.settings.bootstrap

    @property
    def state_dir(self) -> Path:
        return self.settings.state_dir

    def environment(self) -> dict[str, str]:
        """The environment in which commands mean this stack."""
        other = {name: value for name, value in os.environ.items() if not name.startswith("FLA_")}
        own = {
            "FLA_STATE_DIR": str(self.settings.state_dir),
            "FLA_CACHE_DIR": str(self.settings.cache_dir),
            "FLA_PORT_OFFSET": str(self.settings.port_offset),
            "FLA_START_TIMEOUT_SECONDS": str(self.settings.start_timeout_seconds),
            # Named empty: what a developer's own .env says is not meant for the tests.
            **dict.fromkeys(
                ("FLA_KAFKA_BOOTSTRAP", "FLA_DATABASE_URL", "FLA_OIDC_ISSUER", "FLA_REPRESENTATION_URL"), ""
            ),
        }
        owner = {"FLA_OWNER_PID": str(self.settings.owner_pid)} if self.settings.owner_pid else {}
        return other | own | owner

    def fla(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs `fla` on this stack; its output is in the error when it fails."""
        answer = subprocess.run(
            [str(FLA), *arguments],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if check and answer.returncode != 0:
            raise AssertionError(f"fla {' '.join(arguments)} failed:\n{answer.stdout}\n{answer.stderr}")
        return answer

    def processes(self) -> dict[str, Process]:
        """What the supervisor says of each process."""
        return Supervisor(self.settings.state_dir).processes()

    def kill(self, name: str) -> int:
        """kill -9 of one process; gives the pid it had."""
        pid = self.processes()[name].pid
        os.kill(pid, signal.SIGKILL)
        return pid
