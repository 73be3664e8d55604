"""Employees of an enterprise: the list, and one employment with its balance explained line by line."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.writer import BRUSSELS
from services.gateway.questions import UnavailableError
from services.gateway.representation import announcements
from services.gateway.web.formatting import Formatter
from services.gateway.web.pages import PageNumber, page, see_other
from services.gateway.web.people import found_by_name, name_of, names_of
from services.gateway.web.reader import ForbiddenError, Reader, Reading
from services.gateway.web.searching import Searched
from services.gateway.web.telling import credit, day, own_figure, training_row, why_no_right, year_of_credit
from services.gateway.web.views.employees import EmployeeRow, EmployeesView, EmployeeView, TermsRow
from services.gateway.web.views.frame import Area
from services.gateway.web.views.listing import Direction, Listing, Sorting
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
Year = Annotated[int, Query(ge=2000, le=2100)]
PAGE_SIZE = 25
FIRST_YEAR = 2023
_SORTS = ("startDate", "granted", "charged", "available")


def years_until_now() -> list[int]:
    """The years that have balances, newest first."""
    return list(range(datetime.now(BRUSSELS).year, FIRST_YEAR - 1, -1))


def sorting(text: str, allowed: tuple[str, ...]) -> Sorting:
    """`name` or `-name`; the first allowed column for anything else."""
    column = text.lstrip("-")
    if column not in allowed:
        return Sorting(allowed[0])
    return Sorting(column, Direction.DESCENDING if text.startswith("-") else Direction.ASCENDING)


@router.get("", response_class=HTMLResponse)
async def employees(
    request: Request,
    reader: Reading,
    number: Number,
    q: Searched,
    year: Year | None = None,
    sort: str = "name",
    at: PageNumber = 1,
) -> Response:
    """Employments of a year with their credit."""
    shown_year = year or datetime.now(BRUSSELS).year
    order = sorting(sort, ("name", *_SORTS))
    scope, path = reader.scope(number), f"/internal/enterprises/{number}/employees"
    ask = gateway_of(request).questions.ask
    if order.column == "name" or q.strip():
        # Names are only known here: order all of them, then fetch the page's own lines.
        listed, former = await _by_name(request, reader, number, shown_year, q, order)
        chosen = listed[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]
        found = (
            await ask("dashboard", path, scope, year=shown_year, employment=chosen, pageSize=PAGE_SIZE)
            if chosen
            else None
        )
        items = sorted((found or {"items": []})["items"], key=lambda item: chosen.index(item["employment"]))
        total = len(listed)
    else:
        found = await ask("dashboard", path, scope, year=shown_year, sort=order.parameter, page=at, pageSize=PAGE_SIZE)
        if found is None:
            raise UnavailableError("dashboard")
        items, total, former = found["items"], found["total"], found.get("totals", {}).get("onlyInTotals", 0)
    if not items and at > 1:
        # The list became shorter since its pages were shown: "no employees yet" would be untrue.
        return see_other(reader.frame(request).with_query(page=None))
    names = await names_of(request, number, {item["person"] for item in items})
    view = EmployeesView(
        enterprise=reader.door(number).acting.party,
        year=shown_year,
        years=years_until_now(),
        employees=Listing(tuple(_row(item, names) for item in items), total, at, PAGE_SIZE, order),
        search=q,
        only_in_totals=former,
        days_after_end=gateway_of(request).settings.access_days_after_end,
    )
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view)


async def _by_name(
    request: Request, reader: Reader, number: str, year: int, q: str, order: Sorting
) -> tuple[list[str], int]:
    """The year's employments whose name matches, by name; and how many former employees are not shown any more."""
    found = await gateway_of(request).questions.ask(
        "dashboard", f"/internal/enterprises/{number}/employees/ids", reader.scope(number), year=year
    )
    found = found or {"items": []}
    pairs = found["items"]
    persons = {person for _, person in pairs}
    named = await found_by_name(request, number, persons, q)
    rank = {person: place for place, person in enumerate(named)}
    # Whoever has no name is not found by one, and comes last.
    matching = [pair for pair in pairs if pair[1] in rank or not q.strip()]
    matching.sort(key=lambda pair: (rank.get(pair[1], len(rank)), pair[0]))
    if order.direction is Direction.DESCENDING:
        matching.reverse()
    return [employment for employment, _ in matching], found.get("onlyInTotals", 0)


def _row(item: dict[str, Any], names: dict[str, str]) -> EmployeeRow:
    return EmployeeRow(
        employment=item["employment"],
        name=names.get(item["person"], "—"),
        joint_committee=item.get("jointCommittee", ""),
        fraction=Decimal(item.get("fraction", "1")),
        start_date=day(item.get("startDate")) or date(FIRST_YEAR, 1, 1),
        end_date=day(item.get("endDate")),
        credit=credit(item["credit"], incomplete=item["incomplete"]),
    )


async def employment_of(request: Request, reader: Reader, number: str, employment: UUID) -> dict[str, Any]:
    """The employment with its terms. ForbiddenError where it is not this enterprise's."""
    found: dict[str, Any] | None = await gateway_of(request).questions.ask(
        "dashboard", f"/internal/employments/{employment}", reader.scope(number)
    )
    if found is None or found["enterprise"] != number:
        raise ForbiddenError
    return found


@router.get("/{employment}", response_class=HTMLResponse)
async def employee(
    request: Request, reader: Reading, number: Number, employment: UUID, year: Year | None = None
) -> Response:
    """One employment: contract, balance with the why of each line, trainings."""
    shown_year = year or datetime.now(BRUSSELS).year
    gateway, scope = gateway_of(request), reader.scope(number)
    known = await employment_of(request, reader, number, employment)
    ledger = await gateway.questions.ask("entitlements", f"/internal/employments/{employment}/ledger", scope)
    trainings = await gateway.questions.ask(
        "dashboard",
        f"/internal/enterprises/{number}/trainings",
        scope,
        employment=str(employment),
        pageSize=500,
    )
    figures = await gateway.questions.ask(
        "entitlements",
        f"/internal/enterprises/{number}/entitlements",
        scope,
        employment=str(employment),
        year=shown_year,
    )
    items = (trainings or {"items": []})["items"]
    titles = {item["training"]: item["title"] for item in items}
    person = known["person"]
    async with transaction(gateway.engine) as connection:
        contested_at = await announcements.contested_at(driver(connection), person, number)
        ssins = await gateway.persons.ssins(driver(connection), [person])
    start, end = date.fromisoformat(known["startDate"]), day(known.get("endDate"))
    view = EmployeeView(
        enterprise=reader.door(number).acting.party,
        employment=str(employment),
        name=await name_of(request, number, person),
        masked_national_number=Formatter(reader.language).masked_national_number(ssins[person]) if ssins else None,
        start_date=start,
        end_date=end,
        end_reason=known.get("endReason"),
        terms=[
            TermsRow(date.fromisoformat(t["validFrom"]), t["jointCommittee"], Decimal(t["fraction"]))
            for t in known["terms"]
        ],
        years=years_until_now(),
        shown_year=shown_year,
        year=year_of_credit(ledger, shown_year, titles),
        why_no_right=why_no_right(start, end, shown_year, datetime.now(BRUSSELS).date()),
        trainings=[
            training_row(item) for item in items if item["startDate"][:4] <= str(shown_year) <= item["endDate"][:4]
        ],
        own_figures=[own_figure(item) for item in (figures or {"items": []})["items"]],
        contested_at=contested_at,
    )
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view)
