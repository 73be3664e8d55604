"""The gateway's half of the batch channel on a real database, with the other services' decisions played by hand."""

import asyncio
import base64
import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch.channel import BatchChannel, BatchSettings, Upload
from services.gateway.batch.state import Batch, Mode
from services.gateway.handlers.count_outcomes import count_outcomes
from services.gateway.intake.prepare import Intake
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.database.engine import driver, transaction
from shared.i18n import Language
from shared.identifiers import derived_id, new_id
from shared.messaging.records import Outgoing, Work
from tests.support.batch_files import Worker

SENDER = "1999010345"
OTHER = "1999020144"
MANDATED = "1999010444"

TABLES = """
reference_holder, refused_in_file, exchange_file, batch, submission_item, submission, outcome_event, employment,
mandate, enterprise, person
"""


class Kafka:
    """What was sent, in order. `fails_at`: the numbers of the sends (from 1) that fail."""

    def __init__(self, fails_at: Iterable[int] = ()) -> None:
        self.sent: list[Outgoing] = []
        self.sends = 0
        self.fails_at = set(fails_at)
        self.pause = 0.0

    async def send(self, events: Sequence[Outgoing]) -> None:
        self.sends += 1
        if self.sends in self.fails_at:
            raise ConnectionError("Kafka is away")
        await asyncio.sleep(self.pause)
        self.sent.extend(events)

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event once, the first time it was sent."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.sent:
            event = orjson.loads(one.value)
            found.setdefault(event["id"], event)
        return list(found.values())


class Judges:
    """The deciding services of a simulation, played by hand: `refuses` gives an event's anomalies, or None."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.refuses: Callable[[dict[str, Any]], list[Any] | None] = lambda event: None

    async def judge(self, events: Sequence[Outgoing]) -> list[dict[str, Any]]:
        told = [orjson.loads(one.value) for one in events]
        self.asked += told
        found = [(event["data"]["item"]["line"], self.refuses(event)) for event in told]
        return [{"line": line, "status": "refused", "anomalies": wrong} for line, wrong in found if wrong is not None]


class BatchGateway:
    """A channel on an empty database, in a folder of its own."""

    def __init__(self, engine: AsyncEngine, folder: Path, kafka: Any = None, **settings: Any) -> None:
        self.engine = engine
        self.folder = folder
        self.kafka = kafka or Kafka()
        self.persons = Persons(Cipher(base64.b64encode(b"k" * 32).decode()))
        self.intake = Intake(self.persons, "refuse")
        self.judges = Judges()
        self.settings: dict[str, Any] = {
            "folder": folder / "batches", "most_bytes": 50_000_000, "chunk_size": 50, "keep": timedelta(days=90)
        } | settings  # fmt: skip
        self.channel = self.new_channel()

    def new_channel(self) -> BatchChannel:
        """The gateway restarted: nothing in memory remains."""
        return BatchChannel(self.engine, self.kafka, self.intake, self.judges, BatchSettings(**self.settings))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[BatchChannel]:
        """The worker at work, until the block ends."""
        self.channel = self.new_channel()
        task = asyncio.create_task(self.channel.run())
        try:
            yield self.channel
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def empty(self) -> None:
        async with transaction(self.engine) as connection:
            await driver(connection).execute(f"truncate {TABLES} cascade")

    async def has_enterprises(self, *numbers: str) -> None:
        async with transaction(self.engine) as connection:
            await driver(connection).executemany(
                "insert into enterprise (number, name, registered_by) values ($1, $1, 'test') on conflict do nothing",
                [(number,) for number in numbers],
            )

    async def has_mandates(self, mandatary: str, *enterprises: str) -> None:
        async with transaction(self.engine) as connection:
            await driver(connection).executemany(
                "insert into mandate (enterprise, mandatary, valid_from, confirmed_at) values ($1, $2, $3, now())",
                [(enterprise, mandatary, date(2023, 1, 1)) for enterprise in enterprises],
            )

    async def has_workers(self, workers: Sequence[Worker], start: date = date(2020, 1, 1)) -> None:
        """People with employments that are decided."""
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            ids = await self.persons.ensure(raw, [NewPerson(worker.ssin) for worker in workers])
            await raw.executemany(
                "insert into employment (id, version, person, enterprise, start_date) values ($1, 1, $2, $3, $4)",
                [
                    (
                        derived_id("employment", worker.ssin, worker.enterprise),
                        ids[worker.ssin],
                        worker.enterprise,
                        start,
                    )
                    for worker in workers
                ],
            )

    async def sends(
        self,
        content: bytes | Path,
        mode: Mode = Mode.PRODUCTION,
        *,
        sender: str = SENDER,
        language: Language = Language.ENGLISH,
        key: str | None = None,
        file_name: str | None = "file.xml",
    ) -> tuple[Batch, bool]:
        data = content.read_bytes() if isinstance(content, Path) else content
        upload = Upload(sender, "client:test", mode, language, file_name, key)
        return await self.channel.submit(_pieces(data), upload)

    async def state(self, batch: Batch | str, sender: str = SENDER) -> Batch:
        found = await self.channel.find(batch if isinstance(batch, str) else batch.id, sender)
        assert found is not None
        return found

    async def until(self, batch: Batch, holds: Callable[[Batch], bool], seconds: float = 30.0) -> Batch:
        """The batch as soon as this holds of it."""
        async with asyncio.timeout(seconds):
            while not holds(found := await self.state(batch, batch.sender)):
                await asyncio.sleep(0.05)
        return found

    async def count(self, query: str, *arguments: Any) -> int:
        async with transaction(self.engine) as connection:
            return int(await driver(connection).fetchval(query, *arguments))

    async def execute(self, query: str, *arguments: Any) -> None:
        async with transaction(self.engine) as connection:
            await driver(connection).execute(query, *arguments)

    async def others_decide(self, refuse: Callable[[dict[str, Any]], list[Any] | None] = lambda event: None) -> None:
        """The outcomes of all that was sent, as the deciding services tell them: once per item, in one event each.

        `refuse` gives the anomalies of an event that is refused, or None.
        """
        by_submission: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for event in self.kafka.events:
            by_submission[event["data"]["item"]["submission"]].append(event)
        for submission, events in by_submission.items():
            accepted, others = [], []
            for event in events:
                line, anomalies = event["data"]["item"]["line"], refuse(event)
                if anomalies is None:
                    accepted.append(line)
                else:
                    others.append({"line": line, "status": "refused", "anomalies": anomalies})
            lines = hashlib.sha256(repr((accepted, others)).encode()).hexdigest()
            decision = {"submission": submission, "accepted": accepted, "others": others}
            async with transaction(self.engine) as connection:
                work = Work(driver(connection), datetime.now(UTC))
                await count_outcomes(work, [{"id": derived_id("outcome", submission, lines), "data": decision}])


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


__all__ = ["MANDATED", "OTHER", "SENDER", "BatchGateway", "Kafka", "new_id"]
