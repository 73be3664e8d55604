"""After a crash nobody has to do anything and nothing accepted is gone."""

import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError

from deploy.local import supervisor_configuration
from deploy.local.stack import Stack
from tests.conftest import blocking, free_offset, local_settings
from tests.support.running_stack import RunningStack

TOPIC = "fla.trainings.v1"


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningStack]:
    """Kafka and PostgreSQL of these tests' own: they are killed."""
    folder = Path(tempfile.mkdtemp(prefix="fla-faults-"))
    folder.chmod(0o711)
    running = RunningStack(local_settings(folder / "state", free_offset()))
    running.fla("up", "--only", "servers")
    yield running
    running.fla("down")
    shutil.rmtree(folder, ignore_errors=True)


def test_postgres_killed_comes_back_with_everything_committed(servers: RunningStack) -> None:
    url = administrator_url(servers)
    blocking(execute(url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number"))
    before = servers.kill("postgres")
    eventually(lambda: blocking(fetch(url, "SELECT count(*) FROM kept")) == 1000)
    assert servers.processes()["postgres"].pid != before


def test_kafka_killed_comes_back_with_everything_acknowledged(servers: RunningStack) -> None:
    blocking(send(servers.bootstrap, 100))
    before = servers.kill("kafka")
    eventually(lambda: blocking(count(servers.bootstrap)) == 100)
    assert servers.processes()["kafka"].pid != before


def test_a_killed_supervisor_leaves_nothing_that_keeps_the_next_start_from_working(servers: RunningStack) -> None:
    pid_file = supervisor_configuration.folder(servers.state_dir) / "supervisord.pid"
    supervisor = psutil.Process(int(pid_file.read_text()))
    left_behind = [process.pid for process in servers.processes().values() if process.pid]
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait(10)
    servers.fla("up", "--only", "servers")
    now = servers.processes()
    assert {now["kafka"].pid, now["postgres"].pid}.isdisjoint(left_behind)
    assert not any(psutil.pid_exists(pid) for pid in left_behind)
    assert blocking(fetch(administrator_url(servers), "SELECT count(*) FROM kept")) == 1000


def test_a_supervisor_whose_socket_was_deleted_is_replaced(servers: RunningStack) -> None:
    pid = int((supervisor_configuration.folder(servers.state_dir) / "supervisord.pid").read_text())
    supervisor_configuration.socket_path(servers.state_dir).unlink()
    servers.fla("up", "--only", "servers")
    assert not psutil.pid_exists(pid)
    assert blocking(count(servers.bootstrap)) == 100


def test_a_start_while_everything_runs_restarts_nothing(servers: RunningStack) -> None:
    before = {name: process.pid for name, process in servers.processes().items()}
    servers.fla("up", "--only", "servers")
    assert {name: process.pid for name, process in servers.processes().items()} == before


def test_down_stops_everything_and_up_brings_the_data_back(servers: RunningStack) -> None:
    pids = [process.pid for process in servers.processes().values() if process.pid]
    servers.fla("down")
    assert not any(psutil.pid_exists(pid) for pid in pids)
    servers.fla("up", "--only", "servers")
    assert blocking(fetch(administrator_url(servers), "SELECT count(*) FROM kept")) == 1000
    assert blocking(count(servers.bootstrap)) == 100


def administrator_url(servers: RunningStack) -> str:
    return Stack.of(servers.settings).administrator_url


def eventually(is_so: Callable[[], bool], seconds: float = 90) -> None:
    """Waits until it is so; while a server is away, asking fails and is tried again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
        except (OSError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass
        assert time.monotonic() < deadline, f"not so within {seconds} seconds"
        time.sleep(0.5)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=5)
    await connection.execute(statement)
    await connection.close()


async def fetch(url: str, query: str) -> int:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def send(bootstrap: str, records: int) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        for number in range(records):
            await producer.send_and_wait(TOPIC, key=str(number).encode(), value=b"{}")
    finally:
        await producer.stop()


async def count(bootstrap: str) -> int:
    """How many records the topic holds."""
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        partitions = consumer.assignment()
        ends = await consumer.end_offsets(partitions)
        begins = await consumer.beginning_offsets(partitions)
        return sum(ends.values()) - sum(begins.values())
    finally:
        await consumer.stop()
