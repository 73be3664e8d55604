"""The list of an enterprise's trainings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.kit.access import ReadAccess
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.lists import PAGE_SIZE, Listing, PageNumber, sorting
from services.gateway.web.kit.page import page, see_other
from services.gateway.web.kit.people import names_of
from services.gateway.web.kit.search import Searched
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.trainings.training_row import TrainingRow, training_row
from services.gateway.wiring import gateway_of

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)
SORTS = ("startDate", "title", "minutes")
_STATUSES = ("planned", "completed", "notFollowed", "cancelled")
_KINDS = ("formal", "informal")


@dataclass(frozen=True)
class TrainingFilters:
    """What the list is narrowed to, as in the address: `q`, `year`, `status`, `kind`. Empty means all."""

    q: str = ""
    year: str = ""
    status: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.year or self.status or self.kind)


@dataclass(frozen=True)
class TrainingsView:
    """`…/trainings`. Columns to sort by: title, startDate, minutes."""

    template: ClassVar[str] = "trainings/trainings.html"

    enterprise: Party
    trainings: Listing[TrainingRow]
    filters: TrainingFilters
    years: Sequence[int]


@router.get("", response_class=HTMLResponse)
async def trainings(
    request: Request,
    enterprise: ReadAccess,
    q: Searched,
    year: str = "",
    status: str = "",
    kind: str = "",
    sort: str = "-startDate",
    at: PageNumber = 1,
) -> Response:
    """Trainings of the enterprise, newest first, narrowed by what is asked."""
    year = year if len(year) == 4 and year.isascii() and year.isdigit() else ""
    filters = TrainingFilters(q, year, status if status in _STATUSES else "", kind if kind in _KINDS else "")
    order = sorting(sort, SORTS)
    found = await gateway_of(request).questions.ask(
        "dashboard",
        f"/internal/enterprises/{enterprise.number}/trainings",
        enterprise.scope,
        text=filters.q or None,
        status=filters.status or None,
        kind=filters.kind or None,
        sort=order.parameter,
        page=at,
        pageSize=PAGE_SIZE,
        **({"from": f"{year}-01-01", "until": f"{year}-12-31"} if year else {}),
    )
    if found is None:
        raise UnavailableError("dashboard")
    if not found["items"] and at > 1:
        # The list became shorter since its pages were shown: "no trainings yet" would be untrue.
        return see_other(enterprise.frame(request).with_query(page=None))
    names = await names_of(request, enterprise.number, {item["person"] for item in found["items"]})
    rows = tuple(training_row(item, names.get(item["person"], "—")) for item in found["items"])
    view = TrainingsView(
        enterprise=enterprise.party,
        trainings=Listing(rows, found["total"], at, PAGE_SIZE, order),
        filters=filters,
        years=years_until_now(),
    )
    return page(request, enterprise.frame(request, Area.TRAININGS), view)
