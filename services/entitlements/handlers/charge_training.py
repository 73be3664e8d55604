"""Charge trainings that were registered, charge corrected ones anew, give cancelled ones back.

The most frequent thing by far, so it goes the short way (`bookkeeping.charge_trainings`): few statements for a batch.
A training of someone whose employment is not known yet is kept, and charged when the employment arrives.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import asyncpg

from services.entitlements.bookkeeping.account import Cause, Pair
from services.entitlements.bookkeeping.charge_trainings import OpenLedger
from services.entitlements.bookkeeping.recalculate_ledgers import Booking, recalculate_each
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.charges.charged_training import Training, TrainingContext, TrainingStatus
from services.entitlements.domain.lines import Line
from services.entitlements.handlers.publish_events import publish_balance
from services.entitlements.storage import accounts, employments, enterprises, ledger, trainings
from services.entitlements.storage.trainings import LedgerRow, OpenLedgers
from shared.clock import brussels_day
from shared.contracts.lean import ChargedTraining, TrainingToCharge
from shared.messaging.records import Work

_STATUS = {status.value: status for status in TrainingStatus}
_CONTEXT = {context.value: context for context in TrainingContext}
_RIGHT_TYPE = {right_type.value: right_type for right_type in RightType}
_day = date.fromisoformat


async def charge_trainings(rules: Rules, work: Work, events: Sequence[TrainingToCharge]) -> None:
    """Bring the ledgers up to date with the newest version of each of these trainings.

    Account by account, each from the rows read to the rows to write: fresh memory is fast.
    """
    connection, today = work.connection, brussels_day(work.now)
    newest: dict[str, TrainingToCharge] = {}
    for event in events:
        data = event.data
        other = newest.get(data.training)
        if other is None or other.data.version < data.version:
            newest[data.training] = event
    pairs = {(event.data.enterprise, event.data.person) for event in newest.values()}
    await accounts.lock(connection, pairs)
    new, newer = await _store(connection, newest)
    ledgers = await trainings.ledgers(connection, pairs)
    booked = await _booked(connection, ledgers, newer)
    rows_to_write = ledger.LedgerRows(work.now)
    overdue: dict[Pair, TrainingToCharge] = {}
    for pair, (first, again) in _by_account(new, newer).items():
        if pair not in ledgers:
            continue
        own = trainings.opened(ledgers.pop(pair))
        if own.next_calendar_change <= today:
            overdue[pair] = (again or first)[-1]
            continue
        for open_ledger, event in _charged(own, first, again, booked).items():
            booking = open_ledger.close(_cause(event), today, rules.settings)
            rows_to_write.add(booking)
            publish_balance(work, booking)
    if overdue:
        for booking in await _recalculate(rules, work, overdue):
            rows_to_write.add(booking)
            publish_balance(work, booking)
    await rows_to_write.write(connection)


async def _store(
    connection: asyncpg.Connection, newest: Mapping[str, TrainingToCharge]
) -> tuple[list[TrainingToCharge], list[TrainingToCharge]]:
    """Store what is not known yet, or in an older version; the events that are new here, and those that are newer."""
    known = await trainings.versions(connection, [event.data for event in newest.values() if event.data.version > 1])
    new, newer = _sorted_out(newest, known)
    try:
        async with connection.transaction():
            await trainings.add(connection, [event.data for event in new])
    except asyncpg.UniqueViolationError:
        # A first version that is known already: only now is it worth asking for all of them.
        new, newer = _sorted_out(
            newest, await trainings.versions(connection, [event.data for event in newest.values()])
        )
        await trainings.add(connection, [event.data for event in new])
    await trainings.replace(connection, [event.data for event in newer])
    return new, newer


def _sorted_out(
    newest: Mapping[str, TrainingToCharge], known: Mapping[str, int]
) -> tuple[list[TrainingToCharge], list[TrainingToCharge]]:
    new, newer = [], []
    for id_, event in newest.items():
        version = known.get(id_)
        if version is None:
            new.append(event)
        elif version < event.data.version:
            newer.append(event)
    return new, newer


def _by_account(
    new: Iterable[TrainingToCharge], newer: Iterable[TrainingToCharge]
) -> dict[Pair, tuple[list[TrainingToCharge], list[TrainingToCharge]]]:
    """Group by account the trainings that are new and those in a newer version, in the order they came."""
    found: dict[Pair, tuple[list[TrainingToCharge], list[TrainingToCharge]]] = {}
    for position, events in enumerate((new, newer)):
        for event in events:
            found.setdefault((event.data.enterprise, event.data.person), ([], []))[position].append(event)
    return found


async def _booked(
    connection: asyncpg.Connection, ledgers: Mapping[Pair, list[LedgerRow]], newer: Sequence[TrainingToCharge]
) -> dict[tuple[str, str], list[Line]]:
    """Find what earlier versions of these trainings charged, by employment and training."""
    rows = [row for event in newer for row in ledgers.get(_pair(event), ())]
    named = [event.data.training for event in newer]
    return await accounts.lines_of_trainings(connection, [row.id for row in rows], named)


def _charged(
    own: OpenLedgers,
    new: Iterable[TrainingToCharge],
    newer: Iterable[TrainingToCharge],
    booked: Mapping[tuple[str, str], list[Line]],
) -> dict[OpenLedger, TrainingToCharge]:
    """Charge these trainings, or replace what earlier versions charged: the ledgers with a new line, each with the last
    event that made one."""
    made: dict[OpenLedger, TrainingToCharge] = {}
    for event in new:
        training = _training(event.data)
        for open_ledger in own.ledgers:
            if open_ledger.charge(training, event.id):
                made[open_ledger] = event
    for event in newer:
        training = _training(event.data)
        for open_ledger in own.ledgers:
            if open_ledger.recharge(training, booked.get((open_ledger.employment.id, training.id), ()), event.id):
                made[open_ledger] = event
    return made


async def _recalculate(rules: Rules, work: Work, causes: Mapping[Pair, TrainingToCharge]) -> list[Booking]:
    """Recalculate whole ledgers, where a change of the calendar is overdue."""
    numbers = {enterprise for enterprise, _ in causes}
    await enterprises.lock_against_changes(work.connection, numbers)
    facts = await enterprises.facts(work.connection, numbers, rules.precedence)
    found = await accounts.load(work.connection, causes)
    todo = [(account, facts[pair[0]], _cause(causes[pair])) for pair, account in found.items()]
    bookings = await recalculate_each(todo, rules, brussels_day(work.now))
    await employments.set_next_calendar_changes(
        work.connection,
        [(id_, known.next_calendar_change) for one in found.values() for id_, known in one.employments.items()],
    )
    return bookings


def _pair(event: TrainingToCharge) -> Pair:
    return event.data.enterprise, event.data.person


def _cause(event: TrainingToCharge) -> Cause:
    return Cause(event.id, event.actor, event.party, event.submissionid, event.traceparent)


def _training(data: ChargedTraining) -> Training:
    content = data.content
    return Training(
        data.training,
        data.version,
        _day(content.start_date),
        _day(content.end_date),
        content.minutes,
        _STATUS[content.status],
        _CONTEXT[content.context],
        content.charged_minutes,
        _RIGHT_TYPE[content.right_type],
        data.same_as is not None,
    )
