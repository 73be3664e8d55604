"""Kafka and PostgreSQL of one stack: fetched, prepared, started, and given topics and databases."""

import asyncio
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

import asyncpg
from aiokafka.errors import KafkaError

from deploy.failure import StartFailure
from deploy.local import checks, jars, kafka, postgres, waiting
from deploy.local.settings import HOST, LocalSettings
from deploy.local.supervisor import Supervisor
from deploy.progress import Reporter, Step
from deploy.setup.databases import create_databases
from deploy.setup.secret_file import ADMINISTRATOR_PASSWORD, database_passwords
from deploy.setup.topics import create_topics


def administrator_url(settings: LocalSettings, secrets: Mapping[str, str]) -> str:
    """The administrator's URL of the PostgreSQL in use: the existing one that was named, else the local one."""
    if settings.database_url:
        return settings.database_url
    password = quote(secrets[ADMINISTRATOR_PASSWORD], safe="")
    return f"postgresql://{postgres.ADMINISTRATOR}:{password}@{HOST}:{settings.ports.postgres}/postgres"


async def start_kafka(settings: LocalSettings, supervisor: Supervisor, report: Reporter) -> None:
    """Fetches Kafka if need be and starts it; returns when it answers. Raises StartFailure."""
    await asyncio.to_thread(_fetch, settings, report)
    with report.step("Kafka") as step:
        if not (kafka.folder(settings) / "data" / "meta.properties").is_file():
            step.tell("preparing its storage")
        await asyncio.to_thread(kafka.prepare, settings)
        step.tell("starting")
        await asyncio.to_thread(supervisor.start, kafka.NAME)
        await waiting.until_answering(
            kafka.program(settings),
            supervisor,
            lambda: waiting.kafka_answers(settings.bootstrap),
            settings.start_timeout_seconds,
        )


async def start_postgres(
    settings: LocalSettings,
    where: postgres.PostgresInstall,
    secrets: Mapping[str, str],
    supervisor: Supervisor,
    report: Reporter,
) -> None:
    """Creates the data folder if need be and starts PostgreSQL; returns when it answers. Raises StartFailure."""
    with report.step("PostgreSQL") as step:
        step.tell("starting")
        await asyncio.to_thread(postgres.prepare, settings, where, secrets[ADMINISTRATOR_PASSWORD])
        await asyncio.to_thread(supervisor.start, postgres.NAME)
        await waiting.until_answering(
            postgres.program(settings, where),
            supervisor,
            lambda: waiting.postgres_answers(administrator_url(settings, secrets)),
            settings.start_timeout_seconds,
        )


async def reach_kafka(settings: LocalSettings, report: Reporter) -> None:
    """Returns when the existing Kafka answers. Raises StartFailure when it does not."""
    with report.step("Kafka, the existing one"):
        if not await waiting.kafka_answers(settings.bootstrap):
            raise StartFailure(
                f"No Kafka answers at {settings.bootstrap}.",
                "Start it, or correct or remove FLA_KAFKA_BOOTSTRAP (without it a local Kafka is started).",
            )


async def reach_postgres(url: str, report: Reporter) -> None:
    """Returns when the existing PostgreSQL answers. Raises StartFailure when it does not."""
    with report.step("PostgreSQL, the existing one"):
        if not await waiting.postgres_answers(url):
            raise StartFailure(
                f"No PostgreSQL answers at {urlsplit(url).hostname}:{urlsplit(url).port or 5432}.",
                "Start it, or correct or remove FLA_DATABASE_URL (without it a local PostgreSQL is started).",
            )


async def reach_issuer(issuer: str, report: Reporter) -> None:
    """Returns when the existing identity provider answers. Raises StartFailure when it does not."""
    with report.step("Identity provider, the existing one"):
        if not await waiting.issuer_answers(issuer):
            raise StartFailure(
                f"No OpenID Connect provider answers at {issuer}.",
                "Start it, or correct or remove FLA_OIDC_ISSUER (without it the demo's is started).",
            )


async def prepare_topics(settings: LocalSettings, report: Reporter) -> None:
    """Creates the missing topics; says so when one has another number of partitions than the setting."""
    with report.step("Topics"):
        try:
            others = await create_topics(settings.bootstrap, settings.topic_partitions)
        except KafkaError as error:
            raise StartFailure(
                f"The topics could not be created in Kafka at {settings.bootstrap}: {error}",
                "Run the same command again; an existing Kafka (FLA_KAFKA_BOOTSTRAP) must let us create topics.",
            ) from error
    for other in others:
        report.line(
            f"[yellow]![/yellow] {other.topic} keeps its {other.partitions} partitions (FLA_TOPIC_PARTITIONS is "
            f"{settings.topic_partitions}): with another number the order of one person's events would be lost."
        )


async def prepare_databases(settings: LocalSettings, secrets: Mapping[str, str], report: Reporter) -> None:
    """Creates the missing roles and databases."""
    with report.step("Databases"):
        try:
            await create_databases(administrator_url(settings, secrets), database_passwords(secrets))
        except asyncpg.PostgresError as error:
            raise StartFailure(
                f"The databases could not be created: {error.args[0]}.",
                "The user of FLA_DATABASE_URL must be a superuser, or have CREATEDB and CREATEROLE and be the one who "
                "made the roles fla_… the first time. Then run the same command again.",
            ) from error


def _fetch(settings: LocalSettings, report: Reporter) -> None:
    if not (missing := jars.missing_jars(settings.cache_dir)):
        return
    checks.check_network(settings.cache_dir)
    with report.step(f"Download of Kafka, {len(missing)} files") as step:
        _download(missing, settings, step)


def _download(missing: tuple[jars.Jar, ...], settings: LocalSettings, step: Step) -> None:
    step.tell("fetching and checking")
    jars.fetch_jars(missing, settings.cache_dir, step.count)
