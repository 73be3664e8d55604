"""A person's employers: announced when they first register somebody, confirmed or contested by that person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

# What the person still has to be told: a new employer, a contest under way, or one that was dealt with.
OPEN = """
select a.employment::text, a.enterprise, e.start_date, a.announced_at, a.contested_at, a.resolved_at, a.resolution
from employer_announcement a join employment e on e.id = a.employment
where a.person = $1::uuid and a.seen_at is null and not e.cancelled order by a.announced_at, a.employment
"""
OWN = """
select e.id::text, e.enterprise, e.start_date from employment e
where e.id = $1::uuid and e.person = $2::uuid and not e.cancelled
"""
SEEN = """
update employer_announcement set seen_at = now()
where employment = $1::uuid and person = $2::uuid and (contested_at is null or resolved_at is not null) returning true
"""
# An employment of before there were announcements can be contested too; a new contest opens a resolved one again.
CONTEST = """
insert into employer_announcement as known (employment, person, enterprise, contested_at, contest_text)
select e.id, e.person, e.enterprise, now(), nullif($3, '') from employment e
where e.id = $1::uuid and e.person = $2::uuid and not e.cancelled
on conflict (employment) do update set
  contested_at = case when known.resolved_at is null then coalesce(known.contested_at, now()) else now() end,
  contest_text = excluded.contest_text, seen_at = null, resolved_at = null, resolved_by = null, resolution = null
returning enterprise
"""
MARK = """
select contested_at from employer_announcement
where person = $1::uuid and enterprise = $2 and contested_at is not null and resolved_at is null
order by contested_at desc limit 1
"""
CONTESTS = """
select a.employment::text, a.person::text, a.enterprise, coalesce(n.name, a.enterprise) as name, e.start_date,
       a.contested_at, coalesce(a.contest_text, '') as text
from employer_announcement a
join employment e on e.id = a.employment left join enterprise n on n.number = a.enterprise
where a.contested_at is not null and a.resolved_at is null and not e.cancelled
order by a.contested_at limit $1
"""
COUNT = """
select count(*) from employer_announcement a join employment e on e.id = a.employment
where a.contested_at is not null and a.resolved_at is null and not e.cancelled
"""
RESOLVE = """
update employer_announcement set resolved_at = now(), resolved_by = $2, resolution = $3
where employment = $1::uuid and contested_at is not null and resolved_at is null returning enterprise
"""
AUDIT = "insert into audit_log (actor, party, action, subject) values ($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class Announcement:
    """An employer that is announced to a person. `contested_at`: the person said that it is not right."""

    employment: str
    enterprise: str
    start_date: date
    announced_at: datetime
    contested_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None


@dataclass(frozen=True, slots=True)
class Contest:
    """A contest for the operator: somebody says not to work there."""

    employment: str
    person: str
    enterprise: str
    name: str
    start_date: date
    contested_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class EmploymentOfPerson:
    """One of a person's own employments."""

    employment: str
    enterprise: str
    start_date: date


async def open_for(connection: asyncpg.Connection, person: str) -> list[Announcement]:
    """List the announcements that a person has not closed yet, oldest first."""
    return [Announcement(**dict(row)) for row in await connection.fetch(OPEN, person)]


async def own(connection: asyncpg.Connection, employment: str, person: str) -> EmploymentOfPerson | None:
    """Find an employment, if it is this person's and not cancelled."""
    row = await connection.fetchrow(OWN, employment, person)
    return EmploymentOfPerson(row["id"], row["enterprise"], row["start_date"]) if row else None


async def close(connection: asyncpg.Connection, employment: str, person: str) -> bool:
    """Close an announcement: the person says that it is right, or has read how a contest ended. One under way stays."""
    return bool(await connection.fetchval(SEEN, employment, person))


async def contest(connection: asyncpg.Connection, employment: str, person: str, text: str) -> bool:
    """Contest an employer, by the person; False when the employment is not the person's own."""
    enterprise = await connection.fetchval(CONTEST, employment, person, text)
    if enterprise is not None:
        await connection.execute(AUDIT, f"person:{person}", enterprise, "employer contested", employment)
    return enterprise is not None


async def contested_at(connection: asyncpg.Connection, person: str, enterprise: str) -> datetime | None:
    """Find since when a person contests an employer, for the employer to see; None when not, or dealt with."""
    found: datetime | None = await connection.fetchval(MARK, person, enterprise)
    return found


async def contests(connection: asyncpg.Connection, most: int) -> Sequence[Contest]:
    """List the contests that wait for the operator, oldest first."""
    return [Contest(**dict(row)) for row in await connection.fetch(CONTESTS, most)]


async def count(connection: asyncpg.Connection) -> int:
    """Count the contests that wait for the operator."""
    return int(await connection.fetchval(COUNT))


async def resolve(connection: asyncpg.Connection, employment: str, operator: str, resolution: str) -> bool:
    """Resolve a contest with a text that the person reads; False when there is none."""
    enterprise = await connection.fetchval(RESOLVE, employment, f"person:{operator}", resolution)
    if enterprise is not None:
        await connection.execute(AUDIT, f"person:{operator}", enterprise, "contest resolved", employment)
    return enterprise is not None


ANNOUNCE = """
insert into employer_announcement (employment, person, enterprise)
select distinct on (n.person, n.enterprise) n.id, n.person, n.enterprise
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::date[]) as n(id, person, enterprise, start_date)
where not exists (
  select from employment e
  where e.enterprise = n.enterprise and e.person = n.person and e.version > 0 and not e.cancelled)
order by n.person, n.enterprise, n.start_date, n.id
on conflict do nothing
"""


async def announce(connection: asyncpg.Connection, employments: Collection[tuple[str, str, str, date]]) -> None:
    """Announce employers that are new to people: (employment, person, enterprise, start), decided and not cancelled.

    Before these are stored as decided: who has an employment there already is not told of another one.
    """
    if employments:
        await connection.execute(ANNOUNCE, *map(list, zip(*sorted(employments), strict=True)))
