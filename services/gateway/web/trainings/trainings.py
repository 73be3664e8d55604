"""The list of an enterprise's trainings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.kit.access import ReadAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, PageNumber, Sorting, sorting
from services.gateway.web.kit.people import names_of
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.trainings.filters import Filters, TrainingFilters
from services.gateway.web.trainings.training_row import TrainingRow, training_row
from services.gateway.wiring import gateway_of
from shared.contracts.answers.dashboard import TrainingPage

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)
SORTS = ("startDate", "title", "minutes")


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
    filters: Filters,
    sort: str = "-startDate",
    at: PageNumber = 1,
) -> Response:
    """List trainings of the enterprise, newest first, narrowed by the filters."""
    order = sorting(sort, SORTS)
    first, last = filters.days
    found = await gateway_of(request).questions.dashboard.trainings(
        enterprise.scope,
        enterprise.number,
        text=filters.q or None,
        status=filters.status or None,
        kind=filters.kind or None,
        sort=order.parameter,
        page=at,
        page_size=PAGE_SIZE,
        first=first,
        last=last,
    )
    if found is None:
        raise UnavailableError("dashboard")
    if not found.items and at > 1:
        # The list became shorter since its pages were shown: "no trainings yet" would be untrue.
        return see_other(request, enterprise.frame(request).with_query(page=None))
    names = await names_of(request, enterprise.number, {line.person for line in found.items})
    view = view_of(found, names, enterprise.party, filters, order, at)
    return page(request, enterprise.frame(request, Area.TRAININGS), view)


def view_of(
    answer: TrainingPage, names: Mapping[str, str], party: Party, filters: TrainingFilters, order: Sorting, at: int
) -> TrainingsView:
    """Turn the answer into what the page shows. `names`: dict[person id, name]; `at`: number of the page, from 1."""
    rows = tuple(training_row(line, names.get(line.person, "—")) for line in answer.items)
    return TrainingsView(
        enterprise=party,
        trainings=Listing(rows, answer.total, at, PAGE_SIZE, order),
        filters=filters,
        years=years_until_now(),
    )
