"""The published schema and the one validation of all channels say the same."""

import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from services.gateway.batch.xml.data_dictionary import dictionary
from services.gateway.batch.xml.parse import KINDS, SCHEMA_FILE
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import MODELS

XS = "{http://www.w3.org/2001/XMLSchema}"
ROOT = etree.parse(SCHEMA_FILE).getroot()
TYPES = {kind.get("name", ""): kind for kind in ROOT.iterfind(XS + "complexType")}
GROUPS = {group.get("name", ""): group for group in ROOT.iterfind(XS + "group")}
FORMS = {form.get("name", ""): form for form in ROOT.iterfind(XS + "simpleType")}

# In a file only the sender's reference names an earlier registration, and a version cannot be known.
NOT_IN_FILES = {"trainingId", "employmentId", "entitlementId", "expectedVersion"}


def elements(kind: etree._Element) -> dict[str, etree._Element]:
    found: dict[str, etree._Element] = {}
    for part in kind.iterfind(f"{XS}sequence/*"):
        if part.tag == XS + "group":
            found |= elements(GROUPS[part.get("ref", "")])
        elif part.tag == XS + "element":
            found[part.get("name", "")] = part
    return found


def model(kind: str) -> dict[str, Any]:
    return MODELS[DeclarationKind(kind)].json_schema()


def compare(kind: etree._Element, json_schema: dict[str, Any], definitions: dict[str, Any], path: str) -> None:
    xml, json = elements(kind), set(json_schema["properties"]) - NOT_IN_FILES
    assert set(xml) == json, path
    required = set(json_schema.get("required", ())) | {"reference"} & json
    assert {name for name, element in xml.items() if element.get("minOccurs") != "0"} == required, path
    for name, element in xml.items():
        property_ = json_schema["properties"][name]
        if "items" in property_:
            assert str(property_["maxItems"]) == element.get("maxOccurs"), path
            property_ = property_["items"]
        inner = TYPES.get(element.get("type", ""))
        if inner is not None:
            target = definitions[property_["$ref"].rsplit("/", 1)[1]]
            compare(inner, target, definitions, f"{path}.{name}")
        else:
            compare_form(element.get("type", ""), property_, f"{path}.{name}")


def compare_form(form: str, property_: dict[str, Any], path: str) -> None:
    """What can be compared mechanically: lists of values and lengths."""
    if form.startswith("xs:"):
        assert property_["type"] == form.removeprefix("xs:"), path
        return
    facets = {str(facet.tag).removeprefix(XS): facet.get("value") for facet in FORMS[form][-1]}
    values = {facet.get("value") for facet in FORMS[form][-1] if str(facet.tag) == XS + "enumeration"}
    assert values == set(property_.get("enum", ())), path
    for facet, key in (("minLength", "minLength"), ("maxLength", "maxLength")):
        if facet in facets and form != "Duration":
            assert facets[facet] == str(property_[key]), path


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_can_say_what_the_api_can(kind: str) -> None:
    """Lost: a field that exists in one channel and not in the other, or is longer there."""
    json_schema = model(kind)
    compare(TYPES[kind[0].upper() + kind[1:]], json_schema, json_schema.get("$defs", {}), kind)


def test_every_kind_can_be_sent_in_a_file() -> None:
    assert set(KINDS) == {kind.value for kind in DeclarationKind}


def test_every_element_and_form_is_explained_in_four_languages() -> None:
    """Lost: a reader of Dutch, French or German who meets an element without a word about it."""
    named = [e for kind in [*TYPES.values(), *GROUPS.values()] for e in elements(kind).values()]
    for node in [e for e in named if e.get("name") != "header"] + list(FORMS.values()):
        texts = node.iterfind(f"{XS}annotation/{XS}documentation")
        languages = [text.get("{http://www.w3.org/XML/1998/namespace}lang") for text in texts if text.text]
        assert languages == ["en", "nl", "fr", "de"], node.get("name")


def test_the_dictionary_is_that_of_the_schema() -> None:
    """Lost: a data dictionary that tells last year's format."""
    assert Path("docs/manuals/batch-dictionary.md").read_text(encoding="utf-8") == dictionary()


@pytest.mark.parametrize("name", ["fla-batch-1.xsd", "fla-acknowledgement-1.xsd", "fla-notification-1.xsd"])
def test_the_schemas_are_schemas(name: str) -> None:
    etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name(name)))


def test_the_number_forms_are_those_of_the_models() -> None:
    """The patterns are written twice, in two dialects; here they meet."""
    for form, field, kind in (
        ("Ssin", "ssin", "trainingRegistration"),
        ("EnterpriseNumber", "enterpriseNumber", "trainingRegistration"),
        ("Theme", "theme", "trainingRegistration"),
        ("Language", "language", "trainingRegistration"),
        ("CollectiveAgreement", "collectiveAgreement", "entitlementRegistration"),
    ):
        [pattern] = [facet.get("value", "") for facet in FORMS[form][-1]]
        # Punctuation is taken out before a number is looked at, and must not refuse the whole file.
        pattern = pattern.replace("([^0-9]*[0-9])", "[0-9]").replace("[^0-9]*", "")
        assert re.sub(r"^\^|\$$", "", model(kind)["properties"][field]["pattern"]) == pattern


def test_a_text_is_measured_once_it_is_normalised_and_its_limit_is_told() -> None:
    """Lost: a file of 100,000 refused whole for one text whose blanks, or decomposed accents, would have collapsed."""
    for form, field, kind in (
        ("Reference", "reference", "trainingRegistration"),
        ("Line", "title", "trainingRegistration"),
        ("Prose", "description", "trainingRegistration"),
        ("Reason", "reason", "trainingCorrection"),
    ):
        assert len(FORMS[form][-1]) == 0, form
        longest = model(kind)["properties"][field]["maxLength"]
        texts = [text.text or "" for text in FORMS[form].iterfind(f"{XS}annotation/{XS}documentation")]
        assert all(str(longest) in re.sub(r"(?<=\d)[., \u00a0\u202f](?=\d)", "", text) for text in texts), form
