"""How an enterprise stands in a year: `GET /internal/enterprises/{number}/summary`.

A training belongs, whole, to the year and month of its first day, so that years and months add up. Figures by month,
kind, provider and theme are of completed trainings; `byStatus` has all that are seen. One that is the same as
another is in no figure.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from fastapi import APIRouter, Response
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dashboard.queries import credit, never_employed
from services.dashboard.queries.answers import Year, answer, days_of, known
from services.dashboard.queries.asking import Answering, EnterpriseScope, Number
from services.dashboard.queries.closed import only_in_totals
from shared.database.scope import counting_everyone

router = APIRouter(prefix="/internal/enterprises/{number}")

_MOST_SHARES = 50
_COMPLETED = "completed"
_PLANNED = "planned"

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
from balance where enterprise = :number and year = :year
""")  # noqa: S608 - only names of our own columns

_ENTERPRISE = text(f"""
select (select name from enterprise where number = :number and name <> '') as name,
       now() as as_of,
       (select min(start_date) from training where enterprise = :number and {never_employed.SEEN}) as first_training,
       (select max(start_date) from training where enterprise = :number and {never_employed.SEEN}) as last_training,
       (select min(year) from balance where enterprise = :number) as first_balance,
       (select max(year) from balance where enterprise = :number) as last_balance
""")  # noqa: S608 - the condition is a constant


class Count(NamedTuple):
    """How many trainings, and their minutes."""

    trainings: int = 0
    minutes: int = 0

    def plus(self, row: Row[Any]) -> "Count":
        """With a row's added."""
        return Count(self.trainings + row.trainings, self.minutes + row.minutes)

    def answered(self) -> dict[str, int]:
        """As an answer's fields."""
        return {"trainings": self.trainings, "minutes": self.minutes}


@router.get("/summary")
async def summary(number: Number, scope: EnterpriseScope, questions: Answering, year: Year) -> Response:
    """Key figures of one enterprise and year, with the views behind the charts; former employees count too."""
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
    return answer(
        known(enterprise=number, name=facts.name, year=year, years=_years(facts, year), asOf=facts.as_of)
        | {
            "employees": {
                "employed": people.employed,
                "trained": people.trained,
                "withoutTraining": people.employed - people.trained,
                # Former employees whose data is closed to the asker: counted here, shown in no list.
                "onlyInTotals": closed,
            },
            "participants": people.participants,
            "completed": _count(row for row in months if row.status == _COMPLETED).answered(),
            "planned": _count(row for row in months if row.status == _PLANNED).answered(),
            # Completed, by people who are not known to be employed here in this year: no employee's line has them.
            "outsideEmployment": {"trainings": people.outside_trainings, "minutes": people.outside_minutes},
            "credit": credit_answer,
            "byMonth": _by_month(year, months),
            "byKind": [
                {"kind": kind, **_count(r for r in months if r.status == _COMPLETED and r.kind == kind).answered()}
                for kind in ("formal", "informal")
            ],
            "byStatus": [
                {"status": status, **_count(row for row in months if row.status == status).answered()}
                for status in ("completed", "planned", "notFollowed", "cancelled")
            ],
            "byProvider": _shares(
                (
                    known(provider=row.provider_name, providerNumber=row.provider_number),
                    Count(row.trainings, row.minutes),
                )
                for row in rows
                if row.by_provider and row.status == _COMPLETED
            ),
            "byTheme": _shares(
                (known(theme=row.theme), Count(row.trainings, row.minutes))
                for row in rows
                if row.by_theme and row.status == _COMPLETED
            ),
        }
    )


async def _credit(connection: AsyncConnection, number: str, year: int) -> dict[str, Any]:
    row = (await connection.execute(_CREDIT, {"number": number, "year": year})).one()
    return {"employments": row.employments, "incomplete": row.incomplete, **credit.credit(row)}


def _count(rows: Iterable[Row[Any]]) -> Count:
    total = Count()
    for row in rows:
        total = total.plus(row)
    return total


def _by_month(year: int, rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """All twelve months, also those in which nothing happened."""
    counts: dict[tuple[int, str, str], Count] = defaultdict(Count)
    for row in rows:
        key = row.month, row.status, row.kind
        counts[key] = counts[key].plus(row)
    answers = []
    for month in range(1, 13):
        formal, informal = (counts[month, _COMPLETED, kind] for kind in ("formal", "informal"))
        planned = [counts[month, _PLANNED, kind] for kind in ("formal", "informal")]
        answers.append(
            {
                "month": date(year, month, 1).strftime("%Y-%m"),
                "trainings": formal.trainings + informal.trainings,
                "minutes": formal.minutes + informal.minutes,
                "formalMinutes": formal.minutes,
                "informalMinutes": informal.minutes,
                "plannedTrainings": sum(count.trainings for count in planned),
                "plannedMinutes": sum(count.minutes for count in planned),
            }
        )
    return answers


def _shares(counted: Iterable[tuple[dict[str, Any], Count]]) -> dict[str, Any]:
    """The largest shares, and the rest in one sum, so that together they are everything."""
    ordered = sorted(counted, key=lambda share: (-share[1].minutes, -share[1].trainings, str(share[0])))
    rest = ordered[_MOST_SHARES:]
    return {
        "items": [{**label, **count.answered()} for label, count in ordered[:_MOST_SHARES]],
        "others": {
            "count": len(rest),
            "trainings": sum(count.trainings for _, count in rest),
            "minutes": sum(count.minutes for _, count in rest),
        },
    }


def _years(facts: Row[Any], asked: int) -> list[int]:
    """Every year between the first and the last that has anything, newest first, and the one asked for."""
    ends = [asked]
    ends += [day.year for day in (facts.first_training, facts.last_training) if day]
    ends += [year for year in (facts.first_balance, facts.last_balance) if year]
    return list(range(max(ends), min(ends) - 1, -1))
