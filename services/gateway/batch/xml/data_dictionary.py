"""The data dictionary of the batch file, written from its schema.

`python -m services.gateway.batch.xml.data_dictionary` prints it as Markdown. `docs/manuals/batch-dictionary.md` is that
text; a test holds it against the schema.
"""

import sys
from collections.abc import Iterator
from typing import Final

from lxml import etree

from services.gateway.batch.xml.parse import SCHEMA_FILE

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_LANGUAGES: Final = ("en", "nl", "fr", "de")
_GROUPS: Final = ("Provider", "Certificate", "Terms", "OptOut", "Size", "Quarter")
_HEADINGS: Final = ("Meaning", "Betekenis", "Signification", "Bedeutung")


def dictionary() -> str:
    """Write the whole dictionary in four languages, as Markdown."""
    root = etree.parse(SCHEMA_FILE).getroot()
    return "\n".join([*_introduction(root), *_declarations(root), *_forms(root)]) + "\n"


def _introduction(root: etree._Element) -> Iterator[str]:
    yield "# Data dictionary of the batch file"
    yield ""
    yield (
        f"Written from `services/gateway/batch/xml/schemas/{SCHEMA_FILE.name}` (namespace"
        f" `{root.get('targetNamespace')}`), which the gateway publishes at `/api/v1/schemas/{SCHEMA_FILE.name}`."
        " Elements stand in the order of these tables and have the names of the JSON API's fields."
    )
    yield ""


def _declarations(root: etree._Element) -> Iterator[str]:
    types = {kind.get("name", ""): kind for kind in root.findall(_XS + "complexType")}
    for name in ["header", *_names(types["Batch"])[1:]]:
        kind = types[name[0].upper() + name[1:]]
        yield f"## `{name}`"
        yield ""
        yield from (f"- **{language}** {text}" for language, text in _texts(kind).items())
        yield ""
        yield from _table(["Element", "Form", "Times", *_HEADINGS])
        for path, element in _elements(root, types, kind, ""):
            texts = _texts(element)
            form = _form(element.get("type", ""))
            yield _row([f"`{path}`", form, _times(element), *(texts.get(language, "") for language in _LANGUAGES)])
        yield ""


def _elements(
    root: etree._Element, types: dict[str, etree._Element], kind: etree._Element, prefix: str
) -> Iterator[tuple[str, etree._Element]]:
    """List a type's elements with their paths, those of its groups and of elements within elements included."""
    for part in kind.iterfind(f"{_XS}sequence/*"):
        if part.tag == _XS + "group":
            group = next(one for one in root.findall(_XS + "group") if one.get("name") == part.get("ref"))
            yield from _elements(root, types, group, prefix)
        elif part.tag == _XS + "element":
            path = prefix + part.get("name", "")
            yield path, part
            if (inner := types.get(part.get("type", ""))) is not None:
                yield from _elements(root, types, inner, path + "/")


def _names(batch: etree._Element) -> list[str]:
    return [element.get("name", "") for element in batch.iter(_XS + "element")]


def _forms(root: etree._Element) -> Iterator[str]:
    yield "## Forms"
    yield ""
    yield from _table(["Form", "Rule", *_HEADINGS])
    for kind in root.findall(_XS + "simpleType"):
        texts, name = _texts(kind), kind.get("name", "")
        shown = f'<a id="form-{name.lower()}"></a>{name}'
        yield _row([shown, _rule(kind), *(texts.get(language, "") for language in _LANGUAGES)])


def _rule(kind: etree._Element) -> str:
    """List the facets of a form as the schema has them."""
    restriction = kind[-1]
    rules = [str(restriction.get("base")).removeprefix("xs:")]
    values = [f"`{facet.get('value')}`" for facet in restriction if str(facet.tag) == _XS + "enumeration"]
    rules += [
        f"{str(facet.tag).removeprefix(_XS)} `{facet.get('value')}`"
        for facet in restriction
        if str(facet.tag) != _XS + "enumeration"
    ]
    return "; ".join([*rules, ", ".join(values)] if values else rules)


def _form(type_: str) -> str:
    """Link to a form; XML Schema's own types as they are, `elements` for one with elements in it."""
    if type_.startswith("xs:"):
        return type_.removeprefix("xs:")
    return "elements" if type_ in _GROUPS else f"[{type_}](#form-{type_.lower()})"


def _times(element: etree._Element) -> str:
    least, most = element.get("minOccurs", "1"), element.get("maxOccurs", "1")
    return least if least == most else f"{least}-{most}"


def _texts(node: etree._Element) -> dict[str, str]:
    return {
        str(one.get("{http://www.w3.org/XML/1998/namespace}lang")): one.text or ""
        for one in node.findall(f"{_XS}annotation/{_XS}documentation")
    }


def _table(headings: list[str]) -> list[str]:
    return [_row(headings), _row(["---"] * len(headings))]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(dictionary())
