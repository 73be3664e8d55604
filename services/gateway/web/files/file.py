"""One file: acknowledgement, progress, anomalies, report: `/batches/{batch}`."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from services.gateway.batch.answers.explain_anomalies import explain_rejection
from services.gateway.batch.answers.report import Format, report
from services.gateway.batch.spool import references_of
from services.gateway.batch.state import Batch, BatchState, Mode
from services.gateway.intake import submission_outcomes
from services.gateway.web.files.file_row import BatchRow, file_row
from services.gateway.web.kit.access import ActingReadAccess, EnterpriseAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.frame import Area
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, PageNumber
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.web.kit.wording import worded
from services.gateway.wiring import gateway_of
from shared.contracts.outcomes import OutcomeStatus
from shared.database.engine import driver, transaction
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/batches", include_in_schema=False)


@dataclass(frozen=True)
class AnomalyRow:
    """One thing wrong or noteworthy with one declaration, its text in the visitor's language."""

    line: int
    reference: str | None
    status: OutcomeStatus
    code: str
    field: str | None
    text: str


@dataclass(frozen=True)
class BatchView:
    """`/batches/{id}`; `fragment` is fetched again every second or two while the file is not done.

    `rejection` says, in their language, why the acknowledgement is negative; then nothing of the file was taken.
    `report_ready`: the itemised report can be downloaded.
    """

    template: ClassVar[str] = "files/file.html"
    fragment: ClassVar[str] = "files/file_progress.html"

    batch: BatchRow
    simulation: bool
    anomalies: Listing[AnomalyRow]
    rejection: str | None = None
    report_ready: bool = False

    @property
    def running(self) -> bool:
        """Whether more is still to come."""
        return self.batch.state.is_at_work


@router.get("/{batch}", response_class=HTMLResponse)
async def batch(request: Request, acting: ActingReadAccess, batch: UUID, at: PageNumber = 1) -> Response:
    """Show how far a file is, and what needs attention in it."""
    found = await _find(request, acting, batch)
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        items = await submission_outcomes.page_of_items(raw, str(batch), (at - 1) * PAGE_SIZE, PAGE_SIZE)
        total = await submission_outcomes.count_items(raw, str(batch))
    folder = gateway_of(request).batches.folders.folder(found.id)
    lines = {item.line for item in items if not item.reference}
    references = await asyncio.to_thread(references_of, folder, lines)
    rows = tuple(row for item in items for row in _anomalies(acting.language, item, references.get(item.line)))
    view = BatchView(
        batch=file_row(found),
        simulation=found.mode is Mode.SIMULATION,
        anomalies=Listing(rows, total, at, PAGE_SIZE),
        rejection=_rejection(acting.language, found),
        report_ready=found.is_positive and found.state is BatchState.COMPLETED,
    )
    return page(request, acting.visitor.frame(request, area=Area.BATCHES), view)


@router.get("/{batch}/report")
async def download(request: Request, acting: ActingReadAccess, batch: UUID) -> Response:
    """Stream every declaration's outcome as a spreadsheet can read it."""
    found = await _find(request, acting, batch)
    if not found.is_positive:
        raise ForbiddenError
    gateway = gateway_of(request)
    pieces = report(gateway.engine, gateway.batches.folders, found, Format.CSV, acting.language, None)
    return StreamingResponse(
        pieces,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="FO.NOTI.{found.id}.csv"'},
    )


async def _find(request: Request, acting: EnterpriseAccess, batch: UUID) -> Batch:
    found = await gateway_of(request).batches.find(str(batch), acting.organisation)
    if found is None:
        raise ForbiddenError
    return found


def _anomalies(language: Language, item: submission_outcomes.StoredOutcome, reference: str | None) -> list[AnomalyRow]:
    return [
        AnomalyRow(
            line=item.line,
            reference=item.reference or reference,
            status=item.status,
            code=found["code"],
            field=found.get("field"),
            text=worded(found, language),
        )
        for found in item.anomalies
    ]


def _rejection(language: Language, batch: Batch) -> str | None:
    """Explain why the file was rejected, with the first places where it breaks the schema."""
    if batch.rejection is None:
        return None
    rejection = explain_rejection(batch.rejection, language)
    places = [
        translate(
            language,
            N_("line %(line)s, %(element)s: %(text)s"),
            line=v.get("line", "?"),
            element=v["element"],
            text=v["text"],
        )
        for v in rejection.get("violations", ())
    ]
    return " ".join((rejection["text"], *places))
