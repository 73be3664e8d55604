"""What one declaration costs registration: microseconds of its own CPU per record, part by part.

    FLA_TEST_DATABASE_URL=postgresql://… python -m tests.benchmarks.registration [--batches 8] [--records 4000]

Decodes, decides, stores and packs batches of plain registrations on a real PostgreSQL, in a database of its own. The
process's CPU time counts, not the waiting: PostgreSQL's own work is shown beside it, as wall-clock time.
"""

import argparse
import asyncio
import os
import time
import uuid
from datetime import UTC, datetime

import asyncpg

from deploy.setup.databases import create_databases, owner_url
from services.registration.handlers import HANDLERS
from shared.contracts.envelope import encode
from shared.contracts.training_submissions import TOPIC
from shared.database.engine import create_engine, driver, transaction
from shared.messaging import outbox
from shared.messaging.decoding import decode
from shared.messaging.records import Record, Work
from shared.messaging.runtime import calm_the_collector
from tests.benchmarks.figures import Figure, tell
from tests.support.declarations import SUBMISSION, content, person, registration
from tests.support.migrated import migrated

PEOPLE = 20_000


def batch(number: int, records: int) -> list[Record]:
    """Plain registrations as the gateway would send them."""
    made = []
    for line in range(number * records, (number + 1) * records):
        who = person(line % PEOPLE)
        # Nobody follows the same twice: doubles are the exception, and cost more.
        followed = content(title=f"Veiligheid {line // PEOPLE}")
        event = registration(line, f"R{line}", person=who, content=followed, submission=SUBMISSION)
        made.append(Record(TOPIC, 0, line, who.encode(), encode(event), 0))
    return made


async def measure(url: str, batches: int, records: int) -> None:
    engine = create_engine(await migrated("registration", url), 2)
    total = {"decode": 0.0, "handle": 0.0, "outbox": 0.0}
    wall = 0.0
    calm_the_collector()
    for number in range(batches + 1):
        made = batch(number, records)
        began = time.perf_counter()
        async with transaction(engine) as connection:
            work = Work(driver(connection), datetime.now(UTC))
            marks = [time.process_time()]
            good, bad = decode(TOPIC, made, HANDLERS[TOPIC])
            assert not bad
            events = [event for _, event in good]
            marks.append(time.process_time())
            await HANDLERS[TOPIC](work, events)
            marks.append(time.process_time())
            await outbox.write(work.connection, work.outgoing)
            marks.append(time.process_time())
        if number:  # the first batch prepares statements and fills caches
            wall += time.perf_counter() - began
            for part, start, end in zip(total, marks, marks[1:], strict=False):
                total[part] += end - start
    async with engine.connect() as connection:
        stored = (await connection.exec_driver_sql("select count(*) from training_version")).scalar_one()
    await engine.dispose()
    assert stored == (batches + 1) * records, stored
    count = batches * records
    for part, seconds in total.items():
        tell(Figure(f"registration, a training: {part}", seconds / count * 1e6, "us of CPU"))
    tell(Figure("registration, a training: all of it", sum(total.values()) / count * 1e6, "us of CPU"))
    tell(Figure("registration, a training: with PostgreSQL's work and the commit", wall / count * 1e6, "us elapsed"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batches", type=int, default=8)
    parser.add_argument("--records", type=int, default=4_000)
    given = parser.parse_args()
    administrator = os.environ["FLA_TEST_DATABASE_URL"]
    name = f"bench_{uuid.uuid4().hex[:12]}"

    async def with_own_database() -> None:
        await create_databases(administrator, {name: "bench"})
        try:
            await measure(owner_url(administrator, name, "bench"), given.batches, given.records)
        finally:
            connection = await asyncpg.connect(administrator)
            await connection.execute(f"drop database {name} with (force)")
            await connection.execute(f"drop role {name}")
            await connection.execute(f"drop role {name}_reader")
            await connection.close()

    asyncio.run(with_own_database())


if __name__ == "__main__":
    main()
