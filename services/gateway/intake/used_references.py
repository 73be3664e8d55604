"""References in use: which person a sender's reference of a training or an override names.

One reference names one thing. Who decides on it stands behind Kafka, where two declarations under one reference about
two people travel on two partitions and would race; so the way in keeps whom each reference named first. What one
person's reference says is decided behind Kafka, where that person's declarations keep their order; there also the rule
that the reference of a cancelled training is not used again (`services/registration/domain/decisions.py`).
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import asyncpg

from shared.database.copying import copy

# The first keeps it, unless its declaration was refused: that binds only what was sent together with it. Writing the
# row again is the price for getting the holder back in the same statement.
_HOLD: Final = """
insert into reference_holder as known (subject, person, submission, line, refused)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::int[], $5::bool[])
on conflict (subject) do update set (person, submission, line, refused) = (
  select excluded.person, excluded.submission, excluded.line, excluded.refused
  where known.refused and known.submission <> excluded.submission
  union all select known.person, known.submission, known.line, known.refused limit 1)
returning subject::text, person::text
"""
_HOLDERS: Final = """
select subject::text, person::text, submission::text from reference_holder where subject = any($1::uuid[])
"""
_COLUMNS: Final = ("subject", "person", "submission", "line", "refused")
_FEW: Final = 64

# A declaration that was refused gives its reference free.
FREE: Final = """
update reference_holder r set refused = true from unnest($1::uuid[], $2::int[]) as n(submission, line)
where r.submission = n.submission and r.line = n.line
"""


class ReferenceUse(NamedTuple):
    """A declaration that names a thing: the thing's id (which follows from the reference), and whose it is.

    `refused`: it was refused on the way in.
    """

    subject: str
    person: str
    submission: str
    line: int
    refused: bool = False


async def hold(
    connection: asyncpg.Connection, uses: Sequence[ReferenceUse], overtaken: Collection[int] = ()
) -> set[tuple[str, int]]:
    """Store for each reference the person that it names first, in the order given. One statement for all.

    `overtaken`: lines that come after another person's in a file that is prepared out of its order; they lose a
    reference that nothing but this file has given away.

    Returns (submission, line) of those whose reference names somebody else.
    """
    first: dict[str, ReferenceUse] = {}
    for one in uses:
        if one.line not in overtaken:
            first.setdefault(one.subject, one)
    # In one order for all, so that two transactions wait for each other and never in a circle.
    ordered = [first[subject] for subject in sorted(first)]
    holders = {one.subject: one.person for one in ordered}
    if len(ordered) >= _FEW and await _all_are_new(connection, ordered):
        if len(ordered) == len(uses):
            return set()
    elif ordered:
        holders |= dict(await connection.fetch(_HOLD, *map(list, zip(*ordered, strict=True))))
    lost = {(one.submission, one.line) for one in uses if holders.get(one.subject, one.person) != one.person}
    return lost | await _overtaken(connection, [one for one in uses if one.line in overtaken])


async def _overtaken(connection: asyncpg.Connection, behind: Sequence[ReferenceUse]) -> set[tuple[str, int]]:
    """Find those behind another in their file whose reference did not name their person before that file."""
    if not behind:
        return set()
    rows = await connection.fetch(_HOLDERS, [one.subject for one in behind])
    holders = {subject: (person, submission) for subject, person, submission in rows}
    return {
        (one.submission, one.line)
        for one in behind
        if one.subject not in holders
        or holders[one.subject][0] != one.person
        or holders[one.subject][1] == one.submission
    }


async def _all_are_new(connection: asyncpg.Connection, ordered: Sequence[ReferenceUse]) -> bool:
    """Try a plain COPY, half the cost; False if a row already exists, then the caller asks for the holders."""
    rows = [
        f"{subject}\t{person}\t{submission}\t{line}\t{refused}"
        for subject, person, submission, line, refused in ordered
    ]
    try:
        async with connection.transaction():
            await copy(connection, "reference_holder", _COLUMNS, rows)
    except asyncpg.UniqueViolationError:
        return False
    return True
