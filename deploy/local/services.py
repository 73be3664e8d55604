"""The four services, the demo identity provider and the simulators as processes."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.checkout import ROOT
from deploy.failure import StartFailure
from deploy.local import waiting
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings, Ports, StackPart, passed_on
from deploy.local.supervisor import Supervisor
from deploy.progress import Reporter
from deploy.setup.databases import owner_urls
from deploy.setup.secret_file import INTERNAL_KEY, VAULT_KEY, database_passwords
from deploy.setup.service_names import SERVICES

IDENTITY_PROVIDER = "identity-provider"
SIMULATORS = "simulators"
REPRESENTATION_KEY = "FLA_REPRESENTATION_KEY"
"""The setting with the token for an existing source; only the gateway asks that source."""
STOP_SECONDS = 60
"""Longer than a service needs to end its batch and relay its events."""
_HEALTH = "/health"
# All services share this machine's few cores. While a large file is processed, people wait first to see its trainings:
# the services that show them go before the charging, which needs the most CPU.
_PRIORITY = {"entitlements": ("nice", "-n", "10")}
# Only the gateway can open the identity vault.
_KEYS = dict.fromkeys(SERVICES, (INTERNAL_KEY,)) | {"gateway": (INTERNAL_KEY, VAULT_KEY)}


def common_environment(settings: LocalSettings) -> dict[str, str]:
    """Build the environment of every process of the product: the person's settings, and this stack's addresses."""
    environment = passed_on() | {
        "FLA_KAFKA_BOOTSTRAP": settings.bootstrap,
        "FLA_PORT_OFFSET": str(settings.port_offset),
        "FLA_STATE_DIR": str(settings.state_dir),
        "FLA_BATCH_DIR": passed_on().get("FLA_BATCH_DIR", str(settings.state_dir / "batches")),
        "FLA_EXCHANGE_DIR": str(exchange_folder(settings)),
        "PYTHONUNBUFFERED": "1",
        # Empty is off: a restart must not compile everything anew.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    environment.pop("FLA_OWNER_PID", None)
    # A service gets the URL of its own database only, whatever the environment of who starts it holds; the
    # administrator's URL is for making databases.
    return {
        name: value
        for name, value in environment.items()
        if name not in (INTERNAL_KEY, VAULT_KEY, REPRESENTATION_KEY) and not name.endswith("_DATABASE_URL")
    }


def exchange_folder(settings: LocalSettings) -> Path:
    """Find the exchange folder of this stack: `<sender>/in` and `<sender>/out` lie in it."""
    return Path(passed_on().get("FLA_EXCHANGE_DIR", str(settings.state_dir / "exchange")))


def service_environment(
    settings: LocalSettings, secrets: Mapping[str, str], administrator_url: str, service: str
) -> dict[str, str]:
    """Build the environment of one service: its own database and only the keys it needs."""
    urls = owner_urls(administrator_url, database_passwords(secrets))
    own_url = {f"FLA_{service.upper()}_DATABASE_URL": urls[service]}
    sources = {}
    if service == "gateway" and REPRESENTATION_KEY in passed_on():
        sources[REPRESENTATION_KEY] = passed_on()[REPRESENTATION_KEY]
    if service == "gateway" and StackPart.SIMULATORS in settings.local_parts:
        sources["FLA_REPRESENTATION_URL"] = address(settings.ports, SIMULATORS)
    return common_environment(settings) | sources | own_url | {name: secrets[name] for name in _KEYS[service]}


def service_programs(
    settings: LocalSettings, secrets: Mapping[str, str], administrator_url: str
) -> tuple[Program, ...]:
    """Describe the four services' processes for the supervisor."""
    return tuple(
        Program(
            name=service,
            title=f"The {service} service",
            command=(*_PRIORITY.get(service, ()), sys.executable, "-m", f"services.{service}.main"),
            directory=ROOT,
            environment=service_environment(settings, secrets, administrator_url, service),
            ports=(getattr(settings.ports, service),),
            health_path=_HEALTH,
            stop_seconds=STOP_SECONDS,
        )
        for service in SERVICES
    )


def identity_provider_program(settings: LocalSettings) -> Program:
    """Describe the demo identity provider's process for the supervisor."""
    return Program(
        name=IDENTITY_PROVIDER,
        title="The demo identity provider",
        command=(sys.executable, "-m", "deploy.identity_provider.main"),
        directory=ROOT,
        environment=common_environment(settings),
        ports=(settings.ports.identity_provider,),
        health_path=_HEALTH,
    )


def simulators_program(settings: LocalSettings) -> Program:
    """Describe the process of the simulated authentic sources for the supervisor."""
    return Program(
        name=SIMULATORS,
        title="The simulators of the authentic sources",
        command=(sys.executable, "-m", "deploy.simulators.main"),
        directory=ROOT,
        environment=common_environment(settings),
        ports=(settings.ports.simulators,),
        health_path=_HEALTH,
    )


def address(ports: Ports, service: str) -> str:
    """Build the address of a service, or of another process, on this machine."""
    return f"http://{HOST}:{getattr(ports, service.replace('-', '_'))}"


def check_complete() -> None:
    """Check that every service has its main module and its migrations. Raises StartFailure."""
    for service in SERVICES:
        for part in ("main.py", "migrations/env.py"):
            if not (ROOT / "services" / service / part).is_file():
                raise StartFailure(
                    f"The {service} service is not complete in this checkout: services/{service}/{part} is missing.",
                    "Take a complete copy of the repository, or start the servers alone: fla up --only servers",
                )


async def start(program: Program, supervisor: Supervisor, settings: LocalSettings, report: Reporter) -> None:
    """Start one process and wait until its `/health` answers. Raises StartFailure."""
    port, path = program.ports[0], program.health_path or _HEALTH
    with report.step(program.title):
        await asyncio.to_thread(supervisor.start, program.name)
        await waiting.until_answering(
            program, supervisor, lambda: waiting.health_answers(port, path), settings.start_timeout_seconds
        )
