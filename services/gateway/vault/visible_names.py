"""Who is shown which name: each belongs to who gave it, and nothing of it is ever overwritten.

A name has an origin: an authentic source, the person's own sign-in, or the enterprise that declared it. Here is who is
shown which one; `name_versions` stores them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from services.gateway.vault.name import AUTHENTIC_SOURCE, SIGN_IN, Name, merged

Pair = tuple[str, str]
"""(enterprise, person)."""

_PARTS = "person, given_name, family_name, given_first, family_first"

# The precedence of what an enterprise ($1) is shown, the highest first: the official name once a source confirmed the
# employment, what the enterprise itself gave, and what it gave first while that is not decided.
SHOWN: Final = f"""
select distinct on (person) {_PARTS} from (
  select {_PARTS}, case origin when '{AUTHENTIC_SOURCE}' then 0 else 1 end as rank, recorded_at, 0 as turn, 0 as line
  from person_name
  where superseded_at is null and origin in ('{AUTHENTIC_SOURCE}', '{SIGN_IN}') and person in (
    select person from employment where enterprise = $1 and confirmed_by is not null and not cancelled
  )
  union all
  select {_PARTS}, 2, recorded_at, 0, 0 from person_name where superseded_at is null and origin = $1
  union all
  select {_PARTS}, 3, received_at, turn, line from declared_name where enterprise = $1
) as candidate {{of}}
order by person, rank, recorded_at, turn, line
"""  # noqa: S608 - only names of our own
SHOWN_OF_ALL: Final = SHOWN.format(of="")
_SHOWN_OF = f"""
select person::text, given_name, family_name from ({SHOWN.format(of="where person = any($2::uuid[])")}) as shown
"""  # noqa: S608
# `$1`, `$2` as above; `$3`: every one of these words is in the name, whichever part of it comes first.
FOUND_BY: Final = """
not exists (
  select from unnest({words}::text[]) as word where strpos(concat_ws(' ', given_first, family_first), word) = 0
)
"""
_FOUND = f"""
select person::text from ({SHOWN.format(of="where person = any($2::uuid[])")}) as shown
where {FOUND_BY.format(words="$3")} order by family_first, person
"""  # noqa: S608
_OWN = """
select distinct on (person) person::text, given_name, family_name from person_name
where superseded_at is null and origin = any($2::text[]) and person = any($1::uuid[])
order by person, array_position($2::text[], origin)
"""

# All that an enterprise ever said of a person, in the order in which it was said; and what is official, where it may
# know that.
_SAID = f"""
with w as (select * from unnest($1::text[], $2::uuid[]) as w(enterprise, person))
select w.enterprise, w.person::text, n.given_name, n.family_name, n.recorded_at, n.superseded_at is not null as past,
       null::text as submission, 0 as turn, 0 as line, 0 as rank
from w join person_name n on n.origin = w.enterprise and n.person = w.person
union all
select w.enterprise, w.person::text, d.given_name, d.family_name, d.received_at, false,
       d.submission::text, d.turn, d.line, 1
from w join declared_name d on d.enterprise = w.enterprise and d.person = w.person
union all
select w.enterprise, w.person::text, n.given_name, n.family_name, n.recorded_at, false, null,
       0, case n.origin when '{AUTHENTIC_SOURCE}' then 0 else 1 end, 2
from w join person_name n on n.person = w.person and n.superseded_at is null
  and n.origin in ('{AUTHENTIC_SOURCE}', '{SIGN_IN}')
where exists (
  select from employment e where e.enterprise = w.enterprise and e.person = w.person and e.confirmed_by is not null
    and not e.cancelled
)
order by rank, recorded_at, turn, line
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class NameSaid:
    """One of the names that an enterprise gave someone. `past`: replaced since. `submission`: where it is pending."""

    name: Name
    past: bool
    at: datetime
    submission: str | None = None
    rank: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What an enterprise said of someone, oldest first; `official` only where a source confirmed the employment."""

    said: Sequence[NameSaid] = ()
    official: Name | None = None


def as_it_stands(said: Sequence[NameSaid]) -> tuple[Name | None, bool]:
    """Work out a name as it will be when all that is pending is accepted, and whether nothing of it is pending."""
    current = next((one for one in said if one.submission is None and not one.past), None)
    pending = [one for one in said if one.submission is not None and (current is None or one.at >= current.at)]
    name = current.name if current else None
    for one in pending:
        name = merged(name, one.name)
    return name, not pending


async def shown_to(connection: asyncpg.Connection, enterprise: str, persons: Collection[str]) -> dict[str, Name]:
    """Get the names that an enterprise may see: dict[person id, Name]."""
    rows = await connection.fetch(_SHOWN_OF, enterprise, list(persons))
    return {row["person"]: Name(row["given_name"], row["family_name"]) for row in rows}


async def found(
    connection: asyncpg.Connection, enterprise: str, persons: Collection[str], words: Sequence[str]
) -> list[str]:
    """Search these people by name: those in whose names all words are (`shared.text.folded_words`), in the order of the
    names that this enterprise may see.
    """
    return [row["person"] for row in await connection.fetch(_FOUND, enterprise, list(persons), list(words))]


async def of_actors(connection: asyncpg.Connection, persons: Collection[str]) -> dict[str, Name]:
    """Get the names with which people signed in: dict[person id, Name], for what they did here."""
    return await _own(connection, persons, SIGN_IN)


async def of_oneself(connection: asyncpg.Connection, person: str) -> Name:
    """Get the name that someone's own pages show."""
    return (await _own(connection, [person], AUTHENTIC_SOURCE, SIGN_IN)).get(person, Name())


async def _own(connection: asyncpg.Connection, persons: Collection[str], *origins: str) -> dict[str, Name]:
    rows = await connection.fetch(_OWN, list(persons), list(origins))
    return {row["person"]: Name(row["given_name"], row["family_name"]) for row in rows}


async def known_to(connection: asyncpg.Connection, pairs: Collection[Pair]) -> dict[Pair, KnownNames]:
    """Get what each enterprise said of each person so far: dict[(enterprise, person), KnownNames], in one query."""
    ordered = sorted(pairs)
    rows = await connection.fetch(_SAID, [e for e, _ in ordered], [p for _, p in ordered])
    said: dict[Pair, list[NameSaid]] = {}
    official: dict[Pair, Name] = {}
    for row in rows:
        pair, name = (row["enterprise"], row["person"]), Name(row["given_name"], row["family_name"])
        if row["rank"] == 2:
            # The rows come by when they were recorded; the source's own goes first whenever that was.
            official[pair] = name if row["line"] == 0 else official.get(pair, name)
        else:
            said.setdefault(pair, []).append(
                NameSaid(name, row["past"], row["recorded_at"], row["submission"], row["turn"], row["line"])
            )
    return {pair: KnownNames(said.get(pair, ()), official.get(pair)) for pair in said.keys() | official.keys()}


async def given_by(connection: asyncpg.Connection, enterprise: str, person: str) -> Name:
    """Get the name that an enterprise itself gave, whatever it may see besides: what it corrects."""
    known = (await known_to(connection, [(enterprise, person)])).get((enterprise, person), KnownNames())
    return as_it_stands(known.said)[0] or Name()
