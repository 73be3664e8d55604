"""Files in bulk on the web: the list, sending one, following it, its report."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from starlette.datastructures import UploadFile

from services.gateway.batch.channel import NamedAfterPersonError, Upload
from services.gateway.batch.receiving import FileTooLargeError, InvalidCompressionError
from services.gateway.batch.report import Format, report
from services.gateway.batch.state import Batch, Mode, State
from services.gateway.batch.texts import explained_refusal
from services.gateway.intake import outcomes
from services.gateway.web import links
from services.gateway.web.formatting import Formatter
from services.gateway.web.notices import told
from services.gateway.web.pages import PageNumber, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.reader import ForbiddenError, Reader, Reading
from services.gateway.web.routes.employees import PAGE_SIZE
from services.gateway.web.routes.home import SCHEMA
from services.gateway.web.views.batches import AnomalyRow, BatchesView, BatchRow, BatchState, BatchView, NewBatchView
from services.gateway.web.views.frame import Area, FieldError, FormState
from services.gateway.web.views.listing import Listing
from services.gateway.wiring import gateway_of
from shared.anomalies import anomaly, sentence
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate

router = APIRouter(prefix="/batches", include_in_schema=False)

PIECE = 1024 * 1024
FORM_ROOM = 64 * 1024
_STATES = {
    State.WAITING: BatchState.RECEIVED,
    State.CHECKING: BatchState.RECEIVED,
    State.PROCESSING: BatchState.PROCESSING,
    State.COMPLETED: BatchState.DONE,
    State.REJECTED: BatchState.REJECTED,
    State.CANCELLED: BatchState.REJECTED,
}


@router.get("", response_class=HTMLResponse)
async def batches(request: Request, reader: Reading, at: PageNumber = 1) -> Response:
    """The organisation's files, newest first."""
    organisation = reader.acting().organisation
    found, total = await gateway_of(request).batches.of_sender(organisation, PAGE_SIZE, (at - 1) * PAGE_SIZE)
    view = BatchesView(Listing(tuple(_row(batch) for batch in found), total, at, PAGE_SIZE))
    return page(request, reader.frame(request, area=Area.BATCHES), view)


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, reader: Reading) -> Response:
    """The form to send a file."""
    reader.acting(write=True)
    return _new_page(request, reader, new_form({"mode": "production"}))


@router.post("/new", response_class=HTMLResponse)
async def send(request: Request, reader: Reading) -> Response:
    """Store the file; the same file sent again leads to the same page."""
    organisation = reader.acting(write=True).organisation
    largest = gateway_of(request).settings.batch_max_bytes
    declared = request.headers.get("content-length", "")
    if not declared.isdigit():
        # Browsers always tell; without a length the form would be spooled to disk without end.
        raise ForbiddenError
    if int(declared) > largest + FORM_ROOM:
        return _wrong(request, reader, new_form({"mode": "production"}), _too_large(reader, largest), 413)
    form = await form_of(request, reader, largest + FORM_ROOM)
    file = form.get("file")
    state = state_of(form, ("mode",))
    if not isinstance(file, UploadFile) or not file.filename:
        return _wrong(request, reader, state, translate(reader.language, N_("Choose a file.")))
    mode = Mode.SIMULATION if typed(form, "mode") == "simulation" else Mode.PRODUCTION
    upload = Upload(organisation, f"person:{reader.person}", mode, reader.language, file.filename)
    try:
        batch, is_new = await gateway_of(request).batches.submit(_pieces(file), upload)
    except FileTooLargeError:
        return _wrong(request, reader, state, _too_large(reader, largest), 413)
    except NamedAfterPersonError:
        return _wrong(request, reader, state, sentence(anomaly("nationalNumberInText"), reader.language))
    except InvalidCompressionError:
        return _wrong(request, reader, state, sentence(anomaly("invalidCompression"), reader.language))
    return see_other(told(links.batch(batch.id), "batchReceived" if is_new else "unchanged"))


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


def _too_large(reader: Reader, largest: int) -> str:
    size = Formatter(reader.language).file_size(largest)
    return translate(reader.language, N_("The file is too large: at most %(size)s."), size=size)


def _wrong(request: Request, reader: Reader, state: FormState, text: str, status: int = 422) -> HTMLResponse:
    form = FormState(state.submission_key, state.values, state.choices, (FieldError("file", text),))
    return _new_page(request, reader, form, status)


def _new_page(request: Request, reader: Reader, form: FormState, status: int = 200) -> HTMLResponse:
    view = NewBatchView(form, SCHEMA, gateway_of(request).settings.batch_max_bytes)
    return page(request, reader.frame(request, area=Area.BATCHES), view, status)


@router.get("/{batch}", response_class=HTMLResponse)
async def batch(request: Request, reader: Reading, batch: UUID, at: PageNumber = 1) -> Response:
    """How far a file is, and what needs attention in it."""
    found = await _find(request, reader, batch)
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        items = await outcomes.page_of_items(raw, str(batch), (at - 1) * PAGE_SIZE, PAGE_SIZE)
        total = await outcomes.count_items(raw, str(batch))
    rows = tuple(row for item in items for row in _anomalies(reader, item))
    view = BatchView(
        batch=_row(found),
        simulation=found.mode is Mode.SIMULATION,
        anomalies=Listing(rows, total, at, PAGE_SIZE),
        rejection=_rejection(reader, found),
        report_ready=found.is_positive and found.state is State.COMPLETED,
    )
    return page(request, reader.frame(request, area=Area.BATCHES), view)


@router.get("/{batch}/report")
async def download(request: Request, reader: Reading, batch: UUID) -> Response:
    """Every declaration's outcome as a spreadsheet can read it."""
    found = await _find(request, reader, batch)
    if not found.is_positive:
        raise ForbiddenError
    gateway = gateway_of(request)
    pieces = report(gateway.engine, gateway.batches.place, found, Format.CSV, reader.language, None)
    return StreamingResponse(
        pieces,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="FO.NOTI.{found.id}.csv"'},
    )


async def _find(request: Request, reader: Reader, batch: UUID) -> Batch:
    found = await gateway_of(request).batches.find(str(batch), reader.acting().organisation)
    if found is None:
        raise ForbiddenError
    return found


def _row(batch: Batch) -> BatchRow:
    return BatchRow(
        batch=batch.id,
        file_name=batch.file_name or batch.id,
        size=batch.size,
        received_at=batch.received_at,
        state=_STATES[batch.state],
        declared=batch.declared,
        accepted=batch.accepted,
        warned=batch.warned,
        unchanged=batch.unchanged,
        refused=batch.refused,
    )


def _anomalies(reader: Reader, item: outcomes.ItemOutcome) -> list[AnomalyRow]:
    return [
        AnomalyRow(
            line=item.line,
            reference=item.reference,
            status=item.status,
            code=found["code"],
            field=found.get("field"),
            text=sentence(found, reader.language),
        )
        for found in item.anomalies
    ]


def _rejection(reader: Reader, batch: Batch) -> str | None:
    """Why the file as a whole was refused, with the first places where it breaks the schema."""
    if batch.state is State.CANCELLED:
        return translate(reader.language, N_("This file was cancelled before anything of it was registered."))
    if batch.refusal is None:
        return None
    refusal = explained_refusal(batch.refusal, reader.language)
    places = [
        translate(
            reader.language,
            N_("line %(line)s, %(element)s: %(text)s"),
            line=v.get("line", "?"),
            element=v["element"],
            text=v["text"],
        )
        for v in refusal.get("violations", ())
    ]
    return " ".join((refusal["text"], *places))
