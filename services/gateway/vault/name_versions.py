"""The versions of people's names: what an enterprise declares waits until it is decided, and nothing is overwritten.

A declared name is *pending* in `declared_name`; then it becomes that enterprise's name for the person, or is forgotten
with a declaration that is refused. What a person's own sign-in says is given at once.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import asyncpg

from services.gateway.vault.name import Name, merged

_DECLARE = """
insert into declared_name (submission, line, turn, person, enterprise, given_name, family_name, given_first,
                           family_first, actor, received_at)
select * from unnest($1::uuid[], $2::int[], $3::smallint[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::text[], $10::text[], $11::timestamptz[])
on conflict do nothing
"""
_NAMING = """
select s::text from unnest($1::uuid[]) as s where exists (select from declared_name d where d.submission = s)
"""
_TAKE = """
delete from declared_name d using unnest($1::uuid[], $2::int[]) as n(submission, line)
where d.submission = n.submission and d.line = n.line
returning d.submission::text, d.turn, d.line, d.person::text, d.enterprise, d.given_name, d.family_name, d.actor,
          d.received_at
"""

# In one order for all, and in a statement of its own: whoever waited here must then read what the other one wrote.
_LOCK = "select from person where id = any($1::uuid[]) order by id for no key update"
_CURRENT = """
select n.person::text, n.origin, n.version, n.given_name, n.family_name, n.recorded_at
from unnest($1::uuid[], $2::text[]) as w(person, origin)
join person_name n on n.person = w.person and n.origin = w.origin and n.superseded_at is null
"""
_SUPERSEDE = """
update person_name n set superseded_at = w.at
from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as w(person, origin, at)
where n.person = w.person and n.origin = w.origin and n.superseded_at is null
"""
_ADD = """
insert into person_name (person, origin, version, given_name, family_name, given_first, family_first, actor,
                         recorded_at, superseded_at)
select * from unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::timestamptz[], $10::timestamptz[])
"""


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """A name in a declaration that is not decided yet. `rank`: when it is decided among what was sent with it."""

    submission: str
    rank: int
    line: int
    person: str
    enterprise: str
    name: Name
    actor: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NameGiven:
    """A name that somebody gave, and when. Parts that were not given are None."""

    person: str
    origin: str
    name: Name
    actor: str
    at: datetime


async def declare(connection: asyncpg.Connection, declared: Iterable[DeclaredName]) -> None:
    """Store names until their declarations are decided. The same declaration again changes nothing."""
    rows = [
        (d.submission, d.line, d.rank, d.person, d.enterprise, d.name.given, d.name.family, d.name.given_first,
         d.name.family_first, d.actor, d.received_at)
        for d in declared
    ]  # fmt: skip
    if rows:
        await connection.execute(_DECLARE, *map(list, zip(*rows, strict=True)))


async def decide(connection: asyncpg.Connection, decided: Mapping[str, Collection[tuple[int, bool]]]) -> None:
    """Keep or forget the names in declarations that are decided: per submission the lines, and whether each stands.

    Most submissions tell no names: they cost one look at an index, however many lines they have.
    """
    naming = [row["s"] for row in await connection.fetch(_NAMING, list(decided))]
    stands = {(submission, line): kept for submission in naming for line, kept in decided[submission]}
    if not stands:
        return
    rows = await connection.fetch(_TAKE, [s for s, _ in stands], [line for _, line in stands])
    kept = sorted(
        (row for row in rows if stands[row["submission"], row["line"]]),
        key=lambda row: (row["received_at"], row["submission"], row["turn"], row["line"]),
    )
    await give(
        connection,
        [
            NameGiven(
                r["person"], r["enterprise"], Name(r["given_name"], r["family_name"]), r["actor"], r["received_at"]
            )
            for r in kept
        ],
    )


async def give(connection: asyncpg.Connection, given: Sequence[NameGiven]) -> None:
    """Store names: a part that is not given stays, what is replaced is kept as an earlier version.

    Names of one origin are put in the order in which they were given, however late their decisions come.
    """
    if not given:
        return
    keys = sorted({(one.person, one.origin) for one in given})
    await connection.execute(_LOCK, sorted({person for person, _ in keys}))
    rows = await connection.fetch(_CURRENT, [person for person, _ in keys], [origin for _, origin in keys])
    current = {(row["person"], row["origin"]): row for row in rows}
    replaced: list[tuple[Any, ...]] = []
    added: list[tuple[Any, ...]] = []
    for key, ones in groupby(sorted(given, key=_key), _key):
        versions = _versions(current.get(key), list(ones))
        if not versions:
            continue
        if key in current:
            replaced.append((*key, versions[0][3]))
        following = [at for *_, at in versions[1:]]
        for (version, name, actor, at), until in zip(versions, [*following, None], strict=True):
            parts = (name.given, name.family, name.given_first, name.family_first)
            added.append((*key, version, *parts, actor, at, until))
    if replaced:
        await connection.execute(_SUPERSEDE, *map(list, zip(*replaced, strict=True)))
    if added:
        await connection.execute(_ADD, *map(list, zip(*added, strict=True)))


def _key(given: NameGiven) -> tuple[str, str]:
    return given.person, given.origin


def _versions(current: Any, given: Sequence[NameGiven]) -> list[tuple[int, Name, str, datetime]]:
    """Make the versions that these names lead to, one after another; none where nothing changes."""
    name = Name(current["given_name"], current["family_name"]) if current else None
    version, newest = (current["version"], current["recorded_at"]) if current else (0, None)
    made: list[tuple[int, Name, str, datetime]] = []
    for one in given:
        late = newest is not None and one.at < newest
        after = merged(name, one.name, late=late)
        if after and after != name:
            name, version, newest = after, version + 1, max(one.at, newest or one.at)
            made.append((version, name, one.actor, newest))
    return made
