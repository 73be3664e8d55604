"""A file of 300 MB in flat memory, from its upload to its last event."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import psutil
import pytest

from services.gateway.batch.channel import Upload
from services.gateway.batch.state import Mode
from shared.i18n import Language
from shared.messaging.records import Outgoing
from tests.support.batch_files import Plan, workers, write_batch
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway

MEGABYTE = 1024 * 1024
TRAININGS = 640_000


class Away:
    """Counts what is sent and keeps nothing."""

    def __init__(self) -> None:
        self.count = 0

    async def send(self, events: Sequence[Outgoing]) -> None:
        self.count += len(events)


class Memory:
    """The most that this process and its children had resident."""

    def __init__(self) -> None:
        self.own = self.reader = 0

    async def watch(self) -> None:
        me = psutil.Process()
        while True:
            self.own = max(self.own, me.memory_info().rss)
            for child in me.children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    if any("parse_process" in part for part in child.cmdline()):
                        self.reader = max(self.reader, child.memory_info().rss)
            await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_memory_does_not_grow_with_the_file(
    make_gateway: Callable[..., BatchGateway], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Lost: the gateway, to the yearly file of a social secretariat."""
    plan = Plan(SENDER, (SENDER, MANDATED), trainings=TRAININGS, people=20_000, faults=50, year=2025)
    file = write_batch(tmp_path / "large.xml", plan)
    size = file.path.stat().st_size
    assert size > 300 * MEGABYTE
    kafka = Away()
    gateway = make_gateway(kafka, chunk_size=2000, most_bytes=1024 * MEGABYTE)
    await gateway.has_workers(workers(plan))
    memory, before = Memory(), psutil.Process().memory_info().rss
    watching = asyncio.create_task(memory.watch())
    async with gateway.running() as channel:
        upload = Upload(SENDER, "client:test", Mode.PRODUCTION, Language.ENGLISH, "large.xml")
        sent, _ = await channel.submit(_pieces(file.path), upload)
        done = await gateway.until(sent, lambda b: b.checkpoint == TRAININGS, seconds=1000)
    watching.cancel()
    grown = (memory.own - before) // MEGABYTE
    print(f"\n{size // MEGABYTE} MB: the gateway grew by {grown} MB, the reader had {memory.reader // MEGABYTE} MB")  # noqa: T201
    record_property("gateway_grew_mb", grown)
    record_property("reader_mb", memory.reader // MEGABYTE)
    assert kafka.count + done.refused == TRAININGS
    assert memory.reader < 64 * MEGABYTE
    assert grown < 100


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(65_536):
            yield piece
