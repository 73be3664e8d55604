"""The fields of an element as the JSON API names them."""

from typing import Any, Final

from lxml import etree

from services.gateway.batch.xml.parse import QUALIFIED

_GROUPS: Final = {QUALIFIED + name: name for name in ("provider", "certificate")}
_REPEATED: Final = {QUALIFIED + name: name for name in ("terms",)}
_NAMES: Final[dict[object, str]] = {}
_MOST_NAMES: Final = 1000


def fields_of(element: etree._Element) -> dict[str, Any]:
    """Get the fields of a declaration, header or group by their names in the JSON API; values as text, trimmed."""
    fields: dict[str, Any] = {}
    for child in element:
        tag = child.tag
        if tag in _GROUPS:
            fields[_GROUPS[tag]] = fields_of(child)
        elif tag in _REPEATED:
            fields.setdefault(_REPEATED[tag], []).append(fields_of(child))
        else:
            text = child.text
            # XML's white space and no more: Python's own strips control characters, which are to be refused.
            fields[_NAMES.get(tag) or _name(tag)] = text.strip(" \t\r\n") if text else ""
    return fields


def _name(tag: object) -> str:
    """Get an element's local name, cached: a look-up costs a third of cutting the text."""
    name = str(tag).rpartition("}")[2]
    if len(_NAMES) < _MOST_NAMES:
        _NAMES[tag] = name
    return name
