"""Where a file breaks its schema: the places that its sender is shown."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.batch_xml import SSIN, batch, rejection_of, training

VIOLATIONS = [
    ("ssin", training("R9", ssin="8505129710"), [("trainingRegistration/ssin", "malformedSsin", 5, "R9")]),
    ("date", training("R9", startDate="2024-06-31"), [("trainingRegistration/startDate", "invalidDate", 8, "R9")]),
    ("zone", training("R9", startDate="2024-06-16Z"), [("trainingRegistration/startDate", "invalidDate", 8, "R9")]),
    ("list", training("R9", status="done"), [("trainingRegistration/status", "notInList", 11, "R9")]),
    ("long", training("R9", language="dutch"), [("trainingRegistration/language", "invalidLanguage", 12, "R9")]),
    ("missing", training("R9", ssin=""), [("trainingRegistration", "missingElement", 5, "R9")]),
    ("misspelt", training("R9").replace("title>", "titel>"),
     [("trainingRegistration/titel", "unexpectedElement", 7, "R9")]),
    ("order", training("R9", ssin="", extra=f"<ssin>{SSIN}</ssin>"),
     [("trainingRegistration/enterpriseNumber", "unexpectedElement", 5, "R9")]),
    ("unknown", training("R9", extra="<foo>1</foo>"), [("trainingRegistration/foo", "unexpectedElement", 12, "R9")]),
    ("empty", "<trainingCancellation/>", [("trainingCancellation", "missingElement", 3, None)]),
    ("attribute", training("R9").replace("<title", '<title a="1"'),
     [("trainingRegistration/title", "attributeNotRight", 7, "R9")]),
    ("text", training("R9") + "hello", [("trainingRegistration", "textNotAllowed", 3, "R9")]),
    ("foreign", "<payslip/>", [("payslip", "unexpectedElement", 3, None)]),
    ("nested", training("R9", extra="<provider><name>x</name><internal>perhaps</internal></provider>"),
     [("trainingRegistration/provider/internal", "wrongType", 12, "R9")]),
    ("two", training("R8", ssin="1") + training("R9", status="x"),
     [("trainingRegistration/ssin", "malformedSsin", 5, "R8"), ("trainingRegistration/status", "notInList", 21, "R9")]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), [pytest.param(c, e, id=i) for i, c, e in VIOLATIONS])
def test_each_violation_has_its_place(tmp_path: Path, content: str, expected: list[tuple[Any, ...]]) -> None:
    """Lost: hours of searching in a file of a million lines."""
    rejection = rejection_of(tmp_path, batch(content))
    assert rejection["code"] == "schemaInvalid"
    found = [(v["element"], v["code"], v["line"], v.get("reference")) for v in rejection["violations"]]
    assert found == expected


@pytest.mark.parametrize(
    ("content", "element", "code"),
    [
        (batch(training(), header=""), "trainingRegistration", "unexpectedElement"),
        (batch(training(), header="<header/>"), "header", "missingElement"),
        (batch(training(), version=""), "batch", "attributeNotRight"),
        (batch(training(), version=' schemaVersion="2.0"'), "batch", "invalidForm"),
        (batch(), "batch", "missingElement"),
        (batch(training()).replace(b"urn:fla:batch:1", b"urn:other"), "batch", "unknownRoot"),
        (b"<html><body/></html>", "html", "unknownRoot"),
        (batch(training()).replace(b"<header>", b"hello<header>"), "batch", "textNotAllowed"),
    ],
)
def test_what_is_wrong_with_the_frame_is_said(tmp_path: Path, content: bytes, element: str, code: str) -> None:
    rejection = rejection_of(tmp_path, content)
    assert rejection["code"] == "schemaInvalid"
    assert (rejection["violations"][0]["element"], rejection["violations"][0]["code"]) == (element, code)


@pytest.mark.parametrize(
    ("content", "field", "params"),
    [
        (training("R9", title=""), "title", {"expected": "title"}),
        (training("R9", extra="<provider><internal>true</internal></provider>"), "provider.name", {"expected": "name"}),
        ("<trainingCancellation><reference>R9</reference></trainingCancellation>", "ssin", {"expected": "ssin"}),
        (training("R9", status=f"}} of the set {{'{SSIN}'"), "status",
         {"allowed": "planned, completed, notFollowed"}),
    ],
)  # fmt: skip
def test_a_violation_names_the_field_and_what_belongs_there(
    tmp_path: Path, content: str, field: str, params: dict[str, str]
) -> None:
    """Lost: a sender sent looking at the wrong field - or the parser's words, with the file's value, in an answer."""
    rejection = rejection_of(tmp_path, batch(content))
    assert [(v["field"], v["params"]) for v in rejection["violations"]] == [(field, params)]


def test_what_is_no_fault_of_the_declarations_is_not_laid_on_them(tmp_path: Path) -> None:
    """Lost: the sender of one endless text, who is told that the file has no declarations."""
    assert "violations" not in rejection_of(tmp_path, batch(training(title="x" * 2_000_000)))


def test_twenty_violations_are_told_and_none_repeats_a_national_number(tmp_path: Path) -> None:
    """Lost: national numbers in acknowledgements, which are mailed around; and an answer of a million lines."""
    bad = [training(f"R{n}", title=SSIN * 19, ssin=f"{SSIN}0", extra=f"<n{SSIN}/>") for n in range(30)]
    rejection = rejection_of(tmp_path, batch(*bad))
    assert len(rejection["violations"]) == 20
    assert SSIN not in repr(rejection)
    assert rejection["violations"][0]["reference"] == "R0"
