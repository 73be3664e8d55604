"""The list of files: `/batches`."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.files.file_row import BatchRow, file_row
from services.gateway.web.kit.access import ActingReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.frame import Area
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, PageNumber
from services.gateway.wiring import gateway_of

router = APIRouter(prefix="/batches", include_in_schema=False)


@dataclass(frozen=True)
class BatchesView:
    """`/batches`, newest first."""

    template: ClassVar[str] = "files/files.html"

    batches: Listing[BatchRow]


@router.get("", response_class=HTMLResponse)
async def batches(request: Request, acting: ActingReadAccess, at: PageNumber = 1) -> Response:
    """List the organisation's files, newest first."""
    found, total = await gateway_of(request).batches.of_sender(acting.organisation, PAGE_SIZE, (at - 1) * PAGE_SIZE)
    view = BatchesView(Listing(tuple(file_row(batch) for batch in found), total, at, PAGE_SIZE))
    return page(request, acting.visitor.frame(request, area=Area.BATCHES), view)
