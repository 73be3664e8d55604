"""How an enterprise stands in a year: `GET /internal/enterprises/{number}/summary`.

A training belongs, whole, to the year and month of its first day, so that years and months add up. Figures by month,
kind, provider and theme are of completed trainings; `byStatus` has all that are seen. One that is the same as
another is in no figure.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter, Response
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dashboard.queries import credit, never_employed
from services.dashboard.queries.answers import Year, days_of, moment
from services.dashboard.queries.asking import Answering, EnterpriseScope
from services.dashboard.queries.closed import only_in_totals
from shared.contracts.answers.dashboard import (
    Count,
    Others,
    ProviderShare,
    ProviderShares,
    Summary,
    SummaryCredit,
    SummaryEmployees,
    SummaryKind,
    SummaryMonth,
    SummaryStatus,
    ThemeShare,
    ThemeShares,
)
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.database.scope import counting_everyone
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber

router = APIRouter(prefix="/internal/enterprises/{number}")

Share = TypeVar("Share", bound=Count)
_MOST_SHARES = 50
_COMPLETED = "completed"
_PLANNED = "planned"
_KINDS: tuple[TrainingKind, ...] = ("formal", "informal")
_STATUSES: tuple[TrainingStatus, ...] = ("completed", "planned", "notFollowed", "cancelled")

# The first pass leaves some thousands of lines, from which each view is added up; both read the index alone.
_TRAININGS = text(f"""
with line as materialized (
  select date_part('month', start_date) as month, status, kind, provider_number, provider_name, theme,
         count(*) as trainings, sum(minutes) as minutes
  from training
  where enterprise = :number and start_date between :first and :last and same_as is null
    and {never_employed.SEEN}
  group by 1, 2, 3, 4, 5, 6
)
select grouping(month) = 0 as by_month, grouping(provider_name) = 0 as by_provider, grouping(theme) = 0 as by_theme,
       status, month::int as month, kind, provider_number, provider_name, theme,
       sum(trainings)::int8 as trainings, sum(minutes)::int8 as minutes
from line
group by grouping sets ((status, month, kind), (status, provider_number, provider_name), (status, theme))
""")  # noqa: S608 - the condition is a constant

_PEOPLE = text("""
with done as (
  select person, count(*) as trainings, sum(minutes) as minutes
  from training
  where enterprise = :number and start_date between :first and :last and status = 'completed' and same_as is null
  group by person
), employed as (
  select distinct person, true as employed
  from employment
  where enterprise = :number and not cancelled and start_date <= :last and (end_date is null or end_date >= :first)
)
select count(*) filter (where employed) as employed,
       count(*) filter (where trainings > 0) as participants,
       count(*) filter (where employed and trainings > 0) as trained,
       coalesce(sum(trainings) filter (where employed is null), 0)::int8 as outside_trainings,
       coalesce(sum(minutes) filter (where employed is null), 0)::int8 as outside_minutes
from done full join employed using (person)
""")

_CREDIT = text(f"""
select count(*) filter (where {credit.IS_SOMETHING}) as employments, count(*) filter (where incomplete) as incomplete,
       {credit.SUMS}
from balance where enterprise = :number and year = :year and not gone
""")  # noqa: S608 - only names of our own columns

_ENTERPRISE = text(f"""
select (select name from enterprise where number = :number and name <> '') as name,
       now() as as_of,
       (select min(start_date) from training where enterprise = :number and {never_employed.SEEN}) as first_training,
       (select max(start_date) from training where enterprise = :number and {never_employed.SEEN}) as last_training,
       (select min(year) from balance where enterprise = :number and not gone) as first_balance,
       (select max(year) from balance where enterprise = :number and not gone) as last_balance
""")  # noqa: S608 - the condition is a constant


class _Sum(NamedTuple):
    """How many trainings, and their minutes."""

    trainings: int = 0
    minutes: int = 0

    def plus(self, row: Row[Any]) -> "_Sum":
        return _Sum(self.trainings + row.trainings, self.minutes + row.minutes)


@router.get("/summary")
async def summary(number: EnterpriseNumber, scope: EnterpriseScope, questions: Answering, year: Year) -> Response:
    """Answer the key figures of one enterprise and year, with what charts show; former employees count too."""
    first, last = days_of(year)
    period = {"number": number, "first": first, "last": last}
    async with questions.reading(scope) as connection:
        async with counting_everyone(connection, scope):
            facts = (await connection.execute(_ENTERPRISE, {"number": number})).one()
            rows = (await connection.execute(_TRAININGS, period)).all()
            people = (await connection.execute(_PEOPLE, period)).one()
            credit_answer = await _credit(connection, number, year)
        closed = await only_in_totals(connection, scope, number, first, last)
    months = [row for row in rows if row.by_month]
    completed = [row for row in months if row.status == _COMPLETED]
    return answer(
        Summary(
            enterprise=number,
            name=facts.name,
            year=year,
            years=_years(facts, year),
            as_of=moment(facts.as_of),
            employees=SummaryEmployees(
                employed=people.employed,
                trained=people.trained,
                without_training=people.employed - people.trained,
                # Former employees whose data is closed to the asker: counted here, shown in no list.
                only_in_totals=closed,
            ),
            participants=people.participants,
            completed=_count(completed),
            planned=_count(row for row in months if row.status == _PLANNED),
            # Completed, by people who are not known to be employed here in this year: no employee's line has them.
            outside_employment=Count(trainings=people.outside_trainings, minutes=people.outside_minutes),
            credit=credit_answer,
            by_month=_by_month(year, months),
            by_kind=[
                SummaryKind(kind=kind, **_sum(row for row in completed if row.kind == kind)._asdict())
                for kind in _KINDS
            ],
            by_status=[
                SummaryStatus(status=status, **_sum(row for row in months if row.status == status)._asdict())
                for status in _STATUSES
            ],
            by_provider=_by_provider(row for row in rows if row.by_provider and row.status == _COMPLETED),
            by_theme=_by_theme(row for row in rows if row.by_theme and row.status == _COMPLETED),
        )
    )


async def _credit(connection: AsyncConnection, number: str, year: int) -> SummaryCredit:
    row = (await connection.execute(_CREDIT, {"number": number, "year": year})).one()
    return SummaryCredit(employments=row.employments, incomplete=row.incomplete, **credit.figures(row))


def _sum(rows: Iterable[Row[Any]]) -> _Sum:
    total = _Sum()
    for row in rows:
        total = total.plus(row)
    return total


def _count(rows: Iterable[Row[Any]]) -> Count:
    return Count(**_sum(rows)._asdict())


def _by_month(year: int, rows: Iterable[Row[Any]]) -> list[SummaryMonth]:
    """Add up all twelve months, also those in which nothing happened."""
    sums: dict[tuple[int, str, str], _Sum] = defaultdict(_Sum)
    for row in rows:
        key = row.month, row.status, row.kind
        sums[key] = sums[key].plus(row)
    months = []
    for month in range(1, 13):
        formal, informal = (sums[month, _COMPLETED, kind] for kind in _KINDS)
        planned = [sums[month, _PLANNED, kind] for kind in _KINDS]
        months.append(
            SummaryMonth(
                month=date(year, month, 1).strftime("%Y-%m"),
                trainings=formal.trainings + informal.trainings,
                minutes=formal.minutes + informal.minutes,
                formal_minutes=formal.minutes,
                informal_minutes=informal.minutes,
                planned_trainings=sum(one.trainings for one in planned),
                planned_minutes=sum(one.minutes for one in planned),
            )
        )
    return months


def _by_provider(rows: Iterable[Row[Any]]) -> ProviderShares:
    shares = [
        ProviderShare(
            provider=row.provider_name,
            provider_number=row.provider_number,
            trainings=row.trainings,
            minutes=row.minutes,
        )
        for row in rows
    ]
    listed, others = _largest(shares, lambda share: (share.provider or "", share.provider_number or ""))
    return ProviderShares(items=listed, others=others)


def _by_theme(rows: Iterable[Row[Any]]) -> ThemeShares:
    shares = [ThemeShare(theme=row.theme, trainings=row.trainings, minutes=row.minutes) for row in rows]
    listed, others = _largest(shares, lambda share: share.theme or "")
    return ThemeShares(items=listed, others=others)


def _largest(shares: Iterable[Share], name: Callable[[Share], Any]) -> tuple[list[Share], Others]:
    """Choose the largest shares, equal ones by name, and add up the rest, so that together they are everything."""
    ordered = sorted(shares, key=lambda share: (-share.minutes, -share.trainings, name(share)))
    rest = ordered[_MOST_SHARES:]
    others = Others(
        count=len(rest),
        trainings=sum(share.trainings for share in rest),
        minutes=sum(share.minutes for share in rest),
    )
    return ordered[:_MOST_SHARES], others


def _years(facts: Row[Any], asked: int) -> list[int]:
    """List every year between the first and the last that has anything, newest first, and the one asked for."""
    ends = [asked]
    ends += [day.year for day in (facts.first_training, facts.last_training) if day]
    ends += [year for year in (facts.first_balance, facts.last_balance) if year]
    return list(range(max(ends), min(ends) - 1, -1))
