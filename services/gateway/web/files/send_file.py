"""The form that sends a file: `/batches/new`."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import UploadFile

from services.gateway.batch.channel import NamedAfterPersonError, Upload
from services.gateway.batch.receive.store_upload import (
    CompressedTooMuchError,
    FileTooLargeError,
    InvalidCompressionError,
)
from services.gateway.batch.receive.uploads_at_once import TooManyUploadsError
from services.gateway.batch.state import Mode
from services.gateway.limits import UNPACKED_RATIO
from services.gateway.web.files import addresses
from services.gateway.web.kit.access import ActingWriteAccess
from services.gateway.web.kit.addresses import SCHEMA
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import read_form
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import FieldError, FormState, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.visitor import ForbiddenError, Visitor
from services.gateway.wiring import gateway_of
from shared.anomalies import anomaly, sentence
from shared.i18n import N_, translate

router = APIRouter(prefix="/batches", include_in_schema=False)
_NOT_TAKEN = (
    FileTooLargeError,
    TooManyUploadsError,
    CompressedTooMuchError,
    NamedAfterPersonError,
    InvalidCompressionError,
)
PIECE = 1024 * 1024
FORM_ROOM = 64 * 1024


@dataclass(frozen=True)
class NewBatchView:
    """`/batches/new`: a multipart form with `file` and `mode` (`production` or `simulation`)."""

    template: ClassVar[str] = "files/send_file.html"
    fields: ClassVar[tuple[str, ...]] = ("file", "mode")

    form: FormState
    schema_href: str
    largest: int


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, acting: ActingWriteAccess) -> Response:
    """Show the form to send a file."""
    return _new_page(request, acting.visitor, new_form({"mode": "production"}))


@router.post("/new", response_class=HTMLResponse)
async def send(request: Request, acting: ActingWriteAccess) -> Response:
    """Store the file; the same file sent again leads to the same page."""
    visitor = acting.visitor
    largest = gateway_of(request).settings.batch_max_bytes
    declared = request.headers.get("content-length", "")
    if not declared.isdigit():
        # Browsers always send it; without a length the form would be spooled to disk without end.
        raise ForbiddenError
    if int(declared) > largest + FORM_ROOM:
        return _wrong(request, visitor, new_form({"mode": "production"}), _too_large(visitor, largest), 413)
    form = await read_form(request, visitor, largest + FORM_ROOM)
    file = form.get("file")
    state = state_of(form, ("mode",))
    if not isinstance(file, UploadFile) or not file.filename:
        return _wrong(request, visitor, state, translate(visitor.language, N_("Choose a file.")))
    mode = Mode.SIMULATION if typed_text(form, "mode") == "simulation" else Mode.PRODUCTION
    upload = Upload(acting.organisation, f"person:{visitor.person}", mode, visitor.language, file.filename)
    try:
        batch, is_new = await gateway_of(request).batches.submit(_pieces(file), upload)
    except _NOT_TAKEN as error:
        text, status = _why_not(error, visitor, largest)
        return _wrong(request, visitor, state, text, status)
    return see_other(request, with_notice(addresses.batch(batch.id), "batchReceived" if is_new else "unchanged"))


def _why_not(error: Exception, visitor: Visitor, largest: int) -> tuple[str, int]:
    """Say why a file was not taken, and with which status."""
    if isinstance(error, FileTooLargeError):
        return _too_large(visitor, largest), 413
    if isinstance(error, TooManyUploadsError):
        busy = N_("Other files of yours are being received. Send this one in a moment.")
        return translate(visitor.language, busy), 429
    if isinstance(error, CompressedTooMuchError):
        return sentence(anomaly("compressedTooMuch", maximum=UNPACKED_RATIO), visitor.language), 422
    code = "nationalNumberInText" if isinstance(error, NamedAfterPersonError) else "invalidCompression"
    return sentence(anomaly(code), visitor.language), 422


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


def _too_large(visitor: Visitor, largest: int) -> str:
    size = Formatter(visitor.language).file_size(largest)
    return translate(visitor.language, N_("The file is too large: at most %(size)s."), size=size)


def _wrong(request: Request, visitor: Visitor, state: FormState, text: str, status: int = 422) -> HTMLResponse:
    form = FormState(state.submission_key, state.values, state.choices, (FieldError("file", text),))
    return _new_page(request, visitor, form, status)


def _new_page(request: Request, visitor: Visitor, form: FormState, status: int = 200) -> HTMLResponse:
    view = NewBatchView(form, SCHEMA, gateway_of(request).settings.batch_max_bytes)
    return page(request, visitor.frame(request, area=Area.BATCHES), view, status)
