"""Whoever errs is told why: every field, every kind of wrong value, on each channel, with the cause and one only.

Lost otherwise: an hour of a clerk who is told "between 0 and 1" of a number with too many digits, or "wrong check
digits" of one with a digit too few.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any, get_origin

import orjson
import pytest
from annotated_types import Ge, Le

from services.gateway.batch.folders import CONTENT
from services.gateway.batch.rejection import FileRejectedError
from services.gateway.batch.spool import read_chunk
from services.gateway.batch.xml.parse_declarations import parse_declarations
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from services.gateway.web.kit.wording import worded
from shared.anomalies import sentence
from shared.i18n import Language
from tests.support.batch_xml import batch, declaration
from tests.support.wrong_values import NOT_TEXT, AnyField, all_fields, right_value, with_value, wrong_texts

Kind = DeclarationKind
TODAY = "2026-11-26"
FIELDS = all_fields()
EVERY = pytest.mark.parametrize("field", FIELDS, ids=lambda field: f"{field.kind.value}.{field.path}")
# Files have neither ids nor versions of ours: what they change has a reference.
NOT_IN_FILES = {"distinct", "expectedVersion", "trainingId", "employmentId", "entitlementId"}
IN_FILES = pytest.mark.parametrize(
    "field",
    [one for one in FIELDS if one.path not in NOT_IN_FILES],
    ids=lambda field: f"{field.kind.value}.{field.path}",
)
Found = list[tuple[str | None, str]]


def by_api(kind: Kind, fields: dict[str, Any]) -> Found:
    """(field, code) of all that is found in what software sends."""
    _, found = validate(Declared(1, kind, orjson.loads(orjson.dumps(fields))), TODAY)
    for language in Language:
        assert all("%(" not in sentence(one, language) for one in found)
    return [(one.get("field"), one["code"]) for one in found]


def by_file(kind: Kind, fields: dict[str, Any], folder: Path) -> Found:
    """(field, code) of what is found in a file: by the schema, which has no places in lists, or in the declaration."""
    (folder / CONTENT).write_bytes(batch(declaration(kind.value, fields)))
    try:
        parse_declarations(folder, lambda _: None)
    except FileRejectedError as rejected:
        assert rejected.anomaly["code"] == "schemaInvalid"
        return [(one.anomaly.get("field"), one.anomaly["code"]) for one in rejected.violations]
    [one], _ = read_chunk(folder, 0, 2)
    return by_api(kind, {name: value for name, value in one.fields.items() if value != "" or name in fields})


def test_every_field_is_in_the_table() -> None:
    paths = {f"{field.kind.value}.{field.path}" for field in FIELDS}
    assert {
        "trainingRegistration.provider.enterpriseNumber", "trainingRegistration.duration", "trainingRegistration.theme",
        "employmentRegistration.terms[].workingTime", "employmentRegistration.terms[].jointCommittee",
        "entitlementRegistration.days", "entitlementRegistration.year", "enterpriseRegistration.jointCommittees[]",
        "enterpriseRegistration.sizes[].workers", "trainingCorrection.expectedVersion", "trainingRegistration.distinct",
    } <= paths  # fmt: skip
    assert len(paths) > 100


@EVERY
def test_the_right_value_is_taken(field: AnyField) -> None:
    assert [code for _, code in by_api(field.kind, with_value(field, right_value(field)))] == []


@EVERY
def test_software_is_told_the_cause(field: AnyField) -> None:
    for name, text, code in wrong_texts(field):
        assert by_api(field.kind, with_value(field, text)) == [(field.shown_path, code)], name


@EVERY
def test_what_is_no_text_has_the_wrong_type(field: AnyField) -> None:
    for name, value in NOT_TEXT:
        expected = "notInList" if get_origin(field.base) is not None else "wrongType"
        assert by_api(field.kind, with_value(field, value)) == [(field.shown_path, expected)], name


@IN_FILES
def test_a_file_is_told_the_same_cause(field: AnyField, tmp_path: Path) -> None:
    for number, (name, text, code) in enumerate(wrong_texts(field)):
        folder = tmp_path / str(number)
        folder.mkdir()
        [(path, found)] = by_file(field.kind, with_value(field, text), folder)
        assert (str(path).replace("[0]", ""), found) == (field.path.replace("[]", ""), code), name


@EVERY
def test_what_is_pasted_with_blanks_and_other_hyphens_is_understood(field: AnyField) -> None:
    value = right_value(field)
    for pasted in (f"\u00a0{value}\u202f", f"{value}\u200b", value.replace("-", "\u2011")):
        if value.isdigit() or pasted != value:
            assert by_api(field.kind, with_value(field, pasted)) == [], ascii(pasted)


def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_fields() -> None:
    fields = {
        "ssin": "85073003329", "enterpriseNumber": "0403019262", "title": "", "startDate": "2024-06-16",
        "endDate": "2024-06-01", "duration": "7,6", "chargedDuration": "PT0M", "colour": "blue",
        "provider": {"name": "X", "enterpriseNumber": "1"}, "certificate": {"validUntil": "2024-02-30"},
    }  # fmt: skip
    assert by_api(Kind.TRAINING_REGISTRATION, fields) == [
        ("title", "requiredInput"), ("endDate", "endBeforeStart"), ("duration", "invalidDuration"),
        ("provider.enterpriseNumber", "malformedEnterpriseNumber"), ("certificate.awarded", "requiredInput"),
        ("certificate.validUntil", "invalidDate"), ("ssin", "invalidSsin"),
        ("enterpriseNumber", "invalidEnterpriseNumber"), ("colour", "unknownInput"),
    ]  # fmt: skip


def test_a_wrong_term_hides_none_of_the_others() -> None:
    terms = [
        {"validFrom": "2024-03-01", "jointCommittee": "x", "workingTime": "0.8"},
        "nonsense",
        {"validFrom": "2023-01-01", "jointCommittee": "200", "workingTime": "80"},
    ]
    fields = {"ssin": "85073003328", "enterpriseNumber": "0403019261", "startDate": "2024-03-01", "terms": terms}
    assert by_api(Kind.EMPLOYMENT_REGISTRATION, fields | {"endReason": "resignation"}) == [
        ("endReason", "endReasonWithoutEnd"), ("terms[0].jointCommittee", "invalidJointCommittee"),
        ("terms[1]", "wrongType"), ("terms[2].workingTime", "outOfRange"), ("terms[2].validFrom", "termsOutOfOrder"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "field", [one for one in FIELDS if one.base in (int, Decimal)], ids=lambda field: f"{field.kind.value}.{field.path}"
)
def test_the_bounds_that_are_told_are_the_fields_own(field: AnyField) -> None:
    """Lost: "between 2023 and 2100" of a quarter of 2021, because another field is called year too."""
    least, most = field.part(Ge), field.part(Le)
    _, found = validate(Declared(1, field.kind, with_value(field, str(most.le + 1))), TODAY)
    [bounds] = [one["params"] for one in found if one.get("field") == field.shown_path]
    assert {name: Decimal(text) for name, text in bounds.items()} == {"minimum": least.ge, "maximum": most.le}
    if field.path.endswith(("year", "untilYear")):
        assert f" {least.ge} en {most.le} " in worded(found[0], Language.DUTCH)
