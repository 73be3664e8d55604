"""`fla prepare`: existing servers get the topics, the databases and the newest schemas; nothing is started.

`fla up` takes the same steps on the servers that it starts.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import asyncpg
from aiokafka.errors import KafkaError

from deploy.failure import StartFailure
from deploy.progress import Reporter
from deploy.setup import server_health
from deploy.setup.databases import create_databases, owner_urls
from deploy.setup.migrations import migrate
from deploy.setup.secret_file import database_passwords, secrets_of
from deploy.setup.settings import SetupSettings
from deploy.setup.topics import create_topics


def prepare(settings: SetupSettings, report: Reporter) -> None:
    """Give the named servers what the services need. Safe to repeat. Raises StartFailure."""
    bootstrap, url = settings.kafka_bootstrap, settings.database_url
    if not bootstrap or not url:
        missing = [name for name, given in (("FLA_KAFKA_BOOTSTRAP", bootstrap), ("FLA_DATABASE_URL", url)) if not given]
        raise StartFailure(
            f"Existing servers are prepared, and {' and '.join(missing)} does not name any.",
            "Name them in the environment or in .env; local servers are prepared by 'fla up'.",
        )
    passwords = database_passwords(secrets_of(settings.state_dir))
    settings.logs.mkdir(parents=True, exist_ok=True)
    with report.showing():
        run_reporting_first(_prepare(settings, bootstrap, url, passwords, report))


async def _prepare(
    settings: SetupSettings, bootstrap: str, url: str, passwords: Mapping[str, str], report: Reporter
) -> None:
    async def kafka() -> None:
        await server_health.require_kafka(bootstrap, report)
        await prepare_topics(bootstrap, settings.topic_partitions, report)

    async def postgres() -> None:
        await server_health.require_postgres(url, report)
        await prepare_databases(url, passwords, report)
        await migrate(owner_urls(url, passwords), settings.logs, report)

    async with asyncio.TaskGroup() as group:
        group.create_task(kafka())
        group.create_task(postgres())


async def prepare_topics(bootstrap: str, partitions: int, report: Reporter) -> None:
    """Create the missing topics; report those with another number of partitions. Raises StartFailure."""
    with report.step("Topics"):
        try:
            others = await create_topics(bootstrap, partitions)
        except KafkaError as error:
            raise StartFailure(
                f"The topics could not be created in Kafka at {bootstrap}: {error}",
                "Run the same command again; an existing Kafka (FLA_KAFKA_BOOTSTRAP) must let us create topics.",
            ) from error
    for other in others:
        report.line(
            f"[yellow]![/yellow] {other.topic} keeps its {other.partitions} partitions (FLA_TOPIC_PARTITIONS is "
            f"{partitions}): with another number the order of one person's events would be lost."
        )


async def prepare_databases(administrator_url: str, passwords: Mapping[str, str], report: Reporter) -> None:
    """Create the missing roles and databases. `passwords` by database name. Raises StartFailure."""
    with report.step("Databases"):
        try:
            await create_databases(administrator_url, passwords)
        except asyncpg.PostgresError as error:
            raise StartFailure(
                f"The databases could not be created: {error.args[0]}.",
                "The user of FLA_DATABASE_URL must be a superuser, or have CREATEDB and CREATEROLE and be the one who "
                "made the roles fla_… the first time. Then run the same command again.",
            ) from error


def run_reporting_first(work: Coroutine[Any, Any, None]) -> None:
    """Run tasks to their end; of several failures raise only the first, as a person mends them one by one."""
    try:
        asyncio.run(work)
    except BaseExceptionGroup as group:
        failures = group.subgroup(StartFailure) or group.subgroup(OSError)
        if failures is None:
            raise
        leaf: BaseException = failures
        while isinstance(leaf, BaseExceptionGroup):
            leaf = leaf.exceptions[0]
        raise leaf from group
