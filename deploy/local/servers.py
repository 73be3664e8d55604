"""Starting the local Kafka and PostgreSQL."""

import asyncio
from collections.abc import Mapping
from urllib.parse import quote

from deploy.failure import StartFailure
from deploy.local import checks, jars, kafka, postgres, waiting
from deploy.local.postgres_install import PostgresInstall
from deploy.local.settings import HOST, LocalSettings
from deploy.local.supervisor import Supervisor
from deploy.progress import ReportedStep, Reporter
from deploy.setup import server_health
from deploy.setup.secret_file import ADMINISTRATOR_PASSWORD


def administrator_url(settings: LocalSettings, secrets: Mapping[str, str]) -> str:
    """Build the administrator's URL of the PostgreSQL in use: the existing one that was named, else the local one."""
    if settings.database_url:
        return settings.database_url
    password = quote(secrets[ADMINISTRATOR_PASSWORD], safe="")
    return f"postgresql://{postgres.ADMINISTRATOR}:{password}@{HOST}:{settings.ports.postgres}/postgres"


async def start_kafka(settings: LocalSettings, supervisor: Supervisor, report: Reporter) -> None:
    """Download Kafka if need be, start it and wait until it answers. Raises StartFailure."""
    await asyncio.to_thread(_fetch, settings, report)
    with report.step("Kafka") as step:
        if not (kafka.folder(settings) / "data" / "meta.properties").is_file():
            step.show("preparing its storage")
        await asyncio.to_thread(kafka.prepare, settings)
        step.show("starting")
        await asyncio.to_thread(supervisor.start, kafka.NAME)
        await waiting.until_answering(
            kafka.program(settings),
            supervisor,
            lambda: server_health.kafka_answers(settings.bootstrap),
            settings.start_timeout_seconds,
        )


async def start_postgres(
    settings: LocalSettings,
    install: PostgresInstall,
    secrets: Mapping[str, str],
    supervisor: Supervisor,
    report: Reporter,
) -> None:
    """Create the data folder if need be, start PostgreSQL and wait until it answers. Raises StartFailure."""
    with report.step("PostgreSQL") as step:
        step.show("starting")
        await asyncio.to_thread(postgres.prepare, settings, install, secrets[ADMINISTRATOR_PASSWORD])
        await asyncio.to_thread(supervisor.start, postgres.NAME)
        await waiting.until_answering(
            postgres.program(settings, install),
            supervisor,
            lambda: server_health.postgres_answers(administrator_url(settings, secrets)),
            settings.start_timeout_seconds,
        )


async def require_issuer(issuer: str, report: Reporter) -> None:
    """Check that the existing identity provider answers. Raises StartFailure when it does not."""
    with report.step("Identity provider, the existing one"):
        if not await waiting.issuer_answers(issuer):
            raise StartFailure(
                f"No OpenID Connect provider answers at {issuer}.",
                "Start it, or correct or remove FLA_OIDC_ISSUER (without it the demo's is started).",
            )


def _fetch(settings: LocalSettings, report: Reporter) -> None:
    if not (missing := jars.missing_jars(settings.cache_dir)):
        return
    checks.check_network(settings.cache_dir)
    with report.step(f"Download of Kafka, {len(missing)} files") as step:
        _download(missing, settings, step)


def _download(missing: tuple[jars.Jar, ...], settings: LocalSettings, step: ReportedStep) -> None:
    step.show("fetching and checking")
    jars.fetch_jars(missing, settings.cache_dir, step.count)
