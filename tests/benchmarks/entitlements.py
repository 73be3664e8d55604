"""What one training costs entitlements: microseconds of its own CPU per record, part by part.

    FLA_TEST_DATABASE_URL=postgresql://… python -m tests.benchmarks.entitlements [--trainings 100000] [--people 20000]

Registers the people's employments, then decodes, charges, stores and packs batches of plain trainings on a real
PostgreSQL, in a database of its own; at the end the balances must be the sums of all lines. The process's CPU time
counts, not the waiting: PostgreSQL's own work is shown beside it, as wall-clock time. Fails above the target.
"""

import argparse
import asyncio
import os
import sys
import time
import uuid
from collections.abc import Iterator
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.setup.databases import create_databases, owner_url
from services.entitlements.handlers import handlers
from shared.contracts import employer_submissions, trainings
from shared.contracts.envelope import encode
from shared.database.engine import create_engine, driver, transaction
from shared.messaging import outbox
from shared.messaging.decoding import decode
from shared.messaging.records import Record, Work
from shared.messaging.runtime import calm_the_collector
from tests.benchmarks.figures import Figure, tell
from tests.support.entitlements import NOW, RULES, Submissions, person, size, training
from tests.support.migrated import migrated

BATCH = 4_000
PEOPLE_OF_ONE = 50
TARGET_US = 100.0

_PROOF = """
select count(*), sum(charged), (select -sum(amount) from ledger_line where figure = 'charged')
from balance, json_to_recordset(years) as year(charged numeric)
"""


def enterprise(number: int) -> str:
    return f"{200_000_000 + number // PEOPLE_OF_ONE:010d}"


def declarations(people: int) -> Iterator[dict[str, Any]]:
    declared = Submissions()
    for number in range(0, people, PEOPLE_OF_ONE):
        yield declared.enterprise(size("25"), enterprise=enterprise(number))
    for number in range(people):
        yield declared.employment(f"E{number}", person=person(number), enterprise=enterprise(number))


def charges(count: int, people: int, year: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        day = f"{year}-03-{1 + number % 26:02d}"
        who = number % people
        yield training(f"T{number}", person=person(who), enterprise=enterprise(who), startDate=day, endDate=day)


def batches(topic: str, events: Iterator[dict[str, Any]]) -> Iterator[list[Record]]:
    records: list[Record] = []
    for event in events:
        records.append(Record(topic, 0, 0, event["data"].get("person", "").encode(), encode(event), 0))
        if len(records) == BATCH:
            yield records
            records = []
    if records:
        yield records


async def run(
    engine: AsyncEngine, topic: str, events: Iterator[dict[str, Any]], what: str, at_most: float | None = None
) -> bool:
    """Whether a record takes no more microseconds of CPU than this.

    The first batch prepares statements and fills caches: it does not count.
    """
    total = {"decode": 0.0, "handle": 0.0, "outbox": 0.0}
    wall, count = 0.0, 0
    reacting = handlers(RULES)
    for number, made in enumerate(batches(topic, events)):
        began = time.perf_counter()
        async with transaction(engine) as connection:
            work = Work(driver(connection), NOW)
            marks = [time.process_time()]
            good, bad = decode(topic, made, reacting[topic])
            assert not bad
            decoded = [event for _, event in good]
            marks.append(time.process_time())
            await reacting[topic](work, decoded)
            marks.append(time.process_time())
            await outbox.write(work.connection, work.outgoing)
            marks.append(time.process_time())
        if number:
            wall += time.perf_counter() - began
            count += len(made)
            for part, start, end in zip(total, marks, marks[1:], strict=False):
                total[part] += end - start
    for part, seconds in total.items():
        tell(Figure(f"entitlements, {what}: {part}", seconds / count * 1e6, "us of CPU"))
    cost = sum(total.values()) / count * 1e6
    tell(Figure(f"entitlements, {what}: with PostgreSQL's work and the commit", wall / count * 1e6, "us elapsed"))
    return tell(Figure(f"entitlements, {what}: all of it", cost, "us of CPU", at_most=at_most))


async def measure(url: str, count: int, people: int) -> bool:
    engine = create_engine(await migrated("entitlements", url), 2)
    calm_the_collector()
    await run(engine, employer_submissions.TOPIC, declarations(people), "an employment")
    met = await run(engine, trainings.TOPIC, charges(count, people, NOW.year), "a training", TARGET_US)
    late = _renamed(charges(count // 5, people, NOW.year - 1))
    await run(engine, trainings.TOPIC, late, "a training in a year that has turned")
    async with transaction(engine) as connection:
        years, charged, booked = await driver(connection).fetchrow(_PROOF)
    await engine.dispose()
    assert years and charged == booked, (years, charged, booked)
    print(f"balances agree with the lines: {charged.normalize()} days charged")
    return met


def _renamed(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        id_ = str(uuid.uuid4())
        yield event | {"data": event["data"] | {"training": id_}}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trainings", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=20_000)
    given = parser.parse_args()
    administrator = os.environ["FLA_TEST_DATABASE_URL"]
    name = f"bench_{uuid.uuid4().hex[:12]}"

    async def with_own_database() -> bool:
        await create_databases(administrator, {name: "bench"})
        try:
            return await measure(owner_url(administrator, name, "bench"), given.trainings, given.people)
        finally:
            connection = await asyncpg.connect(administrator)
            await connection.execute(f"drop database {name} with (force)")
            await connection.execute(f"drop role {name}")
            await connection.execute(f"drop role {name}_reader")
            await connection.close()

    return 0 if asyncio.run(with_own_database()) else 1


if __name__ == "__main__":
    sys.exit(main())
