"""Real servers for the tests: a Kafka and a PostgreSQL per test run, started only when a test asks for one."""

import asyncio
import fcntl
import os
import random
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import asyncpg
import hypothesis
import pytest
from rich.console import Console

from deploy.local.down import take_down
from deploy.local.settings import LocalSettings, Ports, StackPart
from deploy.local.stack import Stack
from deploy.progress import Reporter
from deploy.setup.databases import create_databases, owner_url, reader_of
from tests.support import true_answers
from tests.support.running_stack import RunningStack

# How long an example takes says how busy the machine is, and nothing of the code.
hypothesis.settings.register_profile("fla", deadline=None)
hypothesis.settings.load_profile("fla")


def pytest_configure(config: pytest.Config) -> None:
    """Every answer of the API that any test gets is held against the API's description of itself."""
    config.add_cleanup(true_answers.hold())


def blocking(work: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine to its end in a loop of its own, whatever loop the tests run in."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()


_kept_offsets: list[IO[str]] = []


def free_offset() -> int:
    """A port offset at which every port of a stack is free; no test run beside this one is given it too."""
    while True:
        offset = random.randrange(4_000, 22_000, 20)
        # Ports are taken some time after they were found free, so the offset itself is locked, until this process ends.
        lock = (Path(tempfile.gettempdir()) / f"fla-ports-{offset}.lock").open("w")
        ports = Ports(offset)
        every = [getattr(ports, name) for name in vars(Ports) if isinstance(vars(Ports)[name], property)]
        if _is_ours(lock) and all(_is_free(port) for port in every):
            _kept_offsets.append(lock)
            return offset
        lock.close()


def _is_ours(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def quiet() -> Reporter:
    return Reporter(Console(quiet=True))


def local_settings(folder: Path, offset: int) -> LocalSettings:
    """Settings of a stack of this test run's own, that goes down with it whatever happens."""
    return LocalSettings(
        state_dir=folder,
        port_offset=offset,
        kafka_bootstrap=None,
        database_url=None,
        oidc_issuer=None,
        representation_url=None,
        owner_pid=os.getpid(),
    )


@dataclass(frozen=True)
class OwnServers:
    """The servers of this test run, each started when first asked for."""

    stack: Stack

    def start_kafka(self) -> None:
        blocking(self._start(StackPart.KAFKA))

    def start_postgres(self) -> None:
        blocking(self._start(StackPart.POSTGRES))

    async def _start(self, part: StackPart) -> None:
        await self.stack.be_ready(frozenset({part}))
        await (self.stack.start_kafka if part is StackPart.KAFKA else self.stack.start_postgres)(quiet())


@pytest.fixture(scope="session")
def own_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's system user can enter, which pytest's own temporary folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="fla-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def own_servers(own_folder: Path) -> Iterator[OwnServers]:
    settings = local_settings(own_folder / "servers", free_offset())
    yield OwnServers(Stack.of(settings))
    take_down(settings, quiet())


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> str:
    """The address of a real Kafka, for this run alone; topics are not made by themselves."""
    if given := os.environ.get("FLA_TEST_KAFKA_BOOTSTRAP"):
        return given
    servers: OwnServers = request.getfixturevalue("own_servers")
    servers.start_kafka()
    return servers.stack.settings.bootstrap


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> str:
    """The administrator's URL of a real PostgreSQL, for this run alone."""
    if given := os.environ.get("FLA_TEST_DATABASE_URL"):
        return given
    servers: OwnServers = request.getfixturevalue("own_servers")
    servers.start_postgres()
    return servers.stack.administrator_url


@pytest.fixture(scope="session")
def stack(own_folder: Path) -> Iterator[RunningStack]:
    """The whole product with its demo data, as `make up` starts it, on ports of its own."""
    running = RunningStack(local_settings(own_folder / "stack", free_offset()))
    running.fla("up")
    yield running
    running.fla("down")


@pytest.fixture(scope="module")
def new_database(postgres: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database with its owner and read role, as the services' own; gives the owner's URL."""
    with new_databases(postgres) as make:
        yield make


@contextmanager
def new_databases(postgres: str) -> Iterator[Callable[[], str]]:
    """What makes such databases on the server; they are dropped when the block ends."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{uuid.uuid4().hex[:12]}"
        blocking(create_databases(postgres, {name: "test"}))
        made.append(name)
        return owner_url(postgres, name, "test")

    try:
        yield make
    finally:
        blocking(_drop(postgres, made))


async def _drop(url: str, databases: list[str]) -> None:
    connection = await asyncpg.connect(url)
    try:
        for name in databases:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            await connection.execute(f"DROP ROLE {name}")
            await connection.execute(f"DROP ROLE {reader_of(name)}")
    finally:
        await connection.close()
