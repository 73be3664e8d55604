"""`/api/v1/batches`: XML files of declarations, how far they are, and their itemised outcomes."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from services.gateway.api.answers.batches import Acknowledgement, BatchPage, BatchReport
from services.gateway.api.answers.batches import Batch as BatchAnswer
from services.gateway.api.caller import Caller, calling
from services.gateway.api.description.bodies import BatchForm
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.schemas import named
from services.gateway.api.idempotency_key import idempotency_key
from services.gateway.api.list_pages import PageNumber, PageSize, page_of_list
from services.gateway.api.preferences import agreed_mode
from services.gateway.api.problems import ProblemError, bad_request, issue, language_of, not_found
from services.gateway.api.route_parameters import Id
from services.gateway.batch.answers.acknowledgement import acknowledgement
from services.gateway.batch.answers.json_answers import acknowledgement_json, batch_json
from services.gateway.batch.answers.report import Format, compressed, is_large, report
from services.gateway.batch.channel import NamedAfterPersonError, Upload
from services.gateway.batch.receive.multipart import FormFile, InvalidFormError
from services.gateway.batch.receive.store_upload import (
    CompressedTooMuchError,
    FileTooLargeError,
    InvalidCompressionError,
)
from services.gateway.batch.receive.uploads_at_once import TooManyUploadsError
from services.gateway.batch.state import Batch, BatchState, Mode
from services.gateway.batch.xml.parse import SCHEMA_FILE
from services.gateway.intake.idempotency import KeyReusedError
from services.gateway.limits import LONGEST_LINE, UNPACKED_RATIO
from services.gateway.wiring import Gateway, gateway_of
from shared.anomalies import anomaly
from shared.i18n import Language
from shared.i18n import language_of as language_named
from shared.text_types import OneLine

router = APIRouter()

READ, WRITE = "batches:read", "batches:write"
MayRead = Annotated[Caller, Depends(calling(READ))]
MayWrite = Annotated[Caller, Depends(calling(WRITE))]
Lang = Annotated[str | None, Query(pattern="^(nl|fr|de|en)$", description="Language of the texts; else the sender's.")]
ReportFormat = Annotated[Literal["xml", "json", "csv"], Query(alias="format")]
AcknowledgementFormat = Annotated[Literal["xml", "json"], Query(alias="format")]
Only = Annotated[Literal["accepted", "acceptedWithWarnings", "unchanged", "refused"] | None, Query()]

SCHEMAS: Final = frozenset({"fla-batch-1.xsd", "fla-acknowledgement-1.xsd", "fla-notification-1.xsd"})
_TAGS: Any = ["batches"]
_RAW: Final = frozenset(
    {"application/xml", "text/xml", "application/gzip", "application/x-gzip", "application/octet-stream"}
)
_BINARY: Final = {"type": "string", "format": "binary"}
_TEXT: Final = {"type": "string"}
_FORMS: Final = {
    "multipart/form-data": named(BatchForm),
    **dict.fromkeys(("application/xml", "text/xml", "application/gzip", "application/octet-stream"), _BINARY),
}
_DOCUMENT: Final = ("Content-Disposition",)
_SENT: Final = {
    202: Answer("A new batch.", BatchAnswer, ("Location",)),
    200: Answer("The same file came before: its batch.", BatchAnswer, ("Location",)),
}
_ACKNOWLEDGED: Final = {
    200: Answer("The acknowledgement.", Acknowledgement, _DOCUMENT, {"application/xml": _TEXT}),
}
_REPORTED: Final = {
    200: Answer(
        "The report; a large one as a gzip file where it is not compressed on its way.",
        BatchReport,
        _DOCUMENT,
        {"application/xml": _TEXT, "text/csv": _TEXT, "application/gzip": _BINARY},
    ),
}
_SCHEMA: Final = {200: Answer("The XML schema.", headers=("ETag",), others={"application/xml": _TEXT})}


@router.post("/batches", tags=_TAGS,
             **operation("sendBatch", _SENT, scope=WRITE, forms=_FORMS, problems=(409,), keyed=True,
                         simulates=True))  # fmt: skip
async def send(
    request: Request,
    caller: MayWrite,
    mode: Annotated[Literal["production", "simulation"] | None, Query(description="`production` unless said.")] = None,
    file_name: Annotated[Annotated[str, OneLine(LONGEST_LINE, least=0)] | None, Query(alias="fileName")] = None,
) -> JSONResponse:
    """Send an XML file, plain or gzip: 202 and its address. Sent before: 200 and the same address, nothing changes."""
    gateway, language = gateway_of(request), language_of(request)
    key = idempotency_key(request)
    _refuse_early(request, gateway.settings.batch_max_bytes)
    how = Mode.SIMULATION if agreed_mode(request, mode) == "simulation" else Mode.PRODUCTION
    upload = Upload(caller.organisation, caller.sender.actor, how, language, file_name, key)
    try:
        pieces = await _pieces(request, upload)
        batch, is_new = await gateway.batches.submit(pieces, upload)
    except FileTooLargeError as error:
        raise ProblemError(413, "payloadTooLarge", f"At most {error.maximum} bytes, unpacked") from error
    except TooManyUploadsError as error:
        problem = ProblemError(429, "tooManyRequests", f"{error.most} files of yours are being received already")
        problem.headers["Retry-After"] = "5"
        raise problem from error
    except CompressedTooMuchError as error:
        raise bad_request([issue(anomaly("compressedTooMuch", maximum=UNPACKED_RATIO), language)]) from error
    except InvalidCompressionError as error:
        raise bad_request([issue(anomaly("invalidCompression"), language)]) from error
    except NamedAfterPersonError as error:
        raise bad_request([issue(anomaly("nationalNumberInText", "fileName"), language)]) from error
    except InvalidFormError as error:
        raise ProblemError(400, "badRequest", str(error)) from error
    except ClientDisconnect as error:
        raise ProblemError(400, "badRequest", "The upload broke off") from error
    except KeyReusedError as error:
        raise ProblemError(
            409, "conflict", "This Idempotency-Key was used before with another file; use a new key"
        ) from error
    shown = batch_json(batch, language)
    return JSONResponse(shown, 202 if is_new else 200, headers={"Location": shown["self"]})


def _refuse_early(request: Request, most_bytes: int) -> None:
    """Refuse what the headers tell already, before a byte of the body is read."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > most_bytes:
        raise ProblemError(413, "payloadTooLarge", f"At most {most_bytes} bytes, unpacked")
    if request.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip", "x-gzip"):
        raise ProblemError(415, "unsupportedMediaType", "Content-Encoding may be gzip")


async def _pieces(request: Request, upload: Upload) -> AsyncIterator[bytes]:
    """Read the file's bytes, from the body itself or from a form. What is gzip is recognised by its first bytes."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        form = await FormFile.open(request.stream(), content_type)
        upload.file_name = upload.file_name or form.file_name
        return form.pieces()
    if kind not in _RAW:
        raise ProblemError(415, "unsupportedMediaType", "Send application/xml, application/gzip or a multipart form")
    return request.stream()


@router.get("/batches", tags=_TAGS,
            **operation("listBatches", {200: Answer("A page of batches.", BatchPage)}, scope=READ))  # fmt: skip
async def read_all(request: Request, caller: MayRead, page: PageNumber = 1, page_size: PageSize = 50) -> dict[str, Any]:
    """Your batches, newest first."""
    batches, total = await gateway_of(request).batches.of_sender(caller.organisation, page_size, (page - 1) * page_size)
    language = language_of(request)
    items = [batch_json(batch, language) for batch in batches]
    return page_of_list(request, {"items": items, "page": page, "pageSize": page_size, "total": total})


@router.get("/batches/{batch}", tags=_TAGS,
            **operation("readBatch", {200: Answer("The batch.", BatchAnswer, ("Retry-After",))}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def read(request: Request, response: Response, caller: MayRead, batch: Id) -> dict[str, Any]:
    """How far a batch is: checked, acknowledged, published, decided."""
    found = await _find(request, caller, str(batch))
    if found.state.is_at_work:
        response.headers["Retry-After"] = "1"
    return batch_json(found, language_of(request))


@router.get("/batches/{batch}/acknowledgement", tags=_TAGS,
            **operation("readAcknowledgement", _ACKNOWLEDGED, scope=READ, problems=(404,)))  # fmt: skip
async def read_acknowledgement(
    request: Request, caller: MayRead, batch: Id, written: AcknowledgementFormat = "xml", lang: Lang = None
) -> Response:
    """Whether the file as such is good, or was cancelled; 404 until that is known."""
    found = await _find(request, caller, str(batch))
    is_known = found.acknowledged_at is not None or found.state is BatchState.CANCELLED
    if not is_known:
        raise not_found("acknowledgement")
    language = _language(found, lang)
    if written == "json":
        return JSONResponse({"self": request.url.path, **acknowledgement_json(found, language)})
    return _download(acknowledgement(found, language), f"FO.ACRF.{found.id}.xml")


@router.get("/batches/{batch}/report", tags=_TAGS,
            **operation("readReport", _REPORTED, scope=READ, problems=(404,)))  # fmt: skip
async def read_report(
    request: Request,
    caller: MayRead,
    batch: Id,
    format_: ReportFormat = "xml",
    only: Only = None,
    lang: Lang = None,
) -> Response:
    """Every declaration's outcome. Before the batch is complete: what is decided otherwise than plainly accepted."""
    found = await _find(request, caller, str(batch))
    if not found.is_positive:
        raise not_found("report")
    gateway, written = gateway_of(request), Format(format_)
    pieces = report(gateway.engine, gateway.batches.folders, found, written, _language(found, lang), only)
    return _streamed(request, found, pieces, written, large=is_large(found, only))


@router.delete("/batches/{batch}", tags=_TAGS,
               **operation("cancelBatch", {204: Answer("Cancelled.")}, scope=WRITE, problems=(404, 409)))  # fmt: skip
async def cancel(request: Request, caller: MayWrite, batch: Id) -> Response:
    """Cancel a batch of which nothing is registered yet; 409 when it is too late."""
    found = await _find(request, caller, str(batch))
    if not await gateway_of(request).batches.cancel(found):
        raise ProblemError(409, "conflict", f"This batch is {found.state.value} and cannot be cancelled any more")
    return Response(status_code=204)


@router.get("/schemas/{name}", tags=_TAGS,
            **operation("readSchema", _SCHEMA, problems=(404,)))  # fmt: skip
async def read_schema(name: str) -> FileResponse:
    """Public: the XML schemas of the batch file and of its two answers."""
    if name not in SCHEMAS:
        raise not_found("schema")
    return FileResponse(SCHEMA_FILE.with_name(name), media_type="application/xml")


async def _find(request: Request, caller: Caller, batch: str) -> Batch:
    gateway: Gateway = gateway_of(request)
    found = await gateway.batches.find(batch, caller.organisation)
    if found is None:
        raise not_found("batch")
    return found


def _language(batch: Batch, asked: str | None) -> Language:
    """Choose the language asked for, else that of the file's header or of its upload."""
    return language_named(asked) or Language(batch.language)


def _download(content: bytes, name: str) -> Response:
    return Response(
        content, media_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _streamed(
    request: Request, batch: Batch, pieces: AsyncIterator[bytes], written: Format, *, large: bool
) -> StreamingResponse:
    """Stream a report; a large one compressed: as transport where the client takes it, else as a gzip file."""
    name, media_type = f"FO.NOTI.{batch.id}.{written.value}", written.media_type
    headers: dict[str, str] = {"Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        pieces = compressed(pieces)
    elif large:
        name, media_type, pieces = f"{name}.gz", "application/gzip", compressed(pieces)
    headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return StreamingResponse(pieces, media_type=media_type, headers=headers)
