"""Which person a sender's reference names while its declaration is not decided yet.

One reference names one thing. Who decides on it stands behind Kafka, where two declarations under one reference about
two people travel on two partitions and would race. So the way in keeps, until the submission is complete, whom a
reference named first; what is decided already is known to the deciding services, and needs no row here.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import asyncpg

from shared.database.copying import copy

# The first keeps it, unless its declaration was refused: that binds only what was sent together with it. Writing the
# row again is the price for getting the holder back in the same statement.
_CLAIM: Final = """
insert into reference_in_flight as known (subject, person, submission, line, refused)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bool[])
on conflict (subject) do update set (person, submission, line, refused) = (
  select excluded.person, excluded.submission, excluded.line, excluded.refused
  where known.refused and known.submission <> excluded.submission
  union all select known.person, known.submission, known.line, known.refused limit 1)
returning subject::text, person::text
"""
_COLUMNS: Final = ("subject", "person", "submission", "line", "refused")
_FEW: Final = 64

REFUSED: Final = """
update reference_in_flight r set refused = true from unnest($1::uuid[], $2::int[]) as n(submission, line)
where r.submission = n.submission and r.line = n.line
"""
# A submission that is complete leaves its references to those who decided on them.
FORGET: Final = """
delete from reference_in_flight r using submission s
where s.id = r.submission and s.completed_at < now() - interval '10 seconds'
"""


class Claim(NamedTuple):
    """A declaration that names a thing: the thing's id (which follows from the reference), and whose it is.

    `refused`: it was refused on the way in.
    """

    subject: str
    person: str
    submission: str
    line: int
    refused: bool = False


async def claim(connection: asyncpg.Connection, claims: Sequence[Claim]) -> set[tuple[str, int]]:
    """Keep for each reference the person it names first, in the order given.

    Returns (submission, line) of those whose reference names somebody else already. One statement for all.
    """
    first: dict[str, Claim] = {}
    for one in claims:
        first.setdefault(one.subject, one)
    if not first:
        return set()
    # In one order for all, so that two transactions wait for each other and never in a circle.
    ordered = [first[subject] for subject in sorted(first)]
    holders = {one.subject: one.person for one in ordered}
    if len(ordered) < _FEW or not await _all_are_new(connection, ordered):
        holders |= dict(await connection.fetch(_CLAIM, *map(list, zip(*ordered, strict=True))))
    return {(one.submission, one.line) for one in claims if holders[one.subject] != one.person}


async def _all_are_new(connection: asyncpg.Connection, ordered: Sequence[Claim]) -> bool:
    """Try a plain COPY, half the cost; False if a row already exists, then the caller asks for the holders."""
    rows = [f"{one[0]}\t{one[1]}\t{one[2]}\t{one[3]}\t{'t' if one[4] else 'f'}" for one in ordered]
    try:
        async with connection.transaction():
            await copy(connection, "reference_in_flight", _COLUMNS, rows)
    except asyncpg.UniqueViolationError:
        return False
    return True
