"""A training was registered, corrected or cancelled: it is charged, charged anew, or given back.

The most frequent thing by far, so it goes the short way (`bookkeeping.charge`): few statements for a batch of any size.
A training of someone whose employment is not known yet is kept, and charged when the employment arrives.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import asyncpg

from services.entitlements.bookkeeping.charge import OpenBook
from services.entitlements.bookkeeping.known import Cause, Pair
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.bookkeeping.settle import Booking, settle_each
from services.entitlements.domain.arrangement_rows import RightType
from services.entitlements.domain.moments import day_of
from services.entitlements.domain.trainings import Training, TrainingContext, TrainingStatus
from services.entitlements.handlers.tell import tell_balances
from services.entitlements.storage import accounts, employments, enterprises, ledger, trainings
from services.entitlements.storage.trainings import Books
from shared.contracts.lean import ChargedTraining, TrainingToCharge
from shared.messaging.records import Work

_STATUS = {status.value: status for status in TrainingStatus}
_CONTEXT = {context.value: context for context in TrainingContext}
_RIGHT_TYPE = {right_type.value: right_type for right_type in RightType}
_day = date.fromisoformat


async def charge_trainings(rules: Rules, work: Work, events: Sequence[TrainingToCharge]) -> None:
    """Bring the ledgers up to date with the newest version of each of these trainings."""
    connection, today = work.connection, day_of(work.now)
    newest: dict[str, TrainingToCharge] = {}
    for event in events:
        data = event.data
        other = newest.get(data.training)
        if other is None or other.data.version < data.version:
            newest[data.training] = event
    pairs = list({(event.data.enterprise, event.data.person) for event in newest.values()})
    await accounts.lock(connection, pairs)
    new, newer = await _store(connection, newest)
    books = await trainings.open_books(connection, pairs)
    overdue = {pair for pair, own in books.items() if own.next_turn <= today}
    opened = _charge_new(books, overdue, new)
    opened |= await _charge_anew(connection, books, overdue, newer)
    bookings = [book.close(_cause(event), today, rules.settings) for book, event in opened.items()]
    if overdue:
        bookings += await _settle(rules, work, {_pair(event): event for event in (*new, *newer)}, overdue)
    await ledger.write(connection, bookings, work.now)
    tell_balances(work, bookings)


async def _store(
    connection: asyncpg.Connection, newest: Mapping[str, TrainingToCharge]
) -> tuple[list[TrainingToCharge], list[TrainingToCharge]]:
    """Keep what is not known yet, or in an older version: the events that are new here, and those that are newer."""
    known = await trainings.versions(connection, [id_ for id_, event in newest.items() if event.data.version > 1])
    new, newer = _sorted_out(newest, known)
    try:
        async with connection.transaction():
            await trainings.add(connection, [event.data for event in new])
    except asyncpg.UniqueViolationError:
        # A first version that is known already: only now is it worth asking for all of them.
        new, newer = _sorted_out(newest, await trainings.versions(connection, list(newest)))
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


def _charge_new(
    books: Mapping[Pair, Books], overdue: set[Pair], new: Iterable[TrainingToCharge]
) -> dict[OpenBook, TrainingToCharge]:
    """The books in which these trainings made a line, each with the last event that did."""
    opened: dict[OpenBook, TrainingToCharge] = {}
    for event in new:
        data = event.data
        pair = (data.enterprise, data.person)
        own = books.get(pair)
        if own is None or pair in overdue:
            continue
        training = _training(data)
        for book in own.books:
            if book.charge(training, event.id):
                opened[book] = event
    return opened


async def _charge_anew(
    connection: asyncpg.Connection, books: Mapping[Pair, Books], overdue: set[Pair], newer: Sequence[TrainingToCharge]
) -> dict[OpenBook, TrainingToCharge]:
    """Replace what earlier versions charged."""
    todo = [(event, books[pair]) for event in newer if (pair := _pair(event)) in books and pair not in overdue]
    ids = [book.employment.id for _, own in todo for book in own.books]
    booked = await accounts.lines_of_trainings(connection, ids, [event.data.training for event, _ in todo])
    opened: dict[OpenBook, TrainingToCharge] = {}
    for event, own in todo:
        training = _training(event.data)
        for book in own.books:
            if book.recharge(training, booked.get((book.employment.id, training.id), ()), event.id):
                opened[book] = event
    return opened


async def _settle(
    rules: Rules, work: Work, causes: Mapping[Pair, TrainingToCharge], overdue: set[Pair]
) -> list[Booking]:
    """The long way, for ledgers that the calendar has overtaken."""
    affected = [pair for pair in causes if pair in overdue]
    numbers = {enterprise for enterprise, _ in affected}
    await enterprises.hold_still(work.connection, numbers)
    sizes = await enterprises.sizes(work.connection, numbers, rules.precedence)
    found = await accounts.load(work.connection, affected)
    todo = [(account, sizes[pair[0]], _cause(causes[pair])) for pair, account in found.items()]
    bookings = await settle_each(todo, rules, day_of(work.now))
    await employments.turn(
        work.connection, [(id_, known.next_turn) for one in found.values() for id_, known in one.employments.items()]
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
    )
