"""Who is employed where, as far as intake must know: whose trainings are taken, and which employment is meant."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import asyncpg

OF_PEOPLE = """
select e.id::text, e.person::text, e.enterprise, e.start_date, e.end_date
from unnest($1::text[], $2::uuid[]) as w(enterprise, person)
join employment e on e.enterprise = w.enterprise and e.person = w.person
where not e.cancelled
"""

# A row that is decided already is never taken back to "submitted".
SUBMITTED = """
insert into employment (id, version, person, enterprise, start_date, end_date, submission, line)
select n.id, 0, n.person, n.enterprise, n.start_date, n.end_date, n.submission, n.line
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::date[], $6::uuid[], $7::int[])
  as n(id, person, enterprise, start_date, end_date, submission, line)
on conflict (id) do nothing
"""


@dataclass(frozen=True, slots=True)
class Employment:
    """An employment submitted or decided; `end` None while it lasts."""

    id: str
    start: date
    end: date | None

    def touches(self, year: int) -> bool:
        """Whether it exists on any day of the year."""
        return self.start.year <= year and (self.end is None or self.end.year >= year)


Key = tuple[str, str]
"""(enterprise, person)."""


async def of_people(connection: asyncpg.Connection, pairs: Collection[Key]) -> dict[Key, list[Employment]]:
    """The employments of each (enterprise, person), one query for all."""
    found: dict[Key, list[Employment]] = defaultdict(list)
    if pairs:
        rows = await connection.fetch(OF_PEOPLE, [e for e, _ in pairs], [p for _, p in pairs])
        for id_, person, enterprise, start, end in rows:
            found[enterprise, person].append(Employment(id_, start, end))
    return found


def cover(employments: Collection[Employment], start: date, end: date) -> bool:
    """Whether every day from start to end lies in one of these employments."""
    day = start
    for employment in sorted(employments, key=lambda e: e.start):
        if employment.start <= day and (employment.end is None or employment.end >= day):
            if employment.end is None or employment.end >= end:
                return True
            day = employment.end + timedelta(days=1)
    return False
