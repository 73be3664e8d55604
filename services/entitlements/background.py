"""What runs beside the messages: recalculations, the calendar, and letting go of what is no longer needed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.change_of_calendar import apply_calendar_changes
from services.entitlements.handlers.recalculate import RecalculationFailedError, recalculate
from services.entitlements.settings import EntitlementsSettings
from services.entitlements.storage import decisions, recalculations
from shared.database.engine import driver, transaction, unhurried
from shared.identifiers import derived_id
from shared.messaging import outbox
from shared.messaging.records import Work
from shared.messaging.relay import Relay
from shared.messaging.what_is_retried import may_pass, pause

log = structlog.get_logger()

Result = TypeVar("Result")
Clock = Callable[[], datetime]

CALENDAR_LOCK = 7307
# Submissions are kept for 90 days; an item older than that can never be delivered again.
ITEMS_ARE_KEPT = timedelta(days=120)
BETWEEN_FAILURES_SECONDS = 30.0
LONGEST_CHUNK_SECONDS = 300.0


def utc_now() -> datetime:
    """Get the present moment."""
    return datetime.now(UTC)


class Background:
    """The tasks beside the messages. Every piece of work is a transaction of its own, with its events in the outbox."""

    def __init__(
        self, engine: AsyncEngine, relay: Relay, rules: Rules, settings: EntitlementsSettings, clock: Clock = utc_now
    ) -> None:
        self._engine = engine
        self._relay = relay
        self._rules = rules
        self._settings = settings
        self._clock = clock
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the tasks; they go on with what an earlier process left unfinished."""
        self._tasks = [
            asyncio.create_task(self._repeat(self.recalculate_all, self._settings.recalculation_seconds)),
            asyncio.create_task(self._repeat(self.pass_time, self._settings.calendar_seconds)),
        ]

    async def stop(self) -> None:
        """Cancel the tasks; the transaction under way is rolled back."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def recalculate_all(self) -> None:
        """Work off every open recalculation. One that fails is noted and left for a later round."""
        await self._do(self._ask_if_rules_changed)
        failed: set[str] = set()
        while True:
            try:
                if not await self._do(self._next_chunk(failed)):
                    return
            except RecalculationFailedError as failure:
                cause = failure.__cause__
                if cause is None or may_pass(cause):
                    raise
                log.exception("a recalculation failed", recalculation=failure.recalculation)
                failed.add(failure.recalculation)
                await self._do(partial(_note, failure.recalculation, f"{type(cause).__name__}: {cause}"))

    def _next_chunk(self, without: Collection[str]) -> Callable[[Work], Awaitable[bool]]:
        return lambda work: recalculate(self._rules, work, self._settings.recalculation_chunk, without)

    async def pass_time(self) -> None:
        """Apply the calendar's changes that are due, also those of days on which nothing ran; one replica at a time."""
        async with transaction(self._engine) as guard:
            await unhurried(driver(guard), LONGEST_CHUNK_SECONDS)
            if not await driver(guard).fetchval("select pg_try_advisory_xact_lock($1)", CALENDAR_LOCK):
                return
            while await self._do(
                lambda work: apply_calendar_changes(self._rules, work, self._settings.recalculation_chunk)
            ):
                # With the new year it takes hours: it says that it still works.
                await driver(guard).execute("select 1")
            await self._do(lambda work: decisions.forget(work.connection, work.now - ITEMS_ARE_KEPT))

    async def _ask_if_rules_changed(self, work: Work) -> None:
        """Request the recalculation of every balance if arrangements or settings differ from the last start's."""
        known = await recalculations.basis(work.connection)
        if known == self._rules.fingerprint:
            return
        if known is not None:
            id_ = derived_id("rules", self._rules.fingerprint, work.now.isoformat())
            await recalculations.request_all(work.connection, id_, "rulesChanged", work.now)
        await recalculations.put_basis(work.connection, self._rules.fingerprint)

    async def _do(self, act: Callable[[Work], Awaitable[Result]]) -> Result:
        """Run one transaction, and relay its events right after the commit."""
        async with transaction(self._engine) as connection:
            work = Work(driver(connection), self._clock())
            result = await act(work)
            row = await outbox.write(work.connection, work.outgoing) if work.outgoing else None
        if row is not None:
            self._relay.offer(row, work.outgoing)
            if self._relay.crowded:
                await self._relay.drained()
        return result

    async def _repeat(self, act: Callable[[], Awaitable[None]], seconds: float) -> None:
        attempt = 0
        while True:
            try:
                await act()
                attempt = 0
                await asyncio.sleep(seconds)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next round may do better
                log.warning("background work waits", error=f"{type(error).__name__}: {error}")
                await asyncio.sleep(pause(attempt) if may_pass(error.__cause__ or error) else BETWEEN_FAILURES_SECONDS)
                attempt += 1


async def _note(recalculation: str, why: str, work: Work) -> None:
    await recalculations.fail(work.connection, recalculation, why)
