"""One batch in one transaction: the heart of consuming exactly once in effect."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import driver, each_by_itself, transaction
from shared.messaging import outbox, parking, watermarks
from shared.messaging.decoding import Undecodable, decode
from shared.messaging.parking import ParkedRecord
from shared.messaging.records import Handlers, Record, Work, runs
from shared.messaging.relay import Relay
from shared.messaging.watermarks import TopicPartition
from shared.messaging.what_is_retried import may_pass
from shared.observability import metrics

log = structlog.get_logger()


class GapError(Exception):
    """Records between a watermark and the batch were skipped: nothing was done; go back and read them."""


class TooManyBrokenError(Exception):
    """Nothing of a batch can be read: a fault of the program, not of the data. Nothing was done or parked."""

    def __init__(self, broken: Sequence[Undecodable]) -> None:
        super().__init__(f"{len(broken)} records in a row could not be read; the first: {broken[0].error}")


class Tally(NamedTuple):
    """What became of a batch: records `fresh` (not seen before), of those `handled` by a handler, and `broken` ones.

    The others wait behind a parked record of their key, which is neither a success nor a failure of their own.
    """

    fresh: int = 0
    handled: int = 0
    broken: int = 0


class BatchProcessor:
    """Runs a service's handlers over records, together with progress and outbox, in one PostgreSQL transaction."""

    def __init__(self, engine: AsyncEngine, relay: Relay, handlers: Handlers) -> None:
        self._engine = engine
        self._relay = relay
        self._handlers = handlers

    async def process(self, records: Sequence[Record], *, may_park: int) -> Tally:
        """Handle what is new of these records, ordered by offset within a partition.

        Raises what a handler raised, GapError when records before them were never handled, TooManyBrokenError when
        none of them and more than `may_park` cannot be read; with nothing changed in every case.
        """
        started = time.monotonic()
        first: dict[TopicPartition, int] = {}
        after: dict[TopicPartition, int] = {}
        stretches = runs(records)
        for tp, run in stretches:
            first.setdefault(tp, run[0].offset)
            after[tp] = run[-1].offset + 1
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            marks = await _lock(raw, first)
            fresh: list[Record] = []
            for tp, run in stretches:
                mark = marks[tp]
                fresh += run if run[0].offset >= mark else [record for record in run if record.offset >= mark]
            if not fresh:
                return Tally()
            work = Work(raw, datetime.now(UTC))
            tally = await self._handle(work, fresh, may_park)
            row = await outbox.write(raw, work.outgoing) if work.outgoing else None
            await watermarks.move(raw, {tp: max(offset, marks[tp]) for tp, offset in after.items()})
        if row is not None:
            self._relay.offer(row, work.outgoing)
        self._measure(fresh, started)
        return tally

    async def tell_who_holds(self, records: Sequence[Record]) -> None:
        """Log which processes have held watermarks for long, when those of these records could not be locked."""
        async with each_by_itself(self._engine) as connection:
            by = await watermarks.holders(driver(connection))
        wanted = sorted({f"{topic}-{partition}" for (topic, partition), _ in runs(records)})
        log.warning("partitions are held by another", partitions=wanted, by=by)

    async def _handle(self, work: Work, fresh: Sequence[Record], may_park: int) -> Tally:
        by_topic: dict[str, list[Record]] = defaultdict(list)
        for (topic, _), run in runs(fresh):
            by_topic[topic] += run
        read = {topic: decode(topic, records, self._handlers.get(topic)) for topic, records in by_topic.items()}
        decoded = sum(len(good) for good, _ in read.values())
        broken = [record for _, bad in read.values() for record in bad]
        if not decoded and len(broken) > may_park:
            raise TooManyBrokenError(broken)
        waiting = await parking.keys(work.connection, by_topic)
        aside: list[ParkedRecord] = []
        handled = 0
        for topic, handler in self._handlers.items():
            if topic not in read:
                continue
            good, bad = read[topic]
            aside += [ParkedRecord(b.record, b.error) for b in bad]
            if not bad and not waiting:
                handled += len(good)
                await handler(work, [event for _, event in good])
                continue
            # Behind a broken record of this batch only what comes *after* it waits.
            since = {b.record.key: b.record.offset for b in reversed(bad)}
            events = []
            for record, event in good:
                if (topic, record.key) in waiting or record.offset > since.get(record.key, record.offset):
                    aside.append(ParkedRecord(record, "waits behind an earlier record of the same key"))
                else:
                    events.append(event)
            if events:
                handled += len(events)
                await handler(work, events)
        if aside:
            await self._park(work, aside)
        return Tally(len(fresh), handled, len(broken))

    async def set_aside(self, record: Record, error: str) -> None:
        """Park one record that its handler cannot take, and move on. Raises GapError."""
        tp = (record.topic, record.partition)
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            marks = await _lock(raw, {tp: record.offset})
            if record.offset >= marks[tp]:
                await self._park(Work(raw, datetime.now(UTC)), [ParkedRecord(record, error)])
                await watermarks.move(raw, {tp: record.offset + 1})

    async def _park(self, work: Work, aside: list[ParkedRecord]) -> None:
        await parking.park(work.connection, aside)
        for parked in aside:
            metrics.PARKED.labels(parked.record.topic).inc()
            log.error(
                "record parked",
                topic=parked.record.topic,
                partition=parked.record.partition,
                offset=parked.record.offset,
                error=parked.error,
            )

    async def retry_parked(self, tp: TopicPartition, key: bytes) -> bool:
        """Try a released key's records again, one transaction each, in order; whether all went through.

        Raises what may pass (a database that is away), with the record still released.
        """
        topic = tp[0]
        while True:
            async with transaction(self._engine) as connection:
                raw = driver(connection)
                # The watermark's lock keeps live records of the same key from overtaking.
                await watermarks.lock(raw, [tp])
                records = await parking.of_key(raw, topic, key)
                if not records:
                    return True
                record = records[0]
                good, bad = decode(topic, [record], self._handlers.get(topic))
                error = bad[0].error if bad else None
                work = Work(raw, datetime.now(UTC))
                row = None
                if not error:
                    savepoint = raw.transaction()
                    await savepoint.start()
                    try:
                        await self._handlers[topic](work, [good[0][1]])
                        await savepoint.commit()
                    except Exception as failure:
                        if may_pass(failure):
                            raise
                        await savepoint.rollback()
                        error = f"{type(failure).__name__}: {failure}"
                if error:
                    await parking.park(raw, [ParkedRecord(r, error) for r in records])
                else:
                    await raw.execute(parking.REMOVE, topic, key, [record.offset])
                    row = await outbox.write(raw, work.outgoing) if work.outgoing else None
            if error:
                return False
            if row is not None:
                self._relay.offer(row, work.outgoing)

    @staticmethod
    def _measure(fresh: Sequence[Record], started: float) -> None:
        now_ms = time.time() * 1000
        metrics.BATCH_SECONDS.observe(time.monotonic() - started)
        metrics.BATCH_RECORDS.observe(len(fresh))
        first: dict[str, Record] = {}
        counts: dict[str, int] = defaultdict(int)
        for (topic, _), run in runs(fresh):
            counts[topic] += len(run)
            first.setdefault(topic, run[0])
        for topic, count in counts.items():
            metrics.CONSUMED.labels(topic).inc(count)
            # The first record of a batch waited longest: one sample per batch and topic keeps this cheap and honest.
            metrics.END_TO_END_SECONDS.labels(topic).observe(max(0.0, (now_ms - first[topic].timestamp_ms) / 1000))


async def _lock(connection: asyncpg.Connection, first: Mapping[TopicPartition, int]) -> dict[TopicPartition, int]:
    """Lock the watermarks of these partitions. Raises GapError where records before `first` were not handled."""
    marks = await watermarks.lock(connection, first)
    if len(marks) < len(first):
        # No row yet: this batch was read before its partition was placed.
        await watermarks.create(connection, first)
        marks = await watermarks.lock(connection, first)
    skipped = [
        f"{topic}-{partition}: {marks[topic, partition]} to {offset}"
        for (topic, partition), offset in first.items()
        if offset > marks[topic, partition]
    ]
    if skipped:
        raise GapError(", ".join(skipped))
    return marks
