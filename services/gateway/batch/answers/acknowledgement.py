"""The acknowledgement (FO.ACRF) as an XML document, valid to `fla-acknowledgement-1.xsd`.

It says whether the file as such is taken: `positive`, `negative` with the reason, or `cancelled` by its sender.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from lxml import etree

from services.gateway.batch.answers.explain_anomalies import explain_rejection
from services.gateway.batch.answers.xml_document import batch_element, element, xml_document
from services.gateway.batch.state import Batch, BatchState
from shared.i18n import Language

NAMESPACE: Final = "urn:fla:acknowledgement:1"


@dataclass(frozen=True, slots=True)
class FileWithoutBatch:
    """A file of which no batch came."""

    sender: str
    file_name: str
    received_at: datetime


def acknowledgement(batch: Batch, language: Language) -> bytes:
    """Write the acknowledgement of a batch that is acknowledged or cancelled: short, whatever the file's length."""
    at = batch.acknowledged_at or batch.finished_at
    assert at is not None
    about = batch_element(batch)
    if batch.state is BatchState.CANCELLED:
        return _acknowledgement(about, "cancelled", at, (), language)
    if batch.rejection:
        return _acknowledgement(about, "negative", at, [_refusal(batch.rejection, language)], language)
    return _acknowledgement(about, "positive", at, _counts(batch), language)


def rejected_arrival(arrival: FileWithoutBatch, rejection: dict[str, Any], language: Language) -> bytes:
    """Write the negative acknowledgement of a file of which no batch came: it was rejected at once."""
    refusal = _refusal(rejection, language)
    return _acknowledgement(_arrival(arrival), "negative", arrival.received_at, [refusal], language)


def cancelled_arrival(arrival: FileWithoutBatch, language: Language) -> bytes:
    """Write the acknowledgement of a file of which no batch came: it was cancelled before it was started."""
    return _acknowledgement(_arrival(arrival), "cancelled", arrival.received_at, (), language)


def _acknowledgement(
    about: etree._Element, result: str, at: datetime, rest: Iterable[etree._Element], language: Language
) -> bytes:
    out = BytesIO()
    with xml_document(out, "acknowledgement", NAMESPACE, language) as document:
        document.add(about)
        document.add(_text("acknowledgedAt", at.isoformat()))
        document.add(_text("result", result))
        for one in rest:
            document.add(one)
    return out.getvalue()


def _arrival(arrival: FileWithoutBatch) -> etree._Element:
    fields = (
        ("sender", arrival.sender),
        ("fileName", arrival.file_name),
        ("receivedAt", arrival.received_at.isoformat()),
    )
    return element("batch", fields)


def _counts(batch: Batch) -> Iterable[etree._Element]:
    yield _text("declared", batch.declared)
    for name, count in (batch.kinds or {}).items():
        kind = _text("kind", count)
        kind.set("name", name)
        yield kind


def _refusal(stored: dict[str, Any], language: Language) -> etree._Element:
    rejection = explain_rejection(stored, language)
    made = element("refusal", _given(rejection, ("code", "text", "line")))
    for violation in rejection.get("violations", ()):
        made.append(element("violation", _given(violation, ("line", "reference", "element", "code", "text"))))
    return made


def _given(values: dict[str, Any], names: Iterable[str]) -> Iterable[tuple[str, object]]:
    return ((name, values[name]) for name in names if name in values)


def _text(name: str, value: object) -> etree._Element:
    made = etree.Element(name)
    made.text = str(value)
    return made
