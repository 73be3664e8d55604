"""Health of Kafka and PostgreSQL: whether they answer."""

import asyncio
from urllib.parse import urlsplit

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from deploy.failure import StartFailure
from deploy.progress import Reporter


async def kafka_answers(bootstrap: str) -> bool:
    """Ask a broker for its topics; False if none answers."""
    if not await _any_port_open(bootstrap):
        return False
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000)
    try:
        await client.start()
        await client.list_topics()
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        await client.close()
    return True


async def _any_port_open(bootstrap: str) -> bool:
    """Try each broker's port: spares Kafka's client, and its log, the attempts before anything listens."""
    for address in bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        try:
            _reader, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), timeout=3)
        except (OSError, TimeoutError):
            continue
        writer.close()
        return True
    return False


async def postgres_answers(url: str) -> bool:
    """Connect as this URL's user; False if nothing answers. Raises StartFailure when the server refuses the user."""
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise StartFailure(
            f"PostgreSQL refuses the administrator: {error}.",
            "Correct FLA_DATABASE_URL; for a local server, put back the secrets.env that its data was made with, "
            "or erase everything with 'make reset'.",
        ) from error
    except (asyncpg.CannotConnectNowError, asyncpg.PostgresConnectionError, OSError, TimeoutError):
        return False
    await connection.close()
    return True


async def require_kafka(bootstrap: str, report: Reporter) -> None:
    """Check that the existing Kafka answers. Raises StartFailure when it does not."""
    with report.step("Kafka, the existing one"):
        if not await kafka_answers(bootstrap):
            raise StartFailure(
                f"No Kafka answers at {bootstrap}.",
                "Start it, or correct or remove FLA_KAFKA_BOOTSTRAP (without it a local Kafka is started).",
            )


async def require_postgres(url: str, report: Reporter) -> None:
    """Check that the existing PostgreSQL answers. Raises StartFailure when it does not."""
    with report.step("PostgreSQL, the existing one"):
        if not await postgres_answers(url):
            raise StartFailure(
                f"No PostgreSQL answers at {urlsplit(url).hostname}:{urlsplit(url).port or 5432}.",
                "Start it, or correct or remove FLA_DATABASE_URL (without it a local PostgreSQL is started).",
            )
