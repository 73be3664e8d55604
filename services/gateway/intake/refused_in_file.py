"""Refused declarations of a file: what leans on one of them is refused too, with that reason.

Kept in the database and not in memory, because a file may be of any length and the gateway may be killed in its middle.
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import asyncpg

from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly

_KEEP: Final = """
insert into refused_in_file (submission, subject, line, code)
select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) on conflict do nothing
"""
_FIND: Final = """
select r.submission::text, r.subject::text, r.line, r.code
from unnest($1::uuid[], $2::uuid[]) as n(submission, subject) join refused_in_file r using (submission, subject)
"""
FORGET: Final = """
delete from refused_in_file r using submission s
where s.id = r.submission and s.completed_at < now() - interval '10 seconds'
"""

Key = tuple[str, str]
"""(submission, the id of what would have been)."""


class RefusedHere(NamedTuple):
    """A declaration of a file that was refused: what it would have been, where it stands, and why."""

    submission: str
    subject: str
    line: int
    code: str


async def keep(connection: asyncpg.Connection, refused: Sequence[RefusedHere]) -> None:
    """Store refused declarations of a file; the first of one thing stays."""
    if refused:
        await connection.execute(_KEEP, *map(list, zip(*refused, strict=True)))


async def find(connection: asyncpg.Connection, keys: Collection[Key]) -> dict[Key, Anomaly]:
    """Find which of these were refused in their own file: dict[key, the reason for whoever leans on it]."""
    if not keys:
        return {}
    rows = await connection.fetch(_FIND, [s for s, _ in keys], [subject for _, subject in keys])
    return {
        (submission, subject): anomaly("leansOnRefused", "reference", line=line, reason=code)
        for submission, subject, line, code in rows
    }
