"""One text, one reading: what is typed, sent by software or read from a file is stored alike, or refused alike.

Lost otherwise: two references that look the same and name two things, a title that one channel takes and another
refuses, and national numbers in events that are kept for ever.
"""

from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.datastructures import FormData

from services.gateway.batch.folders import CONTENT
from services.gateway.batch.rejection import FileRejectedError
from services.gateway.batch.spool import read_chunk, references
from services.gateway.batch.xml.parse_declarations import parse_declarations
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.reference_text import shown_reference
from services.gateway.intake.validation import validate
from services.gateway.web.kit.forms import nested, state_of, typed_text
from tests.support.batch_xml import HEADER, SENDER, batch, declaration, put, rejection_of, training
from tests.support.text_cases import (
    CONTROLS,
    NATIONAL_NUMBER,
    Case,
    TextField,
    cases,
    text_fields,
    text_in,
    with_text,
)

Kind = DeclarationKind
TODAY = "2026-11-26"
FIELDS = text_fields()
EVERY = pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.kind.value}.{field.path}")
IN_FILES = [kind for kind in Kind if kind is not Kind.ENTERPRISE_REGISTRATION]


def outcome(field: TextField, fields: dict[str, Any]) -> tuple[str | None, str | None]:
    """What is stored in the field, or the code it is refused with; nothing else may be wrong, nothing repeated."""
    checked, found = validate(Declared(1, field.kind, fields), TODAY)
    if checked is not None:
        assert found == []
        return text_in(checked, field.path), None
    assert [one.get("field") for one in found] == [field.path]
    assert "85" not in repr(found)
    return None, found[0]["code"]


def by_form(fields: dict[str, Any]) -> dict[str, Any]:
    """The same as a browser posts it and the pages read it."""
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        texts = {f"{name}.{inner}": text for inner, text in value.items()} if isinstance(value, dict) else {name: value}
        for path, text in texts.items():
            posted = text.replace("\n", "\r\n") if isinstance(text, str) else text
            flat[path] = typed_text(FormData([(path, posted)]), path) if isinstance(text, str) else text
    return nested(flat)


def test_the_models_have_the_texts_that_people_know() -> None:
    """The table is empty where the models are not understood."""
    paths = {f"{field.kind.value}.{field.path}" for field in FIELDS}
    assert {
        "trainingRegistration.title", "trainingRegistration.description", "trainingRegistration.reference",
        "trainingRegistration.provider.name", "trainingRegistration.result", "trainingRegistration.financing",
        "trainingRegistration.location", "trainingCorrection.reason", "employmentRegistration.givenName",
        "employmentRegistration.familyName", "entitlementRegistration.employmentReference",
        "entitlementRegistration.reason", "enterpriseRegistration.name",
    } <= paths  # fmt: skip


@EVERY
def test_software_and_people_are_read_alike(field: TextField) -> None:
    for name, case in cases(field).items():
        fields = with_text(field, case.text)
        expected = (case.stored, case.code)
        assert outcome(field, orjson.loads(orjson.dumps(fields))) == expected, f"{name}, by API"
        assert outcome(field, by_form(fields)) == expected, f"{name}, by form"


@EVERY
def test_a_stored_text_can_be_sent_again(field: TextField) -> None:
    for case in cases(field).values():
        if case.stored is not None:
            assert outcome(field, with_text(field, case.stored)) == (case.stored, None)


@EVERY
@pytest.mark.parametrize("sign", CONTROLS, ids=repr)
def test_what_no_file_can_hold_nobody_else_may_send(field: TextField, sign: str) -> None:
    for text in (f"a{sign}b", f"{sign}ab", f"ab{sign}"):
        assert outcome(field, with_text(field, text)) == (None, "invalidText")
        assert outcome(field, by_form(with_text(field, text))) == (None, "invalidText")


@pytest.mark.parametrize("kind", IN_FILES)
def test_a_file_is_read_as_everything_else(kind: Kind, tmp_path: Path) -> None:
    """One bad text refuses its own declaration with its own code, never the file."""
    table: list[tuple[TextField, str, Case]] = [
        (field, name, case) for field in FIELDS if field.kind is kind for name, case in cases(field).items()
    ]
    declared = [declaration(kind.value, with_text(field, case.text)) for field, _, case in table]
    (tmp_path / CONTENT).write_bytes(batch(*declared))
    parse_declarations(tmp_path, lambda _: None)
    chunk, _ = read_chunk(tmp_path, 0, len(table) + 1)
    shown = [reference for _, reference, _ in references(tmp_path)]
    assert len(chunk) == len(table)
    for (field, name, case), one, reference in zip(table, chunk, shown, strict=True):
        assert outcome(field, one.fields) == (case.stored, case.code), f"{field.path}: {name}"
        if field.path == "reference":
            assert reference == (case.stored or ""), name
            assert shown_reference(one.fields["reference"]) == case.stored, name


OF_TRAININGS = {field.path: field for field in FIELDS if field.kind is Kind.TRAINING_REGISTRATION}


@pytest.mark.parametrize(("element", "like"), [("reference", "reference"), ("software", "title")])
def test_the_header_of_a_file_obeys_too(element: str, like: str, tmp_path: Path) -> None:
    field = OF_TRAININGS[like]
    for number, (name, case) in enumerate(cases(field).items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        header = HEADER.replace("</header>", f"<{element}>{case.text}</{element}></header>")
        (folder / CONTENT).write_bytes(batch(training(), header=header))
        if case.code is None:
            counted = parse_declarations(folder, lambda _: None)
            assert element == "software" or counted.reference == case.stored, name
            continue
        with pytest.raises(FileRejectedError) as caught:
            parse_declarations(folder, lambda _: None)
        refusal = caught.value.as_json()
        # Neither has to be there: an empty one may be left out.
        code = "emptyInput" if case.code == field.when_empty else case.code
        assert (refusal["code"], refusal["field"]) == (code, f"header.{element}"), name
        assert "85" not in repr(refusal)


def test_the_sender_of_a_file_may_be_punctuated(tmp_path: Path) -> None:
    header = HEADER.replace(SENDER, "be\u00a01999.010\u2011345")
    (tmp_path / CONTENT).write_bytes(batch(training(ssin="85.05.12-971.04"), header=header))
    assert parse_declarations(tmp_path, lambda _: None).sender == SENDER


def test_a_form_shown_again_keeps_everything_but_the_number() -> None:
    form = FormData([("title", f"cursus {NATIONAL_NUMBER}, deel 2"), ("ssin", "85.07.30-033.28")])
    shown = state_of(form, ("title", "ssin"))
    assert (shown.value("title"), shown.value("ssin")) == ("cursus …, deel 2", "85.07.30-033.28")


def test_a_field_named_by_a_national_number_is_not_repeated() -> None:
    fields = with_text(OF_TRAININGS["reference"], "R") | {NATIONAL_NUMBER: "x", "85.07.30-033.28": "x"}
    _, found = validate(Declared(1, Kind.TRAINING_REGISTRATION, fields), TODAY)
    assert [one["code"] for one in found] == ["unknownInput"] * 2
    assert "85" not in repr(found)


OTHER_FIELDS = {
    "ssin": "85.05.12\x85971.04", "enterpriseNumber": "1999010345\x85", "startDate": "\x852024-06-16",
    "duration": "PT7H36M\x85", "status": "completed\x85", "language": "n\x92l", "theme": "06\x8011",
    "distinct": "true\x85", "provider.enterpriseNumber": "1999010345\x85",
}  # fmt: skip


@pytest.mark.parametrize(("path", "text"), OTHER_FIELDS.items(), ids=OTHER_FIELDS)
def test_a_control_character_is_refused_as_such_where_there_is_no_free_text_either(path: str, text: str) -> None:
    """Lost: an afternoon of looking at a date in which nothing is to be seen."""
    field = TextField(Kind.TRAINING_REGISTRATION, path, 0, is_prose=False)
    fields = with_text(field, text)
    assert outcome(field, fields) == (None, "invalidText")
    assert outcome(field, by_form(fields)) == (None, "invalidText")


def test_an_unknown_field_is_only_unknown() -> None:
    fields = with_text(TextField(Kind.TRAINING_REGISTRATION, "title", 0, is_prose=False), "Ab") | {"x": {"y": "\x85"}}
    _, found = validate(Declared(1, Kind.TRAINING_REGISTRATION, fields), TODAY)
    assert [(one["code"], one.get("field")) for one in found] == [("unknownInput", "x")]


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
@pytest.mark.parametrize("path", ["title", "description", "ssin", "reference"])
def test_bytes_of_another_encoding_are_refused_in_their_declaration(path: str, encoding: str, tmp_path: Path) -> None:
    """A Windows program writes `…` as the byte 0x85 and says ISO-8859-1, where that is a control character."""
    text = {"ssin": "85.05.12\x85971.04"}.get(path, "Ab\x85cd")
    field = TextField(Kind.TRAINING_REGISTRATION, path, 0, is_prose=False)
    content = batch(declaration(field.kind.value, with_text(field, text)))
    put(tmp_path, in_encoding(content, encoding))
    parse_declarations(tmp_path, lambda _: None)
    [one] = read_chunk(tmp_path, 0, 2)[0]
    assert outcome(field, one.fields) == (None, "invalidText")


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
@pytest.mark.parametrize("path", ["startDate", "duration", "status", "language", "theme", "ssin"])
@pytest.mark.parametrize("sign", ["\x80", "\x85", "\x9f"])
def test_a_file_that_the_schema_refuses_for_a_control_character_says_that(
    path: str, encoding: str, sign: str, tmp_path: Path
) -> None:
    text = {"startDate": "2024-06-16", "duration": "PT1H", "status": "planned", "ssin": "8505129710"}.get(path, "nl")
    content = batch(training(**{path: f"{text}{sign}"}))
    [violation] = rejection_of(tmp_path, in_encoding(content, encoding))["violations"]
    assert (violation["code"], violation["field"]) == ("invalidText", path)


@pytest.mark.parametrize("element", ["sender", "reference", "software"])
def test_a_control_character_in_the_header_is_refused_as_such(element: str, tmp_path: Path) -> None:
    header = f"<header><sender>{SENDER}</sender><reference>R</reference><software>S</software></header>"
    header = header.replace(f"</{element}>", f"\x85</{element}>")
    rejection = rejection_of(tmp_path, in_encoding(batch(training(), header=header), "ISO-8859-1"))
    assert (rejection["code"], rejection["field"]) == ("invalidText", f"header.{element}")


def test_the_same_bytes_are_text_in_a_file_that_says_what_it_is(tmp_path: Path) -> None:
    content = in_encoding(batch(training(title="Ab\u2026cd \u20ac")), "windows-1252")
    parse_declarations(put(tmp_path, content), lambda _: None)
    [one] = read_chunk(tmp_path, 0, 2)[0]
    assert one.fields["title"] == "Ab\u2026cd \u20ac"


def in_encoding(content: bytes, encoding: str) -> bytes:
    """The file in this encoding, which it declares."""
    text = content.decode().replace('encoding="UTF-8"', f'encoding="{encoding}"')
    return text.encode({"ISO-8859-1": "latin-1"}.get(encoding, encoding))
