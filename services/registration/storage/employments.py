"""Who is employed where, as far as access to a person depends on it."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import asyncpg

from shared.database.ended_access import refresh, refreshing

_FOLLOW = """
insert into employment as known (id, version, person, enterprise, last_day)
select * from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::date[])
on conflict (id) do update set version = excluded.version, last_day = excluded.last_day
where known.version < excluded.version
"""
_ENDED = refreshing("last_day")


class Employment(NamedTuple):
    """An employment's version, whose it is, and its last day, None while it lasts."""

    id: str
    version: int
    person: str
    enterprise: str
    last_day: date | None


async def follow(connection: asyncpg.Connection, employments: Sequence[Employment]) -> None:
    """Bring these in, at most one per id; one whose version is not newer than what is known changes nothing."""
    if employments:
        await connection.execute(_FOLLOW, *map(list, zip(*sorted(employments), strict=True)))
        await refresh(connection, _ENDED, {(one.enterprise, one.person) for one in employments})
