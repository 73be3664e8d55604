"""Where a file breaks its schema: found by checking each declaration alone, in a second pass over a rejected file.

The streaming check only says *that* a file is invalid, without lines. Here every child of the root is put into a
skeleton of its own and checked there, so each violation has its line, its declaration's reference and its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from services.gateway.batch.rejection import FileRejectedError, SchemaViolation, anomaly
from services.gateway.batch.xml.cause_of_violation import causes
from services.gateway.batch.xml.parse import (
    HEADER,
    KINDS,
    NAMESPACE,
    QUALIFIED,
    READ_BYTES,
    ROOT,
    SCHEMA_FILE,
    parser,
    rejection_for,
    schema,
)
from services.gateway.intake.reference_text import shown_reference
from services.gateway.limits import LARGEST_DECLARATION, MOST_VIOLATIONS
from shared.text import is_refused

if TYPE_CHECKING:
    from shared.contracts.vocabulary import Anomaly


_DECLARATIONS: Final = frozenset(QUALIFIED + kind for kind in KINDS)
_EXAMPLE: Final = (
    f'<batch xmlns="{NAMESPACE}" schemaVersion="1.0"><header><sender>0000000000</sender></header>'
    "<trainingCancellation><reference>-</reference><ssin>00000000000</ssin>"
    "<enterpriseNumber>0000000000</enterpriseNumber><reason>-</reason></trainingCancellation></batch>"
)
# Our own schema's words stand at the end of the message; the file's value or namespace, before them, may hold anything.
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( ([^()]*) \)\.?$")
_SET: Final = re.compile(r"\{([^{}]*)\}\.?$")
_NUMBER: Final = re.compile(r"of '([0-9.]+)'\.?$")
_FORMS: Final = frozenset({"invalidForm", "notInList"})
"""What the schema says of a value's form, where the validation of the other channels may know the cause."""
_DIGITS: Final = re.compile(r"(?:\d[\W_]{0,3}){8,}\d")
_STEP: Final = re.compile(r"(?:(?P<prefix>[^:\[]+):)?(?P<name>[^:\[]+)(?:\[(?P<nth>\d+)\])?")


def with_violations(content: Path, rejection: FileRejectedError) -> FileRejectedError:
    """Add the first violations, in the file's order, to a rejection; or give a nearer reason than the schema.

    The streaming check calls a file that breaks off inside a value invalid: it has checked the half of that value.

    Raises nothing: the verdict stands, whatever the search for its reasons meets.
    """
    found: list[SchemaViolation] = []
    try:
        rejection = _searched(content, rejection, found)
    except Exception as failure:  # noqa: BLE001 - what was found until then is told, and that we could not find the rest
        rejection.search_failed = type(failure).__name__
    rejection.violations = found[:MOST_VIOLATIONS]
    return rejection


def _searched(content: Path, rejection: FileRejectedError, found: list[SchemaViolation]) -> FileRejectedError:
    """Add what is found to `found`; give the rejection, or a nearer reason."""
    declarations = 0
    try:
        for position, element in enumerate(_children(content)):
            if position == 0:
                found.extend(_root_violations(element))
                if element.tag != ROOT:
                    break
            else:
                try:
                    found.extend(_violations(element, position))
                except Exception as failure:  # noqa: BLE001 - of this one its line, and on with the next
                    rejection.search_failed = type(failure).__name__
                    found.append(SchemaViolation(element.sourceline, None, _local(element), anomaly("invalidForm")))
                declarations += element.tag in _DECLARATIONS
            if len(found) >= MOST_VIOLATIONS:
                break
        else:
            if not found and not declarations:
                found.append(SchemaViolation(None, None, "batch", anomaly("missingElement", expected=", ".join(KINDS))))
    except FileRejectedError as nearer:
        if not found or nearer.anomaly["code"] == rejection.anomaly["code"]:
            return nearer
    return rejection


def _children(content: Path) -> Iterator[etree._Element]:
    """Parse the root itself as it opens, then each of its children when it is complete.

    Raises FileRejectedError where the file is not well-formed, breaks off, or has a child that is too large.
    """
    pull = parser(events=("start", "end"))
    depth = since_last = 0
    root: etree._Element | None = None
    line: int | None = None
    try:
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
                        since_last, line = 0, None
                        yield element
                    elif depth == 2 and event == "start":
                        line = element.sourceline
                if since_last > LARGEST_DECLARATION:
                    raise FileRejectedError(anomaly("declarationTooLarge", maximum=LARGEST_DECLARATION), line)
                if root is not None:
                    del root[:-1]
    except etree.XMLSyntaxError as error:
        raise rejection_for(error) from None
    try:
        pull.close()
    except etree.XMLSyntaxError as error:
        raise FileRejectedError(anomaly("truncated"), error.lineno or None) from None


def _root_violations(root: etree._Element) -> Iterator[SchemaViolation]:
    """Check the root's own name and version, without its children."""
    if root.tag != ROOT:
        yield SchemaViolation(
            root.sourceline, None, _local(root), anomaly("unknownRoot", expected=f"batch ({NAMESPACE})")
        )
        return
    example = etree.fromstring(_EXAMPLE)
    example.attrib.clear()
    example.attrib.update(dict(root.attrib))
    schema().validate(example)
    for entry in _errors():
        yield SchemaViolation(root.sourceline, None, "batch", _anomaly(entry, "schemaVersion"))


def _violations(element: etree._Element, position: int) -> Iterator[SchemaViolation]:
    """Check one child of the root, which stays there; the first is at position 1."""
    line, name, reference = element.sourceline, _local(element), _reference(element)
    parent = element.getparent()
    assert parent is not None
    if position == 1 and (parent.text or "").strip():
        yield SchemaViolation(line, None, "batch", anomaly("textNotAllowed"))
    if position == 1 and element.tag != HEADER:
        yield SchemaViolation(line, reference, name, anomaly("unexpectedElement", expected="header"))
    if element.tag not in _DECLARATIONS and (element.tag != HEADER or position != 1):
        yield SchemaViolation(line, reference, name, anomaly("unexpectedElement", expected=", ".join(KINDS)))
        return
    if (element.tail or "").strip():
        yield SchemaViolation(line, reference, name, anomaly("textNotAllowed"))
    skeleton = etree.fromstring(_EXAMPLE)
    position_in_example = 0 if element.tag == HEADER else 1
    index = parent.index(element)
    skeleton[position_in_example] = element
    element.tail = None
    try:
        yield from _of_declaration(skeleton, element, reference)
    finally:
        parent.insert(index, element)


def _of_declaration(
    skeleton: etree._Element, element: etree._Element, reference: str | None
) -> Iterator[SchemaViolation]:
    """Check an element in its skeleton: a violation per place."""
    name = _local(element)
    schema().validate(skeleton)
    nearer: dict[str, Anomaly] | None = None
    seen: set[str] = set()
    for entry in _errors():
        where = entry.path or ""
        if where in seen:
            continue
        seen.add(where)
        node = _node_at(skeleton, where)
        path = _path(node, element)
        if (missing := _left_out(entry, node)) is not None:
            path = path.rpartition("/")[0]
            field = ".".join(filter(None, (path.replace("/", "."), missing)))
            found = anomaly("missingElement", field, expected=missing)
        elif not len(node) and is_refused(node.text or ""):
            # The form is wrong because of it, and nobody sees such a character.
            found = anomaly("invalidText", path.replace("/", ".") or None)
        else:
            found = _anomaly(entry, path)
            if found["code"] in _FORMS and element.tag in _DECLARATIONS:
                nearer = causes(element, name) if nearer is None else nearer
                found = nearer.get(found.get("field", ""), found)
        yield SchemaViolation(node.sourceline, reference, "/".join(filter(None, (name, path))), found)


def _node_at(root: etree._Element, path: str) -> etree._Element:
    """Find the element at a path of libxml2's (`/*/*[2]/x:y[1]`), or the nearest above it.

    Not as an XPath: its prefixes are those of the file, and mean something else at each place.
    """
    node = root
    for step in path.split("/")[2:]:
        match = _STEP.fullmatch(step)
        if match is None:
            break
        name = match["name"]
        # An element in the default namespace is counted among all, as libxml2 cannot name it.
        alike = [
            child
            for child in node
            if name == "*" or (child.prefix == match["prefix"] and str(child.tag).rpartition("}")[2] == name)
        ]
        at = int(match["nth"] or 1) - 1
        if at >= len(alike):
            break
        node = alike[at]
    return node


def _left_out(entry: Any, node: etree._Element) -> str | None:
    """Get the name of the one element that should have come before this one and is missing.

    libxml2 blames the element that it found; where that one is no stranger, the sender left the other out.
    """
    expected, parent = _expected(entry.message), node.getparent()
    if entry.type_name != "SCHEMAV_ELEMENT_CONTENT" or "Missing child element" in entry.message:
        return None
    if parent is None or len(expected) != 1 or _local(node) not in _names() or parent.find(expected[0]) is not None:
        return None
    return expected[0].rpartition("}")[2]


@cache
def _names() -> frozenset[str]:
    """List every element's name in the schema."""
    found: Any = etree.parse(SCHEMA_FILE).xpath("//*[local-name() = 'element']/@name")
    return frozenset(map(str, found))


def _errors() -> list[Any]:
    return list(schema().error_log)


def _reference(element: etree._Element) -> str | None:
    """Get the declaration's reference, if it is one: it is the sender's own text and meant to be shown."""
    return shown_reference(element.findtext(QUALIFIED + "reference"))


def _path(node: etree._Element, declaration: etree._Element) -> str:
    """Get the path of an element below its declaration, like `terms/workingTime`; empty for the declaration itself."""
    names: list[str] = []
    current: etree._Element | None = node
    while current is not None and current is not declaration:
        names.append(_local(current))
        current = current.getparent()
    return "/".join(reversed(names))


def _local(element: etree._Element) -> str:
    """Get an element's local name, without anything that could be a national number."""
    return _DIGITS.sub("…", str(element.tag).rpartition("}")[2][:64])


def _anomaly(entry: Any, path: str) -> Anomaly:  # noqa: PLR0911 - a table in the form of ifs
    """Translate an error of libxml2 to an anomaly. Of its message only our own schema's words are used."""
    kind, message = entry.type_name, entry.message
    field = path.replace("/", ".") or None
    if kind == "SCHEMAV_CVC_ENUMERATION_VALID" and (allowed := _SET.search(message)):
        return anomaly("notInList", field, allowed=allowed[1].replace("'", ""))
    if kind in ("SCHEMAV_CVC_MINLENGTH_VALID", "SCHEMAV_CVC_MAXLENGTH_VALID") and (limit := _NUMBER.search(message)):
        if kind == "SCHEMAV_CVC_MINLENGTH_VALID":
            return anomaly("tooShort", field, minimum=limit[1])
        return anomaly("tooLong", field, maximum=limit[1])
    if kind == "SCHEMAV_ELEMENT_CONTENT":
        names = [name.rpartition("}")[2] for name in _expected(message)]
        expected = ", ".join(names)
        if "Missing child element" not in message:
            return anomaly("unexpectedElement", field, expected=expected or "-")
        if len(names) == 1:
            field = ".".join(filter(None, (field, *names)))
        return anomaly("missingElement", field, expected=expected)
    if kind in ("SCHEMAV_CVC_COMPLEX_TYPE_2_3", "SCHEMAV_CVC_TYPE_3_1_2", "SCHEMAV_CVC_COMPLEX_TYPE_2_1"):
        return anomaly("textNotAllowed", field)
    if kind.startswith(("SCHEMAV_CVC_COMPLEX_TYPE_3", "SCHEMAV_CVC_COMPLEX_TYPE_4", "SCHEMAV_CVC_TYPE_3_1_1")):
        return anomaly("attributeNotRight", field)
    return anomaly("invalidForm", field)


def _expected(message: str) -> list[str]:
    match = _EXPECTED.search(message)
    return match[1].split(", ") if match else []
