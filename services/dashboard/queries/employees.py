"""An enterprise's employees in a year, one line per employment: `GET /internal/enterprises/{number}/employees`.

A line is there for every employment of at least one day in the year, and for every other that still has a balance in
it: so the lines' figures, and those of former employees whose data is closed, add up to the summary's. Names are not
known here; who sorts by name asks for `/ids` first.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import JSONB

from services.dashboard.queries import closed, credit
from services.dashboard.queries.answers import DEFAULT_PAGE_SIZE, Page, PageSize, Year, days_of
from services.dashboard.queries.asking import Answering, EnterpriseScope
from services.dashboard.queries.ownership import spans
from shared.contracts.answers.dashboard import EmployeeIds, EmployeeLine, EmployeePage, EmployeeTotals
from shared.contracts.employer_submissions import Terms
from shared.database.scope import counting_everyone
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber

router = APIRouter(prefix="/internal/enterprises/{number}")

_MOST_NAMED = 500


_COLUMNS = {
    "available": "available",
    "balance": "balance",
    "granted": "granted",
    "carriedOver": "carried_over",
    "charged": "charged",
    "reserved": "reserved",
    "startDate": "start_date",
    "trainings": "trainings",
    "minutes": "minutes",
}
Sort = Literal[
    "available", "-available", "balance", "-balance", "granted", "-granted", "carriedOver", "-carriedOver",
    "charged", "-charged", "reserved", "-reserved", "startDate", "-startDate", "trainings", "-trainings",
    "minutes", "-minutes",
]  # fmt: skip
"""A column to sort by; with `-` in front, descending."""

_LINES = f"""
line as (
  select coalesce(e.id, b.employment) as employment, coalesce(e.person, b.person) as person,
         e.start_date, e.end_date, e.terms, coalesce(e.cancelled, false) as cancelled,
         coalesce(b.incomplete, false) as incomplete, b.employment is not null as has_balance,
         {", ".join(f"coalesce(b.{figure}, 0) as {figure}" for figure in credit.FIGURES)}
  from (select * from employment where enterprise = :number) as e
  full join (select * from balance where enterprise = :number and year = :year and not gone) as b on b.employment = e.id
  where (not e.cancelled and e.start_date <= :last and (e.end_date is null or e.end_date >= :first))
     or {credit.IS_SOMETHING}
)
"""  # noqa: S608 - only names of our own columns

_DONE = """
done as (
  select span.id as employment, count(*) as trainings, sum(t.minutes)::int8 as minutes
  from training as t join span on span.person = t.person and t.start_date >= span.lower and t.start_date < span.upper
  where t.enterprise = :number and t.start_date between :first and :last and t.status = 'completed'
    and t.same_as is null
  group by span.id
)
"""

_FIELDS = "coalesce(done.trainings, 0) as trainings, coalesce(done.minutes, 0) as minutes"

_IDS = text(f"with {_LINES} select employment, person from line order by employment")  # noqa: S608
_TOTALS = text(f"""
with {_LINES}, closed as materialized ({closed.PEOPLE})
select count(*) as lines, count(*) filter (where person not in (select person from closed)) as shown,
       count(*) filter (where incomplete) as incomplete, {credit.SUMS}
from line
""").bindparams(*closed.parameters)  # noqa: S608
# Exactly the trainings that some line counts: of people employed in the year (see `ownership`).
_TRAININGS = text("""
select count(*) as trainings, coalesce(sum(minutes), 0)::int8 as minutes from training as t
where enterprise = :number and start_date between :first and :last and status = 'completed' and same_as is null
  and exists (
    select from employment as e
    where e.enterprise = :number and e.person = t.person and not e.cancelled
      and e.start_date <= :last and (e.end_date is null or e.end_date >= :first)
  )
""")


def _page_first(where: str, order: str) -> str:
    """Choose the page first: trainings are looked up for its people only."""
    return f"""
with {_LINES}, page as materialized (select * from line where {where} order by {order} limit :size offset :skipped),
{spans("person in (select person from page)")}, {_DONE}
select page.*, {_FIELDS} from page left join done using (employment) order by {order}
"""  # noqa: S608 - conditions and orders of this module, never what somebody sent


def _trainings_first(where: str, order: str) -> str:
    """Look up everyone's trainings first: they decide who is on the page."""
    return f"""
with {spans()}, {_DONE}, {_LINES}
select line.*, {_FIELDS} from line left join done using (employment)
where {where} order by {order} limit :size offset :skipped
"""  # noqa: S608


def _counted(where: str) -> str:
    return (
        f"with {spans()}, {_DONE}, {_LINES} select count(*) from line left join done using (employment) where {where}"  # noqa: S608
    )


def _order(sort: Sort) -> str:
    """Write the order by; ties go by employment, so that pages never overlap."""
    direction = "desc" if sort.startswith("-") else "asc"
    return f"{_COLUMNS[sort.lstrip('-')]} {direction}, employment"


@router.get("/employees")
async def employees(
    number: EnterpriseNumber,
    scope: EnterpriseScope,
    questions: Answering,
    year: Year,
    page: Page = 1,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    sort: Sort = "-available",
    employment: Annotated[list[UUID] | None, Query(max_length=_MOST_NAMED)] = None,
    person: UUID | None = None,
    without_training: Annotated[bool, Query(alias="withoutTraining")] = False,
) -> Response:
    """Answer a page of lines, and the totals of all the year's lines whatever the filter, former employees' too."""
    first, last = days_of(year)
    period = {"number": number, "year": year, "first": first, "last": last}
    conditions = ["true"]
    chosen: dict[str, Any] = {}
    if employment:
        conditions.append("employment = any(cast(:employments as uuid[]))")
        chosen["employments"] = employment
    if person:
        conditions.append("person = cast(:person as uuid)")
        chosen["person"] = person
    if without_training:
        conditions.append("done.trainings is null and not cancelled and start_date is not null")
    where = " and ".join(conditions)
    by_trainings = without_training or sort.lstrip("-") in ("trainings", "minutes")
    listed = _trainings_first if by_trainings else _page_first
    paging = {"size": page_size, "skipped": (page - 1) * page_size}
    async with questions.reading(scope) as connection:
        async with counting_everyone(connection, scope):
            totals = (await connection.execute(_TOTALS, period | closed.asked(scope))).one()
            trained = (await connection.execute(_TRAININGS, period)).one()
        former = await closed.only_in_totals(connection, scope, number, first, last)
        statement = text(listed(where, _order(sort))).columns(terms=JSONB)
        rows = (await connection.execute(statement, period | chosen | paging)).all()
        total = totals.shown
        if chosen or without_training:
            total = (await connection.execute(text(_counted(where)), period | chosen)).scalar_one()
    sums = EmployeeTotals(
        trainings=trained.trainings,
        minutes=trained.minutes,
        incomplete=totals.incomplete,
        employments=totals.lines,
        only_in_totals=former,
        credit=credit.credit(totals),
    )
    items = [employee_line(row, year) for row in rows]
    return answer(EmployeePage(items=items, page=page, page_size=page_size, total=total, year=year, totals=sums))


@router.get("/employees/ids")
async def ids(number: EnterpriseNumber, scope: EnterpriseScope, questions: Answering, year: Year) -> Response:
    """Answer every line of the year as `[employment, person]`, for who knows the names and sorts by them."""
    first, last = days_of(year)
    period = {"number": number, "year": year, "first": first, "last": last}
    async with questions.reading(scope) as connection:
        rows = (await connection.execute(_IDS, period)).all()
        former = await closed.only_in_totals(connection, scope, number, first, last)
    items = [(str(row.employment), str(row.person)) for row in rows]
    return answer(EmployeeIds(year=year, items=items, total=len(rows), only_in_totals=former))


def employee_line(row: Row[Any], year: int) -> EmployeeLine:
    """Make the line of a row. Without a start date the employment itself is not known here yet, only its balance."""
    terms = None if row.start_date is None else terms_in(row.terms, year)
    return EmployeeLine(
        employment=str(row.employment),
        person=str(row.person),
        start_date=row.start_date,
        end_date=row.end_date,
        joint_committee=None if terms is None else terms["jointCommittee"],
        fraction=None if terms is None else Decimal(terms["fraction"]),
        cancelled=row.cancelled,
        incomplete=row.incomplete,
        credit=credit.credit(row),
        trainings=row.trainings,
        minutes=row.minutes,
    )


def terms_in(terms: list[Terms] | None, year: int) -> Terms | None:
    """Find the terms at the end of a year: the first ones where none has begun, None where none is known."""
    last = date(year, 12, 31).isoformat()
    begun = [one for one in terms or () if one["validFrom"] <= last] or list(terms or ())[:1]
    return max(begun, key=lambda one: one["validFrom"], default=None)
