"""Writing ledgers: lines are added, balances rewritten, for a whole batch together."""

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from services.entitlements.bookkeeping.recalculate_ledgers import Booking
from services.entitlements.bookkeeping.stored_years import as_column
from services.entitlements.domain.lines import Line
from shared.contracts.ledger_inputs import LedgerInputs, encode_inputs
from shared.database.copying import NULL, as_text, copy

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


class LedgerRows:
    """The rows that a batch adds to the ledgers: nothing else is kept of a booking."""

    def __init__(self, now: datetime) -> None:
        self._moment = now.isoformat()
        self._lines: list[str] = []
        self._new: list[str] = []
        self._rewritten: list[tuple[str, int, str]] = []

    def add(self, booking: Booking) -> None:
        """Add a booking's lines, and its balance in the new version; version 1 is a new balance."""
        self._lines += [_row(line, booking, self._moment) for line in booking.lines]
        if booking.version == 1:
            self._new.append(_balance_row(booking))
        else:
            self._rewritten.append((booking.employment.id, booking.version, as_column(booking.years)))

    async def write(self, connection: asyncpg.Connection) -> None:
        """Write all rows: three statements at most."""
        await copy(connection, "ledger_line", _LINE_COLUMNS, self._lines)
        await copy(connection, "balance", _BALANCE_COLUMNS, self._new)
        if self._rewritten:
            await connection.execute(_REWRITE, *map(list, zip(*self._rewritten, strict=True)))


async def write(connection: asyncpg.Connection, bookings: Iterable[Booking], now: datetime) -> None:
    """Write these bookings."""
    rows = LedgerRows(now)
    for booking in bookings:
        rows.add(booking)
    await rows.write(connection)


def _row(line: Line, booking: Booking, moment: str) -> str:
    employment = booking.employment
    return (
        f"{line.employment_id}\t{employment.person_id}\t{employment.enterprise}\t{line.year}\t{line.figure.value}\t"
        f"{as_text(line.about)}\t{line.date}\t{line.kind.value}\t{line.amount}\t{line.rule.value}\t"
        f"{line.rule_version}\t{_as_field(line.inputs)}\t{line.cause}\t{line.training_id or NULL}\t"
        f"{NULL if line.right_type is None else line.right_type.value}\t{moment}"
    )


def _balance_row(booking: Booking) -> str:
    employment = booking.employment
    years = as_text(as_column(booking.years))
    return f"{employment.id}\t{employment.person_id}\t{employment.enterprise}\t{booking.version}\t{years}"


def _as_field(inputs: LedgerInputs) -> str:
    """Encode inputs as a field of COPY: JSON has no control characters, only its backslashes need an escape."""
    return encode_inputs(inputs).replace("\\", "\\\\")
