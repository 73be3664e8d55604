"""Whoever already runs Kafka and PostgreSQL must be able to use them, and gets no second ones beside them."""

import subprocess
from pathlib import Path

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.checkout import ROOT
from deploy.setup.service_names import DATABASES
from shared.contracts.topics import TOPICS
from tests.conftest import free_offset, local_settings
from tests.support.running_stack import FLA, RunningStack


def fla(folder: Path, given: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `fla` with a state folder of its own and these settings."""
    environment = RunningStack(local_settings(folder / "state", free_offset())).environment() | given
    return subprocess.run(
        [str(FLA), *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


async def test_databases_and_topics_are_made_on_the_named_servers_and_no_local_ones_start(
    tmp_path: Path, kafka: str, postgres: str
) -> None:
    named = {"FLA_KAFKA_BOOTSTRAP": kafka, "FLA_DATABASE_URL": postgres}
    answer = fla(tmp_path, named, "up", "--only", "servers")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert not (tmp_path / "state" / "kafka").exists()
    assert not (tmp_path / "state" / "postgres").exists()
    connection = await asyncpg.connect(postgres)
    there = {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    await connection.close()
    assert set(DATABASES) <= there
    client = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await client.start()
    assert set(TOPICS) <= set(await client.list_topics())
    await client.close()


async def test_existing_servers_get_every_schema_without_anything_being_started(
    tmp_path: Path, kafka: str, postgres: str
) -> None:
    named = {"FLA_KAFKA_BOOTSTRAP": kafka, "FLA_DATABASE_URL": postgres}
    for _ in range(2):
        answer = fla(tmp_path, named, "prepare")
        assert answer.returncode == 0, answer.stdout + answer.stderr
    for database in DATABASES:
        connection = await asyncpg.connect(postgres.rpartition("/")[0] + f"/{database}")
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
        await connection.close()


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("FLA_KAFKA_BOOTSTRAP", "127.0.0.1:1", "No Kafka answers at 127.0.0.1:1."),
        (
            "FLA_DATABASE_URL",
            "postgresql://someone:secret@127.0.0.1:1/postgres",
            "No PostgreSQL answers at 127.0.0.1:1.",
        ),
    ],
)
def test_a_named_server_that_is_away_is_said_so(tmp_path: Path, setting: str, value: str, sentence: str) -> None:
    part = "kafka" if "KAFKA" in setting else "postgres"
    answer = fla(tmp_path, {setting: value}, "up", "--only", part)
    assert answer.returncode == 1
    assert sentence in answer.stdout
    assert "secret" not in answer.stdout + answer.stderr


def test_a_wrong_password_is_said_so_at_once(tmp_path: Path, postgres: str) -> None:
    wrong = "postgresql://fla_admin:wrong@" + postgres.rpartition("@")[2]
    answer = fla(tmp_path, {"FLA_DATABASE_URL": wrong}, "up", "--only", "postgres")
    assert answer.returncode == 1
    assert "PostgreSQL refuses the administrator" in answer.stdout
