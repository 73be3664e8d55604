"""The list of an enterprise's employees with their credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.credit.credit import Credit
from services.gateway.web.credit.from_answers import credit_of
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.list_pages import PAGE_SIZE, Direction, Listing, PageNumber, Sorting, sorting
from services.gateway.web.kit.people import found_by_name, names_of
from services.gateway.web.kit.search import Searched
from services.gateway.web.kit.years import FIRST_YEAR, years_until_now
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.dashboard import EmployeeLine

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)
Year = Annotated[int, Query(ge=2000, le=2100)]
_SORTS = ("startDate", "granted", "charged", "available")


@dataclass(frozen=True)
class EmployeeRow:
    """One employment in the list. `fraction` is the part of full time, 0 to 1; credit is None until calculated."""

    employment: str
    name: str
    joint_committee: str
    fraction: Decimal
    start_date: date
    end_date: date | None
    credit: Credit | None


@dataclass(frozen=True)
class EmployeesView:
    """`…/employees`. Columns to sort by: name, startDate, granted, charged, available. `search` is `q`.

    `only_in_totals`: how many former employees of the year are not shown any more, `days_after_end` days after the end.
    """

    template: ClassVar[str] = "employees/employees.html"

    enterprise: Party
    year: int
    years: Sequence[int]
    employees: Listing[EmployeeRow]
    search: str = ""
    only_in_totals: int = 0
    days_after_end: int = 30


@router.get("", response_class=HTMLResponse)
async def employees(
    request: Request,
    enterprise: ReadAccess,
    q: Searched,
    year: Year | None = None,
    sort: str = "name",
    at: PageNumber = 1,
) -> Response:
    """List the employments of a year with their credit."""
    shown_year = year or brussels_today().year
    order = sorting(sort, ("name", *_SORTS))
    scope, number, dashboard = enterprise.scope, enterprise.number, gateway_of(request).questions.dashboard
    if order.column == "name" or q.strip():
        # Names are only known here: order all of them, then fetch the page's own lines.
        listed, former = await _by_name(request, enterprise, shown_year, q, order)
        chosen = listed[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
        found = (
            await dashboard.employees(scope, number, shown_year, employments=chosen, page_size=PAGE_SIZE)
            if chosen
            else None
        )
        lines = sorted(found.items if found else (), key=lambda line: chosen.index(line.employment))
        total = len(listed)
    else:
        found = await dashboard.employees(scope, number, shown_year, sort=order.parameter, page=at, page_size=PAGE_SIZE)
        if found is None:
            raise UnavailableError("dashboard")
        lines, total, former = found.items, found.total, found.totals.only_in_totals
    if not lines and at > 1:
        # The list became shorter since its pages were shown: "no employees yet" would be untrue.
        return see_other(request, enterprise.frame(request).with_query(page=None))
    names = await names_of(request, enterprise.number, {line.person for line in lines})
    view = EmployeesView(
        enterprise=enterprise.party,
        year=shown_year,
        years=years_until_now(),
        employees=Listing(tuple(employee_row(line, names) for line in lines), total, at, PAGE_SIZE, order),
        search=q,
        only_in_totals=former,
        days_after_end=gateway_of(request).settings.access_days_after_end,
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view)


async def _by_name(
    request: Request, enterprise: EnterpriseAccess, year: int, q: str, order: Sorting
) -> tuple[list[str], int]:
    """Order the year's employments by matching names; and count former employees not shown any more."""
    found = await gateway_of(request).questions.dashboard.employee_ids(enterprise.scope, enterprise.number, year)
    pairs = found.items if found else []
    persons = {person for _, person in pairs}
    named = await found_by_name(request, enterprise.number, persons, q)
    rank = {person: place for place, person in enumerate(named)}
    # Whoever has no name is not found by one, and comes last.
    matching = [pair for pair in pairs if pair[1] in rank or not q.strip()]
    matching.sort(key=lambda pair: (rank.get(pair[1], len(rank)), pair[0]))
    if order.direction is Direction.DESCENDING:
        matching.reverse()
    return [employment for employment, _ in matching], found.only_in_totals if found else 0


def employee_row(line: EmployeeLine, names: Mapping[str, str]) -> EmployeeRow:
    """Turn a line of the answer into a row. `names`: dict[person id, name]."""
    return EmployeeRow(
        employment=line.employment,
        name=names.get(line.person, "—"),
        joint_committee=line.joint_committee or "",
        fraction=Decimal(1) if line.fraction is None else line.fraction,
        start_date=line.start_date or date(FIRST_YEAR, 1, 1),
        end_date=line.end_date,
        credit=credit_of(line.credit, incomplete=line.incomplete),
    )
