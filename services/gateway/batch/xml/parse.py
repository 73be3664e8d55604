"""The parser of batch files: in flat memory, one declaration at a time, whatever the length of the file.

Two things are not as one would expect:

- `resolve_entities="internal"`, not False. With False *and* a schema, lxml 6.1 accepts a truncated file: it looks for
  the parser's errors in a log that the schema check has taken over. There is nothing to resolve: a file with a DOCTYPE
  never comes here (`refuse_doctype`), so the only entities are the five of XML itself, and an unknown one is an error.
- The end of the root element must have been seen, whatever the parser says at its own end.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from lxml import etree

from services.gateway.batch.rejection import FileRejectedError, anomaly
from services.gateway.batch.xml.refuse_doctype import check_prolog
from services.gateway.limits import LARGEST_DECLARATION, LARGEST_PROLOG

NAMESPACE: Final = "urn:fla:batch:1"
QUALIFIED: Final = "{" + NAMESPACE + "}"
ROOT: Final = QUALIFIED + "batch"
HEADER: Final = QUALIFIED + "header"
KINDS: Final = (
    "trainingRegistration",
    "trainingCorrection",
    "trainingCancellation",
    "employmentRegistration",
    "employmentChange",
    "employmentCancellation",
    "entitlementRegistration",
    "entitlementCancellation",
    "enterpriseRegistration",
    "enterpriseEntitlementRegistration",
    "enterpriseEntitlementCancellation",
)
SCHEMA_FILE: Final = Path(__file__).parent / "schemas" / "fla-batch-1.xsd"

# Small pieces keep the nodes of one piece in the processor's cache: 64 KiB is a tenth slower, 1 MiB half.
READ_BYTES: Final = 16 * 1024

# libxml2's error codes.
_SCHEMA: Final = range(1800, 1880)
_ENTITY: Final = frozenset({26, 27, 28, 29})
_ENCODING: Final = frozenset({9, 31, 32, 81})

Progress = Callable[[int], None]
"""Called with the number of bytes that were read."""


@cache
def schema() -> etree.XMLSchema:
    """Compile the published schema, once."""
    return etree.XMLSchema(etree.parse(SCHEMA_FILE))


def parser(**options: Any) -> etree.XMLPullParser:
    """Make a pull parser that reads nothing outside the file and drops comments and blanks."""
    return etree.XMLPullParser(
        resolve_entities="internal",
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        **options,
    )


def parse_elements(content: BinaryIO, progress: Progress) -> Iterator[etree._Element]:
    """Parse the header and every declaration in order, checked against the schema as they pass.

    Each element is valid only until the next one is asked for. A schema violation is raised at the end of the file
    only, so nothing yielded may be acted upon before the iterator has ended. Raises FileRejectedError (without
    violations: `schema_violations` finds them) and OSError.
    """
    pull = parser(events=("end",), tag=[ROOT, HEADER, *(QUALIFIED + kind for kind in KINDS)], schema=schema())
    root: etree._Element | None = None
    ended = False
    piece = content.read(LARGEST_PROLOG)
    check_prolog(piece)
    read = since_last = 0
    try:
        while piece:
            pull.feed(piece)
            read += len(piece)
            since_last += len(piece)
            for _, element in pull.read_events():
                since_last = 0
                if element.tag == ROOT:
                    ended = True
                    continue
                root = element.getparent()
                yield element
            if root is not None:
                # All but the last child, which may still be open.
                del root[:-1]
            if since_last > LARGEST_DECLARATION:
                raise FileRejectedError(anomaly("declarationTooLarge", maximum=LARGEST_DECLARATION))
            progress(read)
            piece = content.read(READ_BYTES)
    except etree.XMLSyntaxError as error:
        raise rejection_for(error) from None
    try:
        pull.close()
    except etree.XMLSyntaxError as error:
        rejection = rejection_for(error)
        # Everything was read and the parser waits for more.
        if not ended and rejection.anomaly["code"] == "notWellFormed":
            rejection = FileRejectedError(anomaly("truncated"), rejection.line)
        raise rejection from None
    if not ended:
        raise FileRejectedError(anomaly("truncated"))


def rejection_for(error: etree.XMLSyntaxError) -> FileRejectedError:
    """Say why the parser stopped. Its own words are not repeated: they may quote values of the file."""
    code, line = error.code, error.lineno or None
    if code in _SCHEMA:
        return FileRejectedError(anomaly("schemaInvalid"))
    if code in _ENTITY:
        return FileRejectedError(anomaly("entityNotAllowed"), line)
    if code in _ENCODING:
        return FileRejectedError(anomaly("invalidEncoding"), line)
    return FileRejectedError(anomaly("notWellFormed"), line)
