"""The employments that intake knows: they decide whose trainings are taken, and which employment is meant."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, NamedTuple

import asyncpg

_COLUMNS: Final = """
e.id::text, e.person::text, e.enterprise, e.start_date, e.end_date, e.reference,
e.cancelled or e.cancelled_by is not null as cancelled
"""
OF_PEOPLE: Final = f"""
select {_COLUMNS} from unnest($1::text[], $2::uuid[]) as w(enterprise, person)
join employment e on e.enterprise = w.enterprise and e.person = w.person
"""  # noqa: S608 - the columns are above
BY_ID: Final = f"select {_COLUMNS} from employment e where e.id = any($1::uuid[])"  # noqa: S608

# A row that is decided already is never taken back to "submitted".
SUBMITTED: Final = """
insert into employment (id, version, person, enterprise, start_date, end_date, submission, line, reference)
select n.id, 0, n.person, n.enterprise, n.start_date, n.end_date, n.submission, n.line, n.reference
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::uuid[], $7::int[], $8::text[])
  as n(id, person, enterprise, start_date, end_date, submission, line, reference)
on conflict (id) do nothing returning id::text
"""
# Until the cancellation is decided, nothing new may lean on the employment.
CANCELLING: Final = """
update employment e set cancelled_by = n.submission, cancelled_by_line = n.line
from unnest($1::uuid[], $2::uuid[], $3::int[]) as n(id, submission, line) where e.id = n.id
"""

Key = tuple[str, str]
"""(enterprise, person)."""


@dataclass(frozen=True, slots=True)
class DeclaredEmployment:
    """An employment submitted or decided; `end` None while it lasts. `cancelled`: it was, or that is being decided."""

    id: str
    start: date
    end: date | None
    reference: str | None = None
    cancelled: bool = False

    def touches(self, year: int) -> bool:
        """Check whether it exists on any day of the year."""
        return self.start.year <= year and (self.end is None or self.end.year >= year)


class SubmittedEmployment(NamedTuple):
    """A registration on its way: a row of `employment` in version 0."""

    id: str
    person: str
    enterprise: str
    start: date
    end: date | None
    submission: str
    line: int
    reference: str | None


@dataclass(slots=True)
class KnownEmployments:
    """The employments known of some people, kept up to date while declarations are prepared.

    `owners`: (enterprise, person) of each employment that is named, wherever it is.
    """

    _of: dict[Key, dict[str, DeclaredEmployment]] = field(default_factory=lambda: defaultdict(dict))
    owners: dict[str, Key] = field(default_factory=dict)

    def all_of(self, pair: Key) -> dict[str, DeclaredEmployment]:
        """Get every employment of a person at an enterprise: dict[id, employment], cancelled ones too."""
        return self._of.get(pair, {})

    def of(self, pair: Key) -> list[DeclaredEmployment]:
        """List the employments of a person at an enterprise that are not cancelled."""
        return [employment for employment in self.all_of(pair).values() if not employment.cancelled]

    def forget(self, pair: Key, id_: str) -> None:
        """Remove an employment that is not this person's after all."""
        self._of[pair].pop(id_, None)

    def cancel(self, pair: Key, id_: str) -> None:
        """Mark an employment as being cancelled: nothing new may lean on it."""
        self._of[pair][id_] = replace(self._of[pair][id_], cancelled=True)

    def put(self, pair: Key, employment: DeclaredEmployment) -> None:
        """Add or replace an employment."""
        self._of[pair][employment.id] = employment
        self.owners[employment.id] = pair


async def load(connection: asyncpg.Connection, pairs: Collection[Key], ids: Collection[str]) -> KnownEmployments:
    """Load the employments of these (enterprise, person), and those with these ids: two statements at most."""
    known = KnownEmployments()
    rows = await connection.fetch(OF_PEOPLE, [e for e, _ in pairs], [p for _, p in pairs]) if pairs else []
    _fill(known, rows)
    missing = [id_ for id_ in ids if id_ not in known.owners]
    if missing:
        _fill(known, await connection.fetch(BY_ID, missing))
    return known


def _fill(known: KnownEmployments, rows: Iterable[Sequence[object]]) -> None:
    for id_, person, enterprise, start, end, reference, cancelled in rows:
        known.put((enterprise, person), DeclaredEmployment(id_, start, end, reference, cancelled))  # type: ignore[arg-type]


async def submit(connection: asyncpg.Connection, submitted: Sequence[SubmittedEmployment]) -> dict[str, Key]:
    """Add these employments as submitted. Returns the owners of those that another request added a moment before."""
    if not submitted:
        return {}
    # In the order of ids, so that two files that tell of the same people never wait for each other crosswise.
    ordered = sorted(submitted, key=lambda row: row.id)
    added = {row[0] for row in await connection.fetch(SUBMITTED, *map(list, zip(*ordered, strict=True)))}
    there = [row.id for row in ordered if row.id not in added]
    return (await load(connection, (), there)).owners if there else {}


async def cancelling(connection: asyncpg.Connection, cancelled: Collection[tuple[str, str, int]]) -> None:
    """Mark these employments, each with submission and line, as being cancelled."""
    if cancelled:
        await connection.execute(CANCELLING, *map(list, zip(*sorted(cancelled), strict=True)))


def cover(employments: Collection[DeclaredEmployment], start: date, end: date) -> bool:
    """Check whether every day from start to end lies in one of these employments."""
    day = start
    for employment in sorted(employments, key=lambda e: e.start):
        if employment.start <= day and (employment.end is None or employment.end >= day):
            if employment.end is None or employment.end >= end:
                return True
            day = employment.end + timedelta(days=1)
    return False
