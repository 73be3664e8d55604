"""The overview of every enterprise that the visitor acts for: `/enterprises`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.kit.access import SignedIn
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.dates import moment
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.list_pages import PAGE_SIZE, Direction, Listing, PageNumber, sorting
from services.gateway.web.kit.search import Searched, is_enterprise
from services.gateway.web.kit.visitor import Visitor
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today

router = APIRouter(include_in_schema=False)
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_ASKED = 100


@dataclass(frozen=True)
class EnterpriseRow:
    """One client of a mandatary, with this year's figures."""

    party: Party
    employees: int
    trainings: int
    available: Decimal
    incomplete: bool
    last_registration: datetime | None


_KEYS: dict[str, Callable[[EnterpriseRow], Any]] = {
    "name": lambda row: row.party.name.casefold(),
    "employees": lambda row: row.employees,
    "trainings": lambda row: row.trainings,
    "available": lambda row: row.available,
    "lastRegistration": lambda row: row.last_registration or _NEVER,
}


@dataclass(frozen=True)
class EnterprisesView:
    """`/enterprises`: all enterprises the reader acts for. Columns to sort by: name, employees, trainings, available,
    lastRegistration. Opening one posts `enterprise` to `/parties`."""

    template: ClassVar[str] = "enterprises/enterprises.html"

    enterprises: Listing[EnterpriseRow]
    year: int
    search: str = ""


async def overview(request: Request, visitor: Visitor, search: str, sort: str, at: int) -> Listing[EnterpriseRow]:
    """A page of the enterprises whose name or number matches, with this year's figures."""
    numbers = [n for n, one in visitor.enterprises.items() if is_enterprise(search, one.acting.party.name, n)]
    order = sorting(sort, tuple(_KEYS))
    if order.column == "name":
        # Names are known here: only the page's own enterprises need to be asked about.
        ordered = numbers if order.direction is Direction.ASCENDING else numbers[::-1]
        rows = await _rows(request, visitor, ordered[(at - 1) * PAGE_SIZE : at * PAGE_SIZE])
        return Listing(tuple(rows), len(numbers), at, PAGE_SIZE, order)
    rows = await _rows(request, visitor, numbers)
    rows.sort(key=_KEYS[order.column], reverse=order.direction is Direction.DESCENDING)
    return Listing(tuple(rows[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]), len(rows), at, PAGE_SIZE, order)


async def _rows(request: Request, visitor: Visitor, numbers: list[str]) -> list[EnterpriseRow]:
    year = brussels_today().year
    items: dict[str, dict[str, Any]] = {}
    for start in range(0, len(numbers), _MOST_ASKED):
        chunk = numbers[start : start + _MOST_ASKED]
        found = await gateway_of(request).questions.ask(
            "dashboard", "/internal/enterprises", visitor.scope(*chunk), year=year, pageSize=_MOST_ASKED
        )
        items |= {item["enterprise"]: item for item in (found or {"items": ()})["items"]}
    return [_row(visitor, number, items.get(number, {})) for number in numbers]


def _row(visitor: Visitor, number: str, item: dict[str, Any]) -> EnterpriseRow:
    return EnterpriseRow(
        party=visitor.enterprises[number].acting.party,
        employees=item.get("employees", 0),
        trainings=item.get("trainings", 0),
        available=Decimal(item.get("available", "0")),
        incomplete=bool(item.get("incomplete")),
        last_registration=moment(item.get("lastRegistration")),
    )


@router.get("/enterprises", response_class=HTMLResponse)
async def all_enterprises(
    request: Request,
    visitor: SignedIn,
    q: Searched,
    sort: str = "name",
    at: PageNumber = 1,
) -> Response:
    """How every enterprise the reader acts for stands."""
    listing = await overview(request, visitor, q, sort, at)
    view = EnterprisesView(listing, brussels_today().year, q)
    return page(request, visitor.frame(request, area=Area.ENTERPRISES), view)
