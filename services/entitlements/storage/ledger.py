"""Writing ledgers: lines are added, balances rewritten, for a whole batch at once."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.entitlements.bookkeeping.settle import Booking
from services.entitlements.bookkeeping.years import as_column
from services.entitlements.domain.lines import Line
from services.entitlements.storage.copying import NULL, as_json, as_text, copy

_LINE_COLUMNS = (
    "employment", "person", "enterprise", "year", "figure", "about", "date", "kind", "amount", "rule", "rule_version",
    "inputs", "cause", "training", "right_type", "recorded_at",
)  # fmt: skip

_REWRITE = """
update balance b set version = n.version, years = n.years::json
from unnest($1::text[]::uuid[], $2::int[], $3::text[]) as n(employment, version, years)
where b.employment = n.employment
"""
_BALANCE_COLUMNS = ("employment", "person", "enterprise", "version", "years")


async def write(connection: asyncpg.Connection, bookings: Sequence[Booking], now: datetime) -> None:
    """Add the lines and bring the balances to their new version; a version 1 is a new balance."""
    moment = now.isoformat()
    rows = [_row(line, booking, moment) for booking in bookings for line in booking.lines]
    await copy(connection, "ledger_line", _LINE_COLUMNS, rows)
    new = [booking for booking in bookings if booking.version == 1]
    await copy(connection, "balance", _BALANCE_COLUMNS, [_balance_row(booking) for booking in new])
    known = [booking for booking in bookings if booking.version > 1]
    if known:
        await connection.execute(
            _REWRITE,
            [booking.employment.id for booking in known],
            [booking.version for booking in known],
            [as_column(booking.years) for booking in known],
        )


def _row(line: Line, booking: Booking, moment: str) -> str:
    employment = booking.employment
    return (
        f"{line.employment_id}\t{employment.person_id}\t{employment.enterprise}\t{line.year}\t{line.figure.value}\t"
        f"{as_text(line.about)}\t{line.date}\t{line.kind.value}\t{line.amount}\t{line.rule.value}\t"
        f"{line.rule_version}\t{as_json(line.inputs)}\t{line.cause}\t{line.training_id or NULL}\t"
        f"{NULL if line.right_type is None else line.right_type.value}\t{moment}"
    )


def _balance_row(booking: Booking) -> str:
    employment = booking.employment
    years = as_text(as_column(booking.years))
    return f"{employment.id}\t{employment.person_id}\t{employment.enterprise}\t{booking.version}\t{years}"
