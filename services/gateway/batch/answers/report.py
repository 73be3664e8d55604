"""The itemised report as a stream: XML (the notification), JSON or CSV, compressed when it is long."""

import csv
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from enum import StrEnum
from io import StringIO
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch.answers.explain_anomalies import explain
from services.gateway.batch.answers.json_answers import counts
from services.gateway.batch.answers.notification import notification
from services.gateway.batch.answers.outcomes import DeclarationOutcome, outcomes
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.state import Batch
from shared.i18n import Language

COMPRESS_BYTES: Final = 50 * 1024 * 1024
_LINE_BYTES: Final = 110
_OUTCOME_BYTES: Final = 350
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


Pages = AsyncIterator[Sequence[DeclarationOutcome]]


class Format(StrEnum):
    """The format of a report."""

    XML = "xml"
    JSON = "json"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """Give the media type of a report in this format."""
        return {"xml": "application/xml", "json": "application/json", "csv": "text/csv; charset=utf-8"}[self.value]


async def report(
    engine: AsyncEngine,
    folders: BatchFolders,
    batch: Batch,
    written: Format,
    language: Language,
    only: str | None = None,
) -> AsyncIterator[bytes]:
    """Write the report of a batch in pieces, so that memory does not grow with its length. `only`: with this status."""
    async for piece in WRITERS[written](batch, outcomes(engine, folders, batch, only), language):
        yield piece


def is_large(batch: Batch, only: str | None = None) -> bool:
    """Estimate whether the report is longer than 50 MB."""
    others = batch.warned + batch.unchanged + batch.refused
    plain = (batch.declared or 0) if only in (None, "accepted") else 0
    return plain * _LINE_BYTES + others * _OUTCOME_BYTES > COMPRESS_BYTES


async def compressed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Compress the pieces with gzip."""
    packing = zlib.compressobj(wbits=31)
    async for piece in pieces:
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()


async def _json(batch: Batch, pages: Pages, language: Language) -> AsyncIterator[bytes]:
    """Write one object: the counts, then `items`, an item a line."""
    about: dict[str, Any] = {
        "self": f"/api/v1/batches/{batch.id}/report",
        "batch": batch.id,
        "mode": batch.mode.word,
        "complete": batch.state.is_final,
        "declared": batch.declared or 0,
        **counts(batch),
    }
    yield orjson.dumps(about)[:-1] + b',"items":['
    separator = b"\n"
    async for page in pages:
        yield separator + b",\n".join([orjson.dumps(_item(outcome, language)) for outcome in page])
        separator = b",\n"
    yield b"\n]}\n"


def _item(outcome: DeclarationOutcome, language: Language) -> dict[str, Any]:
    item: dict[str, Any] = {"line": outcome.line}
    if outcome.xml_line:
        item["xmlLine"] = outcome.xml_line
    if outcome.reference is not None:
        item["reference"] = outcome.reference
    item["status"] = outcome.status
    if outcome.anomalies:
        item["anomalies"] = [explain(found, language) for found in outcome.anomalies]
    return item


async def _csv(_batch: Batch, pages: Pages, language: Language) -> AsyncIterator[bytes]:
    """Write a row per anomaly, or one for a declaration without any.

    Semicolons and a byte order mark: Belgian spreadsheets expect them.
    """
    yield ("\ufeff" + _rows([["line", "xmlLine", "reference", "status", "code", "field", "text"]])).encode()
    async for page in pages:
        yield _rows([row for outcome in page for row in _cells(outcome, language)]).encode()


def _cells(outcome: DeclarationOutcome, language: Language) -> Iterator[list[object]]:
    about = [outcome.line, outcome.xml_line or "", harmless(outcome.reference or ""), outcome.status]
    for shown in [explain(found, language) for found in outcome.anomalies] or [{}]:
        yield [*about, shown.get("code", ""), shown.get("field", ""), harmless(shown.get("text", ""))]


WRITERS: Final[dict[Format, Callable[[Batch, Pages, Language], AsyncIterator[bytes]]]] = {
    Format.XML: notification,
    Format.JSON: _json,
    Format.CSV: _csv,
}


def _rows(rows: Sequence[Sequence[object]]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def harmless(text: str) -> str:
    """Mark a text that a spreadsheet would take for a formula (OWASP: CSV injection)."""
    return "'" + text if text.startswith(_FORMULA) else text
