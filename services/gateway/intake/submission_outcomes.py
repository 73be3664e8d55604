"""Outcomes of submissions: counters, and the items that were not plainly accepted."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.outcomes import OutcomeStatus
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver, transaction
from shared.messaging.what_is_retried import may_pass

log = structlog.get_logger()

FIND = """
select id::text, kind, channel, sender, received_at, declared, accepted, warned, unchanged, refused, completed_at,
       subject::text, area
from submission where id = $1::uuid
"""
ITEMS = """
select line, reference, status, anomalies from submission_item
where submission = $1::uuid and line > $2 order by line limit $3
"""

ADD = """
insert into submission_item (submission, line, reference, status, anomalies)
select s, l, r, t, a::jsonb from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[]) as n(s, l, r, t, a)
on conflict do nothing
"""

FIRST_LOOK_SECONDS = 0.03
LONGEST_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """An item that was not plainly accepted."""

    line: int
    reference: str | None
    status: OutcomeStatus
    anomalies: list[Anomaly]


@dataclass(frozen=True, slots=True)
class SubmissionState:
    """How far a submission has come. `declared` is None while a file is still being counted.

    `area`: the scopes it is read with; None for what came before these were asked for.
    """

    id: str
    kind: str
    channel: str
    sender: str
    received_at: datetime
    declared: int | None
    accepted: int
    warned: int
    unchanged: int
    refused: int
    completed_at: datetime | None
    subject: str | None
    items: list[StoredOutcome]
    area: str | None = None

    @property
    def completed(self) -> bool:
        """Whether every item is decided."""
        return self.completed_at is not None


def undecided(submission: str, kind: str, channel: str, sender: str, declared: int) -> SubmissionState:
    """Make the state of a submission of which nothing more is known than that it is durable."""
    return SubmissionState(submission, kind, channel, sender, datetime.now(UTC), declared, 0, 0, 0, 0, None, None, [])


async def add(connection: asyncpg.Connection, found: Iterable[tuple[str, StoredOutcome]]) -> None:
    """Store outcomes that are not plainly accepted, each with its submission; the same line twice is kept once."""
    rows = [(s, one.line, one.reference, one.status, json.dumps(one.anomalies)) for s, one in found]
    if rows:
        await connection.execute(ADD, *map(list, zip(*rows, strict=True)))


async def find(connection: asyncpg.Connection, submission: str, *, most_items: int = 1000) -> SubmissionState | None:
    """Find a submission with its first items that were not plainly accepted; None where there is none."""
    row = await connection.fetchrow(FIND, submission)
    return (
        None if row is None else SubmissionState(**dict(row), items=await items(connection, submission, 0, most_items))
    )


async def items(connection: asyncpg.Connection, submission: str, after: int, most: int) -> list[StoredOutcome]:
    """List the items after a line that were not plainly accepted, in order."""
    rows = await connection.fetch(ITEMS, submission, after, most)
    return [StoredOutcome(r["line"], r["reference"], r["status"], _anomalies(r["anomalies"])) for r in rows]


def _anomalies(stored: Any) -> list[Anomaly]:
    decoded: list[Anomaly] = json.loads(stored) if isinstance(stored, str) else stored
    return decoded


PAGE = """
select line, reference, status, anomalies from submission_item
where submission = $1::uuid order by line offset $2 limit $3
"""
COUNT = "select count(*) from submission_item where submission = $1::uuid"


async def page_of_items(connection: asyncpg.Connection, submission: str, skip: int, most: int) -> list[StoredOutcome]:
    """List a page of the items that were not plainly accepted."""
    rows = await connection.fetch(PAGE, submission, skip, most)
    return [StoredOutcome(r["line"], r["reference"], r["status"], _anomalies(r["anomalies"])) for r in rows]


async def count_items(connection: asyncpg.Connection, submission: str) -> int:
    """Count the items that were not plainly accepted."""
    return int(await connection.fetchval(COUNT, submission))


async def wait_for(engine: AsyncEngine, submission: str, seconds: float) -> SubmissionState | None:
    """Wait for a submission until it is completed or the time is up, and return it as it was seen last; None where it
    was not seen.

    Polls the database, so that it does not matter which replica counts the outcome. Should that go away meanwhile, the
    wait is over: what was submitted is durable, and nobody must hear that it failed.
    """
    state = None
    deadline = asyncio.get_running_loop().time() + seconds
    pause = FIRST_LOOK_SECONDS
    while True:
        try:
            async with transaction(engine) as connection:
                state = await find(driver(connection), submission)
        except Exception as error:
            if not may_pass(error):
                raise
            log.warning("an outcome is not waited for", submission=submission, error=type(error).__name__)
            return state
        left = deadline - asyncio.get_running_loop().time()
        if state is None or state.completed or left <= 0:
            return state
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_PAUSE_SECONDS)
