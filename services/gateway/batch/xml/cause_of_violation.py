"""Why a value breaks the schema, in the words of the one validation: the schema knows forms, not causes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from services.gateway.batch.xml.declared_fields import fields_of
from services.gateway.intake.declared import DeclarationKind, Declared

if TYPE_CHECKING:
    from lxml import etree

    from shared.contracts.vocabulary import Anomaly

_PLACE: Final = re.compile(r"\[\d+\]")
_ANY_DAY: Final = "2026-01-01"
"""Forms do not depend on the day."""


def causes(declaration: etree._Element, kind: str) -> dict[str, Anomaly]:
    """Validate a declaration as one sent by API: dict[path like `terms.workingTime`, the first anomaly there]."""
    # Loaded here, where there is something to explain: most files are valid.
    from services.gateway.intake.validation import validate

    _, found = validate(Declared(1, DeclarationKind(kind), fields_of(declaration)), _ANY_DAY)
    named: dict[str, Anomaly] = {}
    for one in found:
        named.setdefault(_PLACE.sub("", one.get("field", "")), one)
    return named
