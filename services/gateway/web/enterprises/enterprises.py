"""The overview of every enterprise that the visitor acts for: `/enterprises`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.enterprises.found_enterprises import find_enterprises
from services.gateway.web.kit.access import SignedIn
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.dates import moment
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.list_pages import PAGE_SIZE, Direction, Listing, PageNumber, Sorting, sorting
from services.gateway.web.kit.search import Searched
from services.gateway.web.kit.visitor import Visitor
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.dashboard import EnterpriseLine

router = APIRouter(include_in_schema=False)
_NEVER = datetime.min.replace(tzinfo=UTC)
_MOST_ASKED = 100
MOST_SORTED = 500
"""An inspector, to whom all are open, sorts no more enterprises by figures than this."""


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
    lastRegistration. Opening one posts `enterprise` to `/parties`.

    `too_many_to_sort`: more than MOST_SORTED match an inspector's search, so they are sorted by name instead.
    """

    template: ClassVar[str] = "enterprises/enterprises.html"

    enterprises: Listing[EnterpriseRow]
    year: int
    search: str = ""
    too_many_to_sort: bool = False


async def overview(
    request: Request, visitor: Visitor, search: str, order: Sorting, at: int
) -> tuple[Listing[EnterpriseRow], bool]:
    """List a page of the enterprises that match, with this year's figures; and whether they are too many to be sorted
    by figures, and are therefore sorted by name."""
    if order.column != "name":
        # Figures are known elsewhere: all that match are asked about, and sorted here.
        most = MOST_SORTED if visitor.inspects else len(visitor.enterprises)
        found = await find_enterprises(request, visitor, search, limit=most)
        if found.total <= most:
            rows = await _rows(request, found.visitor, found.parties)
            rows.sort(key=_KEYS[order.column], reverse=order.direction is Direction.DESCENDING)
            return Listing(tuple(rows[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]), len(rows), at, PAGE_SIZE, order), False
    by_name = order if order.column == "name" else Sorting("name")
    descending = by_name.direction is Direction.DESCENDING
    found = await find_enterprises(
        request, visitor, search, limit=PAGE_SIZE, offset=(at - 1) * PAGE_SIZE, descending=descending
    )
    rows = await _rows(request, found.visitor, found.parties)
    return Listing(tuple(rows), found.total, at, PAGE_SIZE, by_name), by_name is not order


async def _rows(request: Request, visitor: Visitor, parties: Sequence[Party]) -> list[EnterpriseRow]:
    year = brussels_today().year
    lines: dict[str, EnterpriseLine] = {}
    for start in range(0, len(parties), _MOST_ASKED):
        chunk = [party.number for party in parties[start : start + _MOST_ASKED]]
        found = await gateway_of(request).questions.dashboard.enterprises(
            visitor.scope(*chunk), year, page_size=_MOST_ASKED
        )
        lines |= {line.enterprise: line for line in (found.items if found else ())}
    return [enterprise_row(party, lines.get(party.number)) for party in parties]


def enterprise_row(party: Party, line: EnterpriseLine | None) -> EnterpriseRow:
    """Turn an enterprise's line of the answer into a row; None: nothing is known of it yet."""
    if line is None:
        return EnterpriseRow(party, 0, 0, Decimal(0), incomplete=False, last_registration=None)
    return EnterpriseRow(
        party=party,
        employees=line.employees,
        trainings=line.trainings,
        available=line.available,
        incomplete=bool(line.incomplete),
        last_registration=moment(line.last_registration),
    )


@router.get("/enterprises", response_class=HTMLResponse)
async def all_enterprises(
    request: Request,
    visitor: SignedIn,
    q: Searched,
    sort: str = "name",
    at: PageNumber = 1,
) -> Response:
    """List the enterprises that the visitor acts for, and how each stands."""
    listing, too_many = await overview(request, visitor, q, sorting(sort, tuple(_KEYS)), at)
    view = EnterprisesView(listing, brussels_today().year, q, too_many)
    return page(request, visitor.frame(request, area=Area.ENTERPRISES), view)
