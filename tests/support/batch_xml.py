"""Small batch files, written by hand for one test."""

from collections.abc import Mapping
from typing import Any

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


_ORDER = (
    "reference", "ssin", "enterpriseNumber", "givenName", "familyName", "employmentReference", "title", "startDate",
    "endDate", "endReason", "duration", "terms", "year", "basis", "days", "rightType", "reason",
)  # fmt: skip


def declaration(kind: str, fields: Mapping[str, Any]) -> str:
    """A declaration from its fields as the API has them; without a reference it has an empty one."""
    whole = {"reference": "", **fields}
    inner = "".join(_element(name, whole[name]) for name in _ORDER if name in whole)
    missing = set(whole) - set(_ORDER)
    assert not missing, missing
    return f"<{kind}>{inner}</{kind}>\n"


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(_element(*part) for part in value.items())}</{name}>"
    return f"<{name}>{value}</{name}>"
