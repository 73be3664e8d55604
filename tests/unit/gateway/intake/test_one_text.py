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
from tests.support.batch_xml import HEADER, SENDER, batch, declaration, training
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
    chunk, _ = read_chunk(tmp_path, 0, 1, len(table) + 1)
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
