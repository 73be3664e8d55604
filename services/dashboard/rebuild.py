"""`python -m services.dashboard.rebuild`: make the read models again from the topics.

Emptying them and going back to the beginning is one transaction; from there on the records go through the same code as
ever. A running service does no harm: both lock the same watermarks, so each record is projected once, by either.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
import typer
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dashboard.projections import HANDLERS
from services.dashboard.settings import DashboardSettings
from services.dashboard.storage.tables import balance, employment, enterprise, training
from shared.database.engine import create_engine, driver, transaction
from shared.messaging import watermarks
from shared.messaging.batch import BatchProcessor, GapError, TooManyBrokenError
from shared.messaging.producer import Producer
from shared.messaging.records import Record
from shared.messaging.relay import Relay
from shared.messaging.replay import replaying
from shared.messaging.watermarks import TopicPartition
from shared.messaging.what_is_retried import may_pass, pause

log = structlog.get_logger()

Report = Callable[[int, int], None]
"""Told after each batch: records handled so far, and in all."""

_MAY_PARK = 20
_TAKE_TURN = "select pg_try_advisory_lock(7305, 8083)"
_END_TURN = "select pg_advisory_unlock(7305, 8083)"
# To whom access has ended is not emptied: nobody may be open, not even until their employments come by again.
_EMPTY = f"truncate {', '.join(table.name for table in (training, employment, enterprise, balance))}"
_NEVER_EMPLOYED = """
delete from ended_access as ended where not exists (
  select from employment where enterprise = ended.enterprise and person = ended.person)
"""
# What is still broken is parked anew on the way; what an operator gave up stays given up.
_UNPARK = "delete from parked where topic = any($1::text[])"
_GIVEN_UP = """
with gone as (
  delete from parked as p using parked_dropped as d
  where p.topic = d.topic and p.partition = d.partition and p."offset" = d."offset" returning p.topic, p.key
)
update parked as p set released_at = now() from gone where p.topic = gone.topic and p.key = gone.key
"""


class RebuildRunsError(Exception):
    """Somebody else is rebuilding at this moment."""


async def rebuild(engine: AsyncEngine, bootstrap: str, report: Report) -> int:
    """Rebuild the read models from all that the topics hold now; returns how many records that were.

    Raises RebuildRunsError, and what Kafka or the database raise when they are away; started again, it starts over.
    """
    async with replaying(bootstrap) as replay, _alone(engine):
        extent = await replay.extent(HANDLERS)
        await _go_back(engine, {place: first for place, (first, _) in extent.items()})
        total = sum(after - first for first, after in extent.values())
        handled = 0
        processor = BatchProcessor(engine, Relay(engine, Producer(bootstrap), memory_rows=1, sweep_seconds=1), HANDLERS)
        async for records in replay.records(extent):
            await _project(processor, records)
            handled += len(records)
            report(handled, total)
        async with transaction(engine) as connection:
            await driver(connection).execute(_GIVEN_UP)
            await driver(connection).execute(_NEVER_EMPLOYED)
    return total


@asynccontextmanager
async def _alone(engine: AsyncEngine) -> AsyncIterator[None]:
    """Lock rebuilding for this block; a crash lets go with its connection."""
    async with engine.connect() as guard:
        taken = (await guard.exec_driver_sql(_TAKE_TURN)).scalar_one()
        await guard.commit()
        if not taken:
            raise RebuildRunsError("a rebuild is running already")
        try:
            yield
        finally:
            await guard.exec_driver_sql(_END_TURN)
            await guard.commit()


async def _go_back(engine: AsyncEngine, beginnings: dict[TopicPartition, int]) -> None:
    async with transaction(engine) as connection:
        raw = driver(connection)
        # The locks come first, as in every batch: a batch in the making ends before, or starts over after.
        await watermarks.create(raw, beginnings)
        await watermarks.lock(raw, beginnings)
        await raw.execute(_EMPTY)
        await raw.execute(_UNPARK, sorted({topic for topic, _ in beginnings}))
        await watermarks.move(raw, beginnings)


async def _project(processor: BatchProcessor, records: Sequence[Record]) -> None:
    """Return when all are projected, or parked one by one, as the consumer does it."""
    attempt = 0
    while True:
        try:
            await processor.process(records, may_park=_MAY_PARK)
            return
        except (GapError, TooManyBrokenError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a projection raises is sorted right below
            failure = error
        if not may_pass(failure):
            break
        log.warning("the rebuild waits", error=f"{type(failure).__name__}: {failure}")
        await asyncio.sleep(pause(attempt))
        attempt += 1
    if len(records) == 1:
        await processor.set_aside(records[0], f"{type(failure).__name__}: {failure}")
        return
    middle = len(records) // 2
    await _project(processor, records[:middle])
    await _project(processor, records[middle:])


async def _run() -> int:
    settings = DashboardSettings()
    engine = create_engine(settings.dashboard_database_url.get_secret_value(), 3)
    try:
        return await rebuild(engine, settings.kafka_bootstrap, _show)
    finally:
        await engine.dispose()


def _show(handled: int, total: int) -> None:
    typer.echo(f"\r{handled} of {total} records", nl=False, err=True)


def main() -> None:
    """Rebuild, showing progress on standard error; the last line on standard output says how many records."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        total = asyncio.run(_run())
    except (RebuildRunsError, TooManyBrokenError, LookupError, KafkaError, OSError) as error:
        typer.echo(f"not rebuilt: {error}", err=True)
        sys.exit(1)
    typer.echo("", err=True)
    typer.echo(f"rebuilt from {total} records")


if __name__ == "__main__":
    main()
