"""One batch in one transaction: the heart of consuming exactly once in effect."""

import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.engine import driver, transaction
from shared.messaging import outbox, parking, progress
from shared.messaging.decoding import decode
from shared.messaging.parking import ParkedRecord
from shared.messaging.progress import Place
from shared.messaging.records import Handlers, Record, Work
from shared.messaging.relay import Relay
from shared.observability import metrics

log = structlog.get_logger()


class GapError(Exception):
    """Records between the watermark and the batch were skipped: go back and read them."""

    def __init__(self, expected: dict[Place, int]) -> None:
        super().__init__(f"records are missing before {expected}")
        self.expected = expected


class BatchProcessor:
    """Runs a service's handlers over records, together with progress and outbox, in one PostgreSQL transaction."""

    def __init__(self, engine: AsyncEngine, relay: Relay, handlers: Handlers) -> None:
        self._engine = engine
        self._relay = relay
        self._handlers = handlers

    async def process(self, records: Sequence[Record]) -> int:
        """Handle what is new of these records, ordered by offset within a partition; how many were handled.

        Raises what a handler raised, with nothing changed; GapError when records before them were never handled.
        """
        started = time.monotonic()
        first: dict[Place, int] = {}
        after: dict[Place, int] = {}
        for record in records:
            place = (record.topic, record.partition)
            first.setdefault(place, record.offset)
            after[place] = record.offset + 1
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            marks = await progress.lock(raw, after)
            skipped = {place: mark for place, mark in marks.items() if first[place] > mark}
            if skipped:
                raise GapError(skipped)
            fresh = [record for record in records if record.offset >= marks[record.topic, record.partition]]
            if not fresh:
                return 0
            work = Work(raw, datetime.now(UTC))
            await self._handle(work, fresh)
            row = await outbox.write(raw, work.outgoing) if work.outgoing else None
            await progress.move(raw, {place: max(offset, marks[place]) for place, offset in after.items()})
        if row is not None:
            self._relay.offer(row, work.outgoing)
        self._measure(fresh, started)
        return len(fresh)

    async def _handle(self, work: Work, fresh: Sequence[Record]) -> None:
        by_topic: dict[str, list[Record]] = defaultdict(list)
        for record in fresh:
            by_topic[record.topic].append(record)
        waiting = await parking.keys(work.connection, by_topic)
        aside: list[ParkedRecord] = []
        for topic, handler in self._handlers.items():
            if topic not in by_topic:
                continue
            good, bad = decode(topic, by_topic[topic])
            aside += [ParkedRecord(b.record, b.error) for b in bad]
            # Behind a broken record of this batch only what comes *after* it waits.
            broken = {b.record.key: b.record.offset for b in reversed(bad)}
            events = []
            for record, event in good:
                if (topic, record.key) in waiting or record.offset > broken.get(record.key, record.offset):
                    aside.append(ParkedRecord(record, "waits behind an earlier record of the same key"))
                else:
                    events.append(event)
            if events:
                await handler(work, events)
        if aside:
            await self._park(work, aside)

    async def set_aside(self, record: Record, error: str) -> None:
        """Park one record that its handler cannot take, and move on."""
        place = (record.topic, record.partition)
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            marks = await progress.lock(raw, [place])
            if record.offset >= marks[place]:
                await self._park(Work(raw, datetime.now(UTC)), [ParkedRecord(record, error)])
                await progress.move(raw, {place: record.offset + 1})

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

    async def retry_parked(self, place: Place, key: bytes) -> bool:
        """Try a released key's records again, one transaction each, in order; whether all went through."""
        topic = place[0]
        while True:
            async with transaction(self._engine) as connection:
                raw = driver(connection)
                # The watermark's lock keeps live records of the same key from overtaking.
                await progress.lock(raw, [place])
                records = await parking.of_key(raw, topic, key)
                if not records:
                    return True
                record = records[0]
                good, bad = decode(topic, [record])
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
        latest: dict[str, Record] = {}
        counts: dict[str, int] = defaultdict(int)
        for record in fresh:
            counts[record.topic] += 1
            latest.setdefault(record.topic, record)
        for topic, count in counts.items():
            metrics.CONSUMED.labels(topic).inc(count)
            # The first record of a batch waited longest: one sample per batch and topic keeps this cheap and honest.
            metrics.END_TO_END_SECONDS.labels(topic).observe(max(0.0, (now_ms - latest[topic].timestamp_ms) / 1000))
