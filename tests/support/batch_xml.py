"""Small batch files, written by hand for one test."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from lxml import etree

from services.gateway.batch.folders import CONTENT
from services.gateway.batch.rejection import FileRejectedError
from services.gateway.batch.xml.parse import SCHEMA_FILE
from services.gateway.batch.xml.parse_declarations import parse_declarations

_XS = "{http://www.w3.org/2001/XMLSchema}"

NAMESPACE = "urn:fla:batch:1"
SSIN = "85051297104"
SENDER = "1999010345"

HEADER = f"<header><sender>{SENDER}</sender></header>"
CANCELLATION = (
    "<trainingCancellation><reference>{reference}</reference>"
    f"<ssin>{SSIN}</ssin><enterpriseNumber>{SENDER}</enterpriseNumber><reason>Dubbel</reason></trainingCancellation>"
)


def training(reference: str = "T-1", **changes: str) -> str:
    """A training, an element a line; `title=""` leaves one out, `extra` is put at the end."""
    fields = {
        "reference": reference,
        "ssin": SSIN,
        "enterpriseNumber": SENDER,
        "title": "Veiligheid",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "duration": "PT7H36M",
        "status": "completed",
    }
    extra = changes.pop("extra", "")
    inner = "".join(f"<{name}>{text}</{name}>\n" for name, text in (fields | changes).items() if text != "")
    return f"<trainingRegistration>\n{inner}{extra}</trainingRegistration>\n"


def batch(*declarations: str, header: str = HEADER, version: str = ' schemaVersion="1.0"', before: str = "") -> bytes:
    """A whole file: declaration on line 1, root and header on line 2, the first declaration on line 3."""
    start = f'<?xml version="1.0" encoding="UTF-8"?>{before}\n<batch xmlns="{NAMESPACE}"{version}>{header}\n'
    return (start + "".join(declarations) + "</batch>\n").encode()


_TYPES = {"optOuts": "OptOut", "sizes": "Size", "quarters": "Quarter"}
"""Repeated elements that are named otherwise than their types."""


@cache
def _order(name: str) -> tuple[str, ...]:
    """The elements of a type of the schema, in its order."""
    root = etree.parse(SCHEMA_FILE).getroot()
    [kind] = [k for k in root if k.get("name") == name and k.tag in (f"{_XS}complexType", f"{_XS}group")]
    names: list[str] = []
    for part in kind.iterfind(f"{_XS}sequence/*"):
        names += _order(part.get("ref", "")) if part.tag == f"{_XS}group" else [part.get("name", "")]
    return tuple(names)


def declaration(kind: str, fields: Mapping[str, Any]) -> str:
    """A declaration from its fields as the API has them; where it may have a reference and has none: an empty one."""
    unnamed = {"reference": ""} if "reference" in _order(kind[0].upper() + kind[1:]) else {}
    return f"{_element(kind, unnamed | dict(fields))}\n"


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        order = _order(_TYPES.get(name, name[0].upper() + name[1:]))
        missing = set(value) - set(order)
        assert not missing, missing
        return f"<{name}>{''.join(_element(one, value[one]) for one in order if one in value)}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>"


def put(folder: Path, content: bytes) -> Path:
    """Put a file where the gateway keeps it."""
    (folder / CONTENT).write_bytes(content)
    return folder


def rejection_of(folder: Path, content: bytes) -> dict[str, Any]:
    """Why a file is rejected; nothing may be left of it but itself."""
    with pytest.raises(FileRejectedError) as caught:
        parse_declarations(put(folder, content), lambda _: None)
    assert [path.name for path in folder.iterdir()] == [CONTENT]
    return caught.value.as_json()
