"""Keeps the gateway's own list of who is employed where, which decides whose trainings may be registered.

A person's first employment at an enterprise is announced to that person.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from services.gateway.representation import employer_announcements
from shared.clock import brussels_day
from shared.messaging.records import Work
from shared.text import folded

# Employments submitted here exist already with version 0; any decided version replaces them, never the reverse.
FOLLOW = """
insert into employment as known (id, version, person, enterprise, start_date, end_date, cancelled, cancelled_on)
select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::date[], $6::date[], $7::bool[], $8::date[])
on conflict (id) do update set
  version = excluded.version, start_date = excluded.start_date, end_date = excluded.end_date,
  cancelled = excluded.cancelled, cancelled_on = excluded.cancelled_on,
  submission = null, line = null, cancelled_by = null, cancelled_by_line = null
where known.version < excluded.version
"""

NAME = """
update enterprise e set name = n.name, folded_name = n.folded
from unnest($1::text[], $2::text[], $3::text[]) as n(number, name, folded)
where e.number = n.number and e.name <> n.name
"""


async def follow_employments(work: Work, events: Sequence[Any]) -> None:
    """Apply employments and enterprises' names; the last version of each in the batch counts."""
    employments: dict[str, dict[str, Any]] = {}
    names: dict[str, str] = {}
    for event in events:
        state = event["data"]
        if event["type"] == "be.fla.enterprise.registered.v1":
            # A withdrawn enterprise has none: here it is gone already, or registered anew under a name of its own.
            if state["name"]:
                names[state["enterprise"]] = state["name"]
        elif state["version"] > employments.get(state["employment"], state | {"version": 0})["version"]:
            employments[state["employment"]] = state
    if employments:
        rows = [_row(state) for _, state in sorted(employments.items())]
        await employer_announcements.announce(work.connection, [(row[0], *row[2:5]) for row in rows if not row[-1]])
        await work.connection.execute(FOLLOW, *map(list, zip(*rows, strict=True)))
    if names:
        folded_names = [folded(name) for name in names.values()]
        await work.connection.execute(NAME, list(names), list(names.values()), folded_names)


def _row(state: dict[str, Any]) -> tuple[Any, ...]:
    end = state.get("endDate")
    return (
        state["employment"],
        state["version"],
        state["person"],
        state["enterprise"],
        date.fromisoformat(state["startDate"]),
        date.fromisoformat(end) if end else None,
        state["cancelled"],
        brussels_day(datetime.fromisoformat(state["recordedAt"])) if state["cancelled"] else None,
    )
