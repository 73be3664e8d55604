"""The fields of an element as the JSON API names them."""

from typing import Any, Final

from lxml import etree

from services.gateway.batch.xml.parse import QUALIFIED

_GROUPS: Final = {QUALIFIED + name: name for name in ("provider", "certificate")}
_REPEATED: Final = {QUALIFIED + name: name for name in ("terms", "optOuts", "sizes", "quarters")}
_REPEATED_TEXTS: Final = {QUALIFIED + name: name for name in ("jointCommittees",)}
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
            # An empty element is an empty list: that nothing holds any more can be said so and no other way.
            fields.setdefault(_REPEATED[tag], []).extend([fields_of(child)] if len(child) else ())
        elif tag in _REPEATED_TEXTS:
            fields.setdefault(_REPEATED_TEXTS[tag], []).append(_text(child))
        else:
            fields[_NAMES.get(tag) or _name(tag)] = _text(child)
    return fields


def _text(element: etree._Element) -> str:
    # XML's white space and no more: Python's own strips control characters, which are to be refused.
    return element.text.strip(" \t\r\n") if element.text else ""


def _name(tag: object) -> str:
    """Get an element's local name, cached: a look-up costs a third of cutting the text."""
    name = str(tag).rpartition("}")[2]
    if len(_NAMES) < _MOST_NAMES:
        _NAMES[tag] = name
    return name
