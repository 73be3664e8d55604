"""Former employees, to whom an employer's access has ended: the first day that is open, and who was opened again.

An employer's access to a person lasts while any employment of theirs there does, and some days after the end of the
last (domain.md section 4; `FLA_ACCESS_DAYS_AFTER_END`). The services apply it by row-level security, from the scope;
the gateway's own lists of people by `OPEN`, and what is declared by `intake.access_window`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import asyncpg

from shared.access.scope import pair

# `$since` and `$reopened` are positions of the statement that it stands in. Undecided employments count: whoever is
# being hired again can be chosen at once.
_OPEN = """(
  e.enterprise || ':' || e.person = any({reopened}::text[])
  or exists (
    select from employment as o where o.enterprise = e.enterprise and o.person = e.person
      and coalesce(case when o.cancelled then least(o.end_date, o.cancelled_on) else o.end_date end, 'infinity')
          >= coalesce({since}::date, '-infinity')
  )
)"""

REOPENED = """
select enterprise, person::text from reopened_access
where withdrawn_at is null and until >= $2 and enterprise = any($1::text[])
"""


def open_only(*, since: str, reopened: str) -> str:
    """Write the SQL condition that the employment `e` is of somebody who is open. `since`, `reopened`: as `$2`."""
    return _OPEN.format(since=since, reopened=reopened)


@dataclass(frozen=True, slots=True)
class Window:
    """Who is open to an employer: whoever's last employment there ended on `since` or later, and `reopened`.

    `since` None: everyone (inspectors). `reopened`: `pair`s of an enterprise and a person.
    """

    since: date | None = None
    reopened: frozenset[str] = frozenset()

    def at(self, enterprises: Collection[str]) -> "Window":
        """Narrow what was reopened to these enterprises."""
        return Window(self.since, frozenset(one for one in self.reopened if one.partition(":")[0] in enterprises))


EVERYONE = Window()
"""Nobody is closed."""


async def window(
    connection: asyncpg.Connection, enterprises: Collection[str], today: date, days_after_end: int
) -> Window:
    """Find who is open today (Brussels) at these enterprises."""
    return Window(open_since(today, days_after_end), await reopened(connection, enterprises, today))


def open_since(today: date, days_after_end: int) -> date:
    """Compute the first day that is open: whoever left before it is closed."""
    return today - timedelta(days_after_end)


async def reopened(connection: asyncpg.Connection, enterprises: Collection[str], today: date) -> frozenset[str]:
    """Find the people at these enterprises whom an operator opened again, as `pair` names them."""
    if not enterprises:
        return frozenset()
    rows = await connection.fetch(REOPENED, list(enterprises), today)
    return frozenset(pair(row["enterprise"], row["person"]) for row in rows)
