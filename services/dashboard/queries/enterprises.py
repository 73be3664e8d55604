"""Enterprises: one's facts, and how several stand side by side, for who acts for many."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import Row, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dashboard.queries.answers import DEFAULT_PAGE_SIZE, WITHOUT_NUL, Page, Year, days, days_of, moment
from services.dashboard.queries.asking import Answering, EnterpriseScope
from services.dashboard.storage.tables import enterprise
from shared.access.scope import ALL_ENTERPRISES, Scope
from shared.contracts.answers.dashboard import Enterprise, EnterpriseLine, EnterprisePage
from shared.database.scope import counting_everyone
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/enterprises")

_MOST_ENTERPRISES = 100
_MOST_NAMED = 500

_ORDERS = {
    "number": "number",
    "-number": "number desc",
    # Those whose name is not known here yet come last, whichever way the others go.
    "name": "name asc nulls last, number",
    "-name": "name desc nulls last, number",
}
Sort = Literal["number", "-number", "name", "-name"]

# One that was withdrawn has no name: nothing is known of it until it is registered anew.
_EVERY = "select number, name from enterprise where name <> ''"
_NAMED = f"""
select number, e.name from unnest(cast(:numbers as text[])) as number left join ({_EVERY}) as e using (number)
"""  # noqa: S608 - only names of our own columns

# As `never_employed` has it, for many enterprises: asked of cancelled trainings only, newest first, up to one seen.
_SEEN = """
(t.status <> 'cancelled' or not coalesce(
  (select bool_and(cancelled) from employment e where e.enterprise = t.enterprise and e.person = t.person), false))
"""
_FIGURES = text(f"""
select number, e.name, people.employees, done.trainings, done.minutes, credit.available, credit.incomplete,
       (select max(recorded_at) from training t where t.enterprise = number and {_SEEN}) as latest
from unnest(cast(:numbers as text[])) as number
left join ({_EVERY}) as e using (number)
cross join lateral (
  select count(distinct person) as employees from employment
  where enterprise = number and not cancelled and start_date <= :last and (end_date is null or end_date >= :first)
) as people
cross join lateral (
  select count(*) as trainings, coalesce(sum(minutes), 0) as minutes from training
  where enterprise = number and start_date between :first and :last and status = 'completed' and same_as is null
) as done
cross join lateral (
  select coalesce(sum(available), 0) as available, count(*) filter (where incomplete) as incomplete
  from balance where enterprise = number and year = :year and not gone
) as credit
""")  # noqa: S608 - the statement is above


@router.get("/{number}")
async def facts(number: EnterpriseNumber, scope: EnterpriseScope, questions: Answering) -> Response:
    """Answer name, joint committees and sizes. 404 while nothing was heard of the enterprise."""
    async with questions.reading(scope) as connection:
        known_one = select(enterprise).where(enterprise.c.number == number, enterprise.c.name != "")
        row = (await connection.execute(known_one)).one_or_none()
    if row is None:
        raise HTTPException(404, "nothing is known of this enterprise yet")
    return answer(
        Enterprise(
            enterprise=row.number,
            version=row.version,
            name=row.name,
            joint_committees=row.joint_committees,
            sizes=row.sizes,
        )
    )


@router.get("")
async def overview(
    scope: Asking,
    questions: Answering,
    year: Year,
    page: Page = 1,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=_MOST_ENTERPRISES)] = DEFAULT_PAGE_SIZE,
    sort: Sort = "name",
    number: Annotated[list[str] | None, Query(max_length=_MOST_NAMED)] = None,
    containing: Annotated[
        str | None, Query(alias="text", pattern=WITHOUT_NUL, description="in the name or the number")
    ] = None,
) -> Response:
    """Answer the enterprises of the asker's scope, or those of them that are named, with their year's figures.

    One that nothing is known of yet is there too, with zeros: a new mandate shows at once.
    """
    numbers = _asked(scope, number)
    async with questions.reading(replace(scope, person=None)) as connection:
        wanted, total = await _page(connection, numbers, containing, sort, page, page_size)
    first, last = days_of(year)
    asker = replace(scope.narrowed_to(wanted), person=None)
    async with questions.reading(asker) as connection, counting_everyone(connection, asker):
        period = {"numbers": wanted, "year": year, "first": first, "last": last}
        rows = {row.number: row for row in (await connection.execute(_FIGURES, period)).all()}
    items = [_line(rows[one]) for one in wanted]
    return answer(EnterprisePage(items=items, page=page, page_size=page_size, total=total, year=year))


def _asked(scope: Scope, named: list[str] | None) -> list[str] | None:
    """Choose the numbers to look at, as far as the scope allows; None: every enterprise there is."""
    if named:
        return sorted({one for one in named if scope.allows_enterprise(one)})
    return None if scope.enterprises == ALL_ENTERPRISES else sorted(scope.enterprises)


async def _page(
    connection: AsyncConnection, numbers: list[str] | None, containing: str | None, sort: Sort, page: int, size: int
) -> tuple[list[str], int]:
    source = _EVERY if numbers is None else _NAMED
    where = "where name ilike :pattern or number like :pattern" if containing else ""
    given: dict[str, Any] = {} if numbers is None else {"numbers": numbers}
    if containing:
        given["pattern"] = f"%{_literally(containing)}%"
    found = f"with found as ({source}) "
    # Put together from this module's own pieces; what was sent travels as a parameter.
    counted = text(f"{found} select count(*) from found {where}")  # noqa: S608
    order = _ORDERS[sort]
    listed = text(f"{found} select number from found {where} order by {order} limit :size offset :skipped")  # noqa: S608
    total = (await connection.execute(counted, given)).scalar_one()
    rows = await connection.execute(listed, given | {"size": size, "skipped": (page - 1) * size})
    return [row.number for row in rows], total


def _literally(text_: str) -> str:
    return text_.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _line(row: Row[Any]) -> EnterpriseLine:
    return EnterpriseLine(
        enterprise=row.number,
        name=row.name,
        employees=row.employees,
        trainings=row.trainings,
        minutes=row.minutes,
        available=days(row.available),
        incomplete=row.incomplete,
        last_registration=None if row.latest is None else moment(row.latest),
    )
