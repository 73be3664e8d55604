"""The notification (FO.NOTI): the itemised report as an XML document, valid to `fla-notification-1.xsd`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Final

from lxml import etree

from services.gateway.batch.answers.explain_anomalies import explain
from services.gateway.batch.answers.outcomes import DeclarationOutcome
from services.gateway.batch.answers.xml_document import XmlDocument, batch_element, element, take, xml_document
from services.gateway.batch.state import Batch
from shared.i18n import Language

NAMESPACE: Final = "urn:fla:notification:1"


async def notification(
    batch: Batch, pages: AsyncIterator[Sequence[DeclarationOutcome]], language: Language
) -> AsyncIterator[bytes]:
    """Write the notification of a batch in pieces: one up to the first declaration, one per page, the end."""
    out = BytesIO()
    is_complete = str(batch.state.is_final).lower()
    with xml_document(out, "notification", NAMESPACE, language, complete=is_complete) as document:
        document.add(batch_element(batch))
        document.add(_summary(batch))
        yield document.taken()
        async for page in pages:
            # A page takes 50 ms of the processor: in a thread, so that the event loop answers others meanwhile.
            yield await asyncio.to_thread(_write_page, document, page, language)
    yield take(out)


def _write_page(document: XmlDocument, page: Sequence[DeclarationOutcome], language: Language) -> bytes:
    for outcome in page:
        document.add(_declaration(outcome, language))
    return document.taken()


def _summary(batch: Batch) -> etree._Element:
    return element(
        "summary",
        (
            ("declared", batch.declared or 0),
            ("accepted", batch.accepted),
            ("acceptedWithWarnings", batch.warned),
            ("unchanged", batch.unchanged),
            ("refused", batch.refused),
        ),
    )


def _declaration(outcome: DeclarationOutcome, language: Language) -> etree._Element:
    made = etree.Element("declaration", line=str(outcome.line))
    if outcome.xml_line:
        made.set("xmlLine", str(outcome.xml_line))
    if outcome.reference is not None:
        made.set("reference", outcome.reference)
    made.set("status", outcome.status)
    made.extend(element("anomaly", explain(found, language).items()) for found in outcome.anomalies)
    return made
