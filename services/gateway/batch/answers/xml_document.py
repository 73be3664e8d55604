"""What both XML answers are written with: a document piece by piece, so that memory does not grow with its length."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from lxml import etree

from services.gateway.batch.state import Batch
from shared.i18n import Language

_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class XmlDocument:
    """An XML document that is being written. `add` writes a child of the root, `taken` gives the bytes so far."""

    def __init__(self, out: BytesIO, xml: Any) -> None:
        self._out = out
        self._xml = xml

    def add(self, child: etree._Element) -> None:
        """Write a child of the root, indented. Its names have no namespace of their own: they take the root's."""
        if len(child):
            etree.indent(child, level=1)
        child.tail = "\n"
        self._xml.write("  ", child)

    def taken(self) -> bytes:
        """Take the bytes that were written since the last call."""
        self._xml.flush()
        return take(self._out)


@contextmanager
def xml_document(
    out: BytesIO, name: str, namespace: str, language: Language, **attributes: str
) -> Iterator[XmlDocument]:
    """Open a document with this root, whose default namespace this is; the end of the block writes the end tag."""
    out.write(_DECLARATION)
    with etree.xmlfile(out, encoding="UTF-8") as xml:
        shown = {"schemaVersion": "1.0", "language": language.value, **attributes}
        with xml.element(f"{{{namespace}}}{name}", shown, nsmap={None: namespace}):
            xml.write("\n")
            yield XmlDocument(out, xml)
    out.write(b"\n")


def take(out: BytesIO) -> bytes:
    """Take what was written, and begin anew."""
    taken = out.getvalue()
    out.seek(0)
    out.truncate()
    return taken


def element(name: str, fields: Iterable[tuple[str, object]] = ()) -> etree._Element:
    """Make an element with these children, each with its text."""
    made = etree.Element(name)
    for field, value in fields:
        etree.SubElement(made, field).text = str(value)
    return made


def batch_element(batch: Batch) -> etree._Element:
    """Make the `batch` element: which file the answer is about."""
    fields = (
        ("id", batch.id),
        ("sender", batch.sender),
        ("fileName", batch.file_name),
        ("reference", batch.sender_reference),
        ("mode", batch.mode.word),
        ("receivedAt", batch.received_at.isoformat()),
    )
    return element("batch", ((name, value) for name, value in fields if value is not None))
