"""Where a file breaks its schema: found by checking each declaration alone, in a second look at a refused file.

The streaming check only says *that* a file is invalid, without lines. Here every child of the root is put into a
skeleton of its own and checked there, so each violation has its line, its declaration's reference and its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from services.gateway.batch.parsing import (
    HEADER,
    KINDS,
    MAX_DECLARATION_BYTES,
    NAMESPACE,
    QUALIFIED,
    READ_BYTES,
    ROOT,
    parser,
    schema,
)
from services.gateway.batch.refusal import Violation, anomaly

if TYPE_CHECKING:
    from shared.contracts.vocabulary import Anomaly

MOST_VIOLATIONS: Final = 20

_DECLARATIONS: Final = frozenset(QUALIFIED + kind for kind in KINDS)
_EXAMPLE: Final = (
    f'<batch xmlns="{NAMESPACE}" schemaVersion="1.0"><header><sender>0000000000</sender></header>'
    "<trainingCancellation><reference>-</reference><ssin>00000000000</ssin>"
    "<enterpriseNumber>0000000000</enterpriseNumber></trainingCancellation></batch>"
)
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)")
_SET: Final = re.compile(r"\{(.*)\}")
_NUMBER: Final = re.compile(r"of '([0-9.]+)'\.?$")
_DIGITS: Final = re.compile(r"\d{9,}")
_REFERENCE_CHARACTERS: Final = 64


def violations(content: Path) -> list[Violation]:
    """The first violations of a file that is well-formed up to there, in the file's order."""
    found: list[Violation] = []
    declarations = 0
    try:
        for position, element in enumerate(_children(content)):
            if position == 0:
                found.extend(_root_violations(element))
                if element.tag != ROOT:
                    break
            else:
                found.extend(_violations(element, position))
                declarations += element.tag in _DECLARATIONS
            if len(found) >= MOST_VIOLATIONS:
                break
    except etree.XMLSyntaxError:
        pass  # the streaming pass has told why the file ends here
    if not found and not declarations:
        found.append(Violation(None, None, "batch", anomaly("missingElement", expected=", ".join(KINDS))))
    return found[:MOST_VIOLATIONS]


def _children(content: Path) -> Iterator[etree._Element]:
    """First the root itself as it opens, then each of its children when it is whole."""
    pull = parser(events=("start", "end"))
    depth = since_last = 0
    root: etree._Element | None = None
    with content.open("rb") as file:
        while piece := file.read(READ_BYTES):
            pull.feed(piece)
            since_last += len(piece)
            for event, element in pull.read_events():
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "start":
                    root = element
                    yield element
                elif depth == 1:
                    since_last = 0
                    yield element
            if since_last > MAX_DECLARATION_BYTES:
                return
            if root is not None:
                del root[:-1]


def _root_violations(root: etree._Element) -> Iterator[Violation]:
    """The root's own name and version, without its children."""
    if root.tag != ROOT:
        yield Violation(root.sourceline, None, _local(root), anomaly("unknownRoot", expected=f"batch ({NAMESPACE})"))
        return
    example = etree.fromstring(_EXAMPLE)
    example.attrib.clear()
    example.attrib.update(dict(root.attrib))
    schema().validate(example)
    for entry in _errors():
        yield Violation(root.sourceline, None, "batch", _anomaly(entry, "schemaVersion"))


def _violations(element: etree._Element, position: int) -> Iterator[Violation]:
    """What is wrong with one child of the root; the first is at position 1."""
    line, name, reference = element.sourceline, _local(element), _reference(element)
    if position == 1 and element.tag != HEADER:
        yield Violation(line, reference, name, anomaly("unexpectedElement", expected="header"))
    if element.tag not in _DECLARATIONS and (element.tag != HEADER or position != 1):
        yield Violation(line, reference, name, anomaly("unexpectedElement", expected=", ".join(KINDS)))
        return
    if (element.tail or "").strip():
        yield Violation(line, reference, name, anomaly("textNotAllowed"))
    skeleton = etree.fromstring(_EXAMPLE)
    place = 0 if element.tag == HEADER else 1
    parent = element.getparent()
    assert parent is not None
    index = parent.index(element)
    skeleton[place] = element
    element.tail = None
    schema().validate(skeleton)
    seen: set[str] = set()
    for entry in _errors():
        if entry.path in seen:
            continue
        seen.add(entry.path)
        node = skeleton.xpath(entry.path)[0]
        path = _path(node, element)
        yield Violation(node.sourceline, reference, "/".join(filter(None, (name, path))), _anomaly(entry, path))
    parent.insert(index, element)


def _errors() -> list[Any]:
    return list(schema().error_log)


def _reference(element: etree._Element) -> str | None:
    """The declaration's reference, cut to its longest: it is the sender's own text and meant to be shown."""
    text = element.findtext(QUALIFIED + "reference")
    return " ".join(text.split())[:_REFERENCE_CHARACTERS] or None if text else None


def _path(node: etree._Element, declaration: etree._Element) -> str:
    """`terms/workingTime`, seen from the declaration; empty for the declaration itself."""
    names: list[str] = []
    current: etree._Element | None = node
    while current is not None and current is not declaration:
        names.append(_local(current))
        current = current.getparent()
    return "/".join(reversed(names))


def _local(element: etree._Element) -> str:
    """The element's name, without anything that could be a national number."""
    return _DIGITS.sub("…", str(element.tag).rpartition("}")[2][:64])


def _anomaly(entry: Any, path: str) -> Anomaly:  # noqa: PLR0911 - a table in the form of ifs
    """The catalogue's entry for an error of libxml2. Of its message only our own schema's words are used."""
    kind, message = entry.type_name, entry.message
    field = path.replace("/", ".") or None
    if kind == "SCHEMAV_CVC_ENUMERATION_VALID" and (allowed := _SET.search(message)):
        return anomaly("notInList", field, allowed=allowed[1].replace("'", ""))
    if kind in ("SCHEMAV_CVC_MINLENGTH_VALID", "SCHEMAV_CVC_MAXLENGTH_VALID") and (limit := _NUMBER.search(message)):
        if kind == "SCHEMAV_CVC_MINLENGTH_VALID":
            return anomaly("tooShort", field, minimum=limit[1])
        return anomaly("tooLong", field, maximum=limit[1])
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        expected = ", ".join(name.rpartition("}")[2] for name in _expected(message))
        if "Missing child element" in message:
            return anomaly("missingElement", field, expected=expected)
        return anomaly("unexpectedElement", field, expected=expected or "-")
    if kind in ("SCHEMAV_CVC_COMPLEX_TYPE_2_3", "SCHEMAV_CVC_TYPE_3_1_2", "SCHEMAV_CVC_COMPLEX_TYPE_2_1"):
        return anomaly("textNotAllowed", field)
    if kind.startswith(("SCHEMAV_CVC_COMPLEX_TYPE_3", "SCHEMAV_CVC_COMPLEX_TYPE_4", "SCHEMAV_CVC_TYPE_3_1_1")):
        return anomaly("attributeNotRight", field)
    return anomaly("invalidForm", field)


def _expected(message: str) -> list[str]:
    match = _EXPECTED.search(message)
    return match[1].split(", ") if match else []
