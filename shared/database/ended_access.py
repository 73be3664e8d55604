"""When an employer's access to a person ends: the table behind it, kept beside whatever a service knows of employments.

`ended_access` holds a person at an enterprise where no employment of theirs lasts, with the last day of the last one
(domain.md section 4: access ends 30 days later). Who is employed there, or of whom no employment is known, is not in
it. A cancelled employment ended on the day it was cancelled, in Brussels, unless it had ended before.
"""

from collections.abc import Collection

import asyncpg
from sqlalchemy import Column, Date, MetaData, Table, Text, Uuid

from shared.database.scope import closing, policies

NAME = "ended_access"

LAST_DAY = """
case when cancelled then least(end_date, (recorded_at at time zone 'Europe/Brussels')::date) else end_date end
"""
"""An employment's last day, null while it lasts, from the columns that entitlements and the dashboard have of it."""

_REFRESH = """
with touched as (
  select distinct enterprise, person from unnest($1::text[], $2::uuid[]) as t(enterprise, person)
), now as (
  select enterprise, person, case when bool_and({last_day} is not null) then max({last_day}) end as last_day
  from touched join employment using (enterprise, person) group by enterprise, person
), lasting as (
  delete from ended_access as known using now
  where known.enterprise = now.enterprise and known.person = now.person and now.last_day is null
)
insert into ended_access as known (enterprise, person, last_day)
select enterprise, person, last_day from now where last_day is not null order by enterprise, person
on conflict (enterprise, person) do update set last_day = excluded.last_day
where known.last_day <> excluded.last_day
"""


def add_ended_access(metadata: MetaData) -> None:
    """Declare the table in a service's metadata."""
    Table(
        NAME,
        metadata,
        Column("enterprise", Text, primary_key=True),
        Column("person", Uuid, primary_key=True),
        Column("last_day", Date, nullable=False, comment="of the last employment there that ended"),
        comment="people at enterprises where no employment of theirs lasts: access to them ends some days later",
    )


def refreshing(last_day: str) -> str:
    """Get the statement for `refresh`. `last_day`: SQL on the service's `employment` table, null while one lasts."""
    return _REFRESH.format(last_day=last_day)


def filling(last_day: str) -> str:
    """Build a migration's statement: fill the table from all that the service's `employment` table knows."""
    return f"""
insert into ended_access (enterprise, person, last_day)
select enterprise, person, max({last_day}) from employment
group by enterprise, person having bool_and({last_day} is not null)
"""  # noqa: S608 - only names of our own columns


def protected(*tables: str) -> list[str]:
    """Build a migration's statements: the table under row-level security, and these closed by it.

    Who reads sees the ends at the enterprises in scope; the people in it are nobody's own account.
    """
    return [*policies(NAME, person=None), *(statement for table in tables for statement in closing(table))]


def deviating(last_day: str) -> str:
    """Build a check's statement: the people (enterprise, person) whose row is not what employments say."""
    return f"""
select enterprise, person from ended_access as known full join (
  select enterprise, person, max({last_day}) as last_day from employment
  group by enterprise, person having bool_and({last_day} is not null)
) as now using (enterprise, person)
where known.last_day is distinct from now.last_day
"""  # noqa: S608 - only names of our own columns


async def refresh(connection: asyncpg.Connection, statement: str, pairs: Collection[tuple[str, str]]) -> None:
    """Bring these (enterprise, person) up to what is known now of their employments: one statement for all.

    In the transaction that wrote the employments, whose lock keeps others from the same people.
    """
    if pairs:
        ordered = sorted(pairs)
        await connection.execute(statement, [pair[0] for pair in ordered], [pair[1] for pair in ordered])
