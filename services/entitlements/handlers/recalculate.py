"""Recalculate many ledgers, where something changed that concerns them all: a chunk in each transaction.

A chunk that is interrupted is rolled back; the next try goes on behind the last one that was committed.
"""

from collections.abc import Collection

from services.entitlements.bookkeeping.account import Cause, Pair
from services.entitlements.bookkeeping.recalculate_ledgers import recalculate_each
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.publish_events import publish_balances
from services.entitlements.storage import accounts, employments, enterprises, ledger, recalculations
from services.entitlements.storage.recalculations import Recalculation
from shared.clock import brussels_day
from shared.messaging.records import Work

ACTOR = "service:entitlements"


class RecalculationFailedError(Exception):
    """The failure of one recalculation; the cause is chained. Others may go on."""

    def __init__(self, recalculation: str) -> None:
        super().__init__(f"recalculation {recalculation} failed")
        self.recalculation = recalculation


async def recalculate(rules: Rules, work: Work, most: int, without: Collection[str] = ()) -> bool:
    """Recalculate one chunk of the oldest open recalculation; False if there is none. Raises RecalculationFailedError.

    `without`: recalculations to leave alone, because they just failed.
    """
    job = await recalculations.take(work.connection, without)
    if job is None:
        return False
    try:
        await _chunk(rules, work, job, most)
    except Exception as error:
        raise RecalculationFailedError(job.id) from error
    return True


async def _chunk(rules: Rules, work: Work, job: Recalculation, most: int) -> None:
    pairs, last, count = await recalculations.chunk(work.connection, job, most)
    await recalculate_all(rules, work, pairs, job.cause)
    await recalculations.advance(work.connection, job, done=count, last=last, finished=count < most, now=work.now)


async def recalculate_all(rules: Rules, work: Work, pairs: Collection[Pair], cause: str) -> None:
    """Bring the ledgers of these accounts up to date with all that is known, at the end of the work's day."""
    connection = work.connection
    numbers = {enterprise for enterprise, _ in pairs}
    await enterprises.lock_against_changes(connection, numbers)
    await accounts.lock(connection, set(pairs))
    facts = await enterprises.facts(connection, numbers, rules.precedence)
    found = await accounts.load(connection, dict.fromkeys(pairs))
    causes = {enterprise: Cause(cause, ACTOR, enterprise) for enterprise in numbers}
    todo = [(one, facts[one.enterprise], causes[one.enterprise]) for one in found.values()]
    bookings = await recalculate_each(todo, rules, brussels_day(work.now))
    changes = [(id_, known.next_calendar_change) for one in found.values() for id_, known in one.employments.items()]
    await employments.set_next_calendar_changes(connection, changes)
    await ledger.write(connection, bookings, work.now)
    publish_balances(work, bookings)
