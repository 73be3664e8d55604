"""The itemised report as a stream: XML (the notification), JSON or CSV, compressed when it is large."""

import csv
import zlib
from collections.abc import AsyncIterator, Sequence
from enum import StrEnum
from io import StringIO
from typing import Any, Final, Protocol

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch.answers import xml_documents
from services.gateway.batch.answers.explain_anomalies import explain
from services.gateway.batch.answers.json_answers import counts
from services.gateway.batch.answers.outcomes import DeclarationOutcome, outcomes
from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.state import Batch
from shared.i18n import Language

COMPRESS_BYTES: Final = 50 * 1024 * 1024
_LINE_BYTES: Final = 110
_OUTCOME_BYTES: Final = 350
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How a report is written."""

    XML = "xml"
    JSON = "json"
    CSV = "csv"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return {"xml": "application/xml", "json": "application/json", "csv": "text/csv; charset=utf-8"}[self.value]


class _Writer(Protocol):
    def head(self, batch: Batch) -> bytes: ...
    def lines(self, lines: Sequence[DeclarationOutcome]) -> bytes: ...
    def tail(self) -> bytes: ...


async def report(
    engine: AsyncEngine,
    folders: BatchFolders,
    batch: Batch,
    written: Format,
    language: Language,
    only: str | None = None,
) -> AsyncIterator[bytes]:
    """The report of a batch in pieces; memory does not grow with its length."""
    writer = _WRITERS[written](language)
    yield writer.head(batch)
    async for page in outcomes(engine, folders, batch, only):
        yield writer.lines(page)
    yield writer.tail()


def is_large(batch: Batch, only: str | None = None) -> bool:
    """Whether the report is likely to pass 50 MB."""
    others = batch.warned + batch.unchanged + batch.refused
    plain = (batch.declared or 0) if only in (None, "accepted") else 0
    return plain * _LINE_BYTES + others * _OUTCOME_BYTES > COMPRESS_BYTES


async def compressed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same in gzip."""
    packing = zlib.compressobj(wbits=31)
    async for piece in pieces:
        if packed := packing.compress(piece):
            yield packed
    yield packing.flush()


class _Xml:
    def __init__(self, language: Language) -> None:
        self._language = language

    def head(self, batch: Batch) -> bytes:
        return xml_documents.notification_head(batch, self._language)

    def lines(self, lines: Sequence[DeclarationOutcome]) -> bytes:
        return xml_documents.notification_lines(lines, self._language)

    def tail(self) -> bytes:
        return xml_documents.notification_tail()


class _Json:
    """One object: the counts, then `items`, an item a line."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._separator = b"\n"

    def head(self, batch: Batch) -> bytes:
        about: dict[str, Any] = {
            "self": f"/api/v1/batches/{batch.id}/report",
            "batch": batch.id,
            "mode": batch.mode.word,
            "complete": batch.state.is_final,
            "declared": batch.declared or 0,
            **counts(batch),
        }
        return orjson.dumps(about)[:-1] + b',"items":['

    def lines(self, lines: Sequence[DeclarationOutcome]) -> bytes:
        written = self._separator + b",\n".join([orjson.dumps(self._item(line)) for line in lines])
        self._separator = b",\n"
        return written

    def _item(self, line: DeclarationOutcome) -> dict[str, Any]:
        item: dict[str, Any] = {"line": line.line}
        if line.xml_line:
            item["xmlLine"] = line.xml_line
        if line.reference is not None:
            item["reference"] = line.reference
        item["status"] = line.status
        if line.anomalies:
            item["anomalies"] = [explain(found, self._language) for found in line.anomalies]
        return item

    def tail(self) -> bytes:
        return b"\n]}\n"


class _Csv:
    """A row per anomaly, or one for a declaration without any. Semicolons: Belgian spreadsheets expect them."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def head(self, batch: Batch) -> bytes:
        return ("\ufeff" + _rows([["line", "xmlLine", "reference", "status", "code", "field", "text"]])).encode()

    def lines(self, lines: Sequence[DeclarationOutcome]) -> bytes:
        rows: list[list[object]] = []
        for line in lines:
            place = [line.line, line.xml_line or "", harmless(line.reference or ""), line.status]
            shown = [explain(found, self._language) for found in line.anomalies] or [{}]
            rows += [
                [*place, one.get("code", ""), one.get("field", ""), harmless(one.get("text", ""))] for one in shown
            ]
        return _rows(rows).encode()

    def tail(self) -> bytes:
        return b""


_WRITERS: Final[dict[Format, type[_Xml] | type[_Json] | type[_Csv]]] = {
    Format.XML: _Xml,
    Format.JSON: _Json,
    Format.CSV: _Csv,
}


def _rows(rows: Sequence[Sequence[object]]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return "'" + text if text.startswith(_FORMULA) else text
