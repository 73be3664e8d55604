"""Former employees whose data is closed to the employer: counted in its totals, shown nowhere else.

Row-level security hides them by itself. These conditions are for totals, which see everyone, and say how much of what
they count is shown: one pass for both, where the list of an enterprise with 200,000 trainings would else be counted
twice.
"""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Date, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.access.scope import Scope
from shared.database.scope import counting_everyone

PEOPLE = """
select person from ended_access
where enterprise = :number and last_day < :open_since and enterprise || ':' || person <> all (:reopened)
"""
"""Who is closed at an enterprise; nobody where `open_since` is null. Bound by `parameters` and `asked`."""

parameters = (bindparam("open_since", type_=Date), bindparam("reopened", type_=ARRAY(Text)))

# The trainings come last: they are the most, and looked at only for someone who has nothing else in the year.
_ONLY_IN_TOTALS = text(f"""
with closed as materialized ({PEOPLE})
select count(*) from closed
where person in (
    select person from employment
    where enterprise = :number and not cancelled and start_date <= :last and (end_date is null or end_date >= :first))
  or person in (select person from balance where enterprise = :number and year = :year and not gone)
  or person in (select person from training where enterprise = :number and start_date between :first and :last)
""").bindparams(*parameters)  # noqa: S608 - the condition is above


def asked(scope: Scope) -> dict[str, Any]:
    """Give the values of `parameters`."""
    return {"open_since": scope.open_since, "reopened": sorted(scope.reopened)}


async def only_in_totals(connection: AsyncConnection, scope: Scope, number: str, first: date, last: date) -> int:
    """Count the people of these days of a year who are in the enterprise's totals and shown nowhere else."""
    if scope.open_since is None:
        return 0
    period = {"number": number, "first": first, "last": last, "year": first.year}
    async with counting_everyone(connection, scope):
        return int((await connection.execute(_ONLY_IN_TOTALS, period | asked(scope))).scalar_one())
