"""Somebody whom the gateway knows is named by id: checked like everybody else, and never by what a sender wrote."""

from typing import Any

import pytest

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.validation import validate
from shared.identifiers import derived_id
from tests.support.text_cases import BASES

TODAY = "2026-11-23"
PERSON = derived_id("person", 1)
ABOUT_PEOPLE = sorted((kind for kind, base in BASES.items() if "ssin" in base), key=lambda kind: kind.value)


def _codes(kind: DeclarationKind, fields: dict[str, Any], person: str | None = None) -> list[tuple[str, str | None]]:
    return [(one["code"], one.get("field")) for one in validate(Declared(1, kind, fields, person), TODAY)[1]]


def _without_number(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "ssin"}


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_the_fields_are_the_same_but_for_the_number(kind: DeclarationKind) -> None:
    by_number, _ = validate(Declared(1, kind, dict(BASES[kind])), TODAY)
    by_id, _ = validate(Declared(1, kind, _without_number(BASES[kind]), PERSON), TODAY)
    assert by_number is not None
    assert by_id == _without_number(by_number)


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
@pytest.mark.parametrize("wrong", [{"enterpriseNumber": "1999010346"}, {"reference": ""}, {"unheardOf": 1}])
def test_what_is_wrong_is_told_alike(kind: DeclarationKind, wrong: dict[str, Any]) -> None:
    fields = BASES[kind] | wrong
    found = _codes(kind, _without_number(fields), PERSON)
    assert found == _codes(kind, fields)
    assert found


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_nobody_is_left_out(kind: DeclarationKind) -> None:
    """Lost: a declaration that is about nobody."""
    assert ("requiredInput", "ssin") in _codes(kind, _without_number(BASES[kind]))


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_a_sender_cannot_name_a_person_by_id(kind: DeclarationKind) -> None:
    """Lost: whoever guesses an id would declare about somebody whose number they do not know."""
    assert _codes(kind, BASES[kind] | {"person": PERSON}) == [("unknownInput", "person")]
    assert ("unknownInput", "person") in _codes(kind, _without_number(BASES[kind]) | {"person": PERSON})


@pytest.mark.parametrize("kind", ABOUT_PEOPLE)
def test_a_number_beside_the_id_is_refused(kind: DeclarationKind) -> None:
    """One of the two would be passed over."""
    assert ("unknownInput", "ssin") in _codes(kind, dict(BASES[kind]), PERSON)
