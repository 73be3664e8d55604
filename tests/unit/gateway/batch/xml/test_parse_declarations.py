"""Parsing: what a good file gives, and why a bad one is rejected."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.batch.folders import CONTENT, DECLARATIONS
from services.gateway.batch.spool import REFERENCES, read_chunk, references
from services.gateway.batch.xml.parse import READ_BYTES
from services.gateway.batch.xml.parse_declarations import parse_declarations
from services.gateway.intake.decision_order import RANKS
from services.gateway.limits import LARGEST_DECLARATION
from tests.support.batch_xml import CANCELLATION, batch, put, rejection_of, training

EXAMPLE = Path("services/gateway/batch/xml/schemas/example.xml")


def test_the_published_example_holds_every_declaration_and_every_value_arrives(tmp_path: Path) -> None:
    """Lost: a sender who starts from the example and finds it refused, or half of it ignored."""
    counted = parse_declarations(put(tmp_path, EXAMPLE.read_bytes()), lambda _: None)
    assert counted.kinds == {
        "trainingRegistration": 2, "trainingCorrection": 1, "trainingCancellation": 1, "employmentRegistration": 2,
        "employmentChange": 1, "employmentCancellation": 1, "entitlementRegistration": 2,
        "entitlementCancellation": 1,
    }  # fmt: skip
    assert (counted.sender, counted.reference, counted.language) == ("1999010345", "2024-06", "nl")
    chunk, end = read_chunk(tmp_path, 0, 100)
    assert end == counted.spool_bytes
    assert [RANKS[one.kind] for one in chunk] == sorted(RANKS[one.kind] for one in chunk)
    chunk.sort(key=lambda one: one.line)
    assert [one.line for one in chunk] == list(range(1, 12))
    assert chunk[0].fields["terms"] == [
        {"validFrom": "2022-03-01", "jointCommittee": "140.03", "workingTime": "1"},
        {"validFrom": "2024-01-01", "jointCommittee": "140.03", "workingTime": "0.8"},
    ]
    assert chunk[1].kind == "trainingRegistration"
    assert chunk[1].fields | {"provider": 0, "certificate": 0} == {
        "reference": "T-0001", "ssin": "88091599479", "enterpriseNumber": "1999010345",
        "title": "Veilig laden en lossen", "startDate": "2024-06-16", "endDate": "2024-06-19", "duration": "PT15H12M",
        "status": "completed", "kind": "formal", "chargedDuration": "PT7H36M", "provider": 0, "certificate": 0,
        "language": "nl", "modality": "onSite", "theme": "1041",
    }  # fmt: skip
    assert chunk[1].fields["provider"] == {"name": "Leerhaven Opleidingen BV", "enterpriseNumber": "1999030141"}
    assert chunk[1].fields["certificate"] == {"awarded": "true", "validUntil": "2029-06-19"}
    assert next(references(tmp_path)) == (1, "E-0001", 11)


def test_values_arrive_trimmed_and_whole(tmp_path: Path) -> None:
    """Lost: a name with an ampersand, an umlaut or a CDATA section that is registered garbled."""
    titles = ["  Heftruck &amp; stapelaar \n", "<![CDATA[a < b]]>", "Führung", "over<!-- not this -->lap"]
    parse_declarations(
        put(tmp_path, batch(*(training(f" R\n {n} ", title=t) for n, t in enumerate(titles)))), lambda _: None
    )
    chunk, _ = read_chunk(tmp_path, 0, 10)
    assert [one.fields["title"] for one in chunk] == ["Heftruck & stapelaar", "a < b", "Führung", "overlap"]
    assert [one.fields["reference"] for one in chunk] == ["R 0", "R 1", "R 2", "R 3"]
    assert [reference for _, reference, _ in references(tmp_path)] == ["R 0", "R 1", "R 2", "R 3"]


def test_latin_1_is_read_when_declared(tmp_path: Path) -> None:
    content = batch(training(title="Führung")).decode().replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    parse_declarations(put(tmp_path, content), lambda _: None)
    assert read_chunk(tmp_path, 0, 1)[0][0].fields["title"] == "Führung"


def test_a_chunk_begins_where_the_last_one_ended(tmp_path: Path) -> None:
    """Lost: declarations twice or never after a crash, because resuming is off by one."""
    parse_declarations(put(tmp_path, batch(*(training(f"R{n}") for n in range(1000)))), lambda _: None)
    offset, seen = 0, []
    while True:
        chunk, offset = read_chunk(tmp_path, offset, 7)
        if not chunk:
            break
        seen += chunk
    assert [(one.line, one.fields["reference"]) for one in seen] == [(n + 1, f"R{n}") for n in range(1000)]


GOOD = [training(f"R{n}") for n in range(200)]
WHOLE = batch(*GOOD)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "emptyFile", None),
        (b" \n ", "emptyFile", None),
        (b"PK\x03\x04zip", "notXml", 1),
        (b'{"a": 1}', "notXml", 1),
        (b"\xff<batch/>", "notXml", 1),
        (WHOLE.decode().encode("utf-16"), "encodingNotSupported", None),
        (WHOLE.replace(b"UTF-8", b"UTF-7"), "encodingNotSupported", 1),
        (b"<!-- x -->\n<!DOCTYPE batch []>\n" + WHOLE[39:], "doctypeNotAllowed", 2),
        (b"<!doctype html><html></html>", "doctypeNotAllowed", 1),
        (WHOLE[:-10], "truncated", 2002),
        (WHOLE[: len(WHOLE) // 2], "truncated", None),
        (WHOLE.replace(b"</batch>", b"</batch>more"), "notWellFormed", 2003),
        (WHOLE.replace(b"</batch>", b"</batch><batch/>"), "notWellFormed", 2003),
        (WHOLE.replace(b"</title>", b"</titel>", 1), "notWellFormed", 7),
        (batch(training(title="&unknown;")), "entityNotAllowed", 7),
        (batch(training(title="\u0001")), "invalidEncoding", 7),
        (batch(training(title="F\u00fchrung")).replace(b"\xc3\xbc", b"\xfc"), "invalidEncoding", None),
        (batch(training(title="x" * 11_000_000)), "declarationTooLarge", None),
        (batch("<trainingRegistration>" + "<reference>x</reference>" * 100_000), "declarationTooLarge", None),
        (batch(" " * 2 * LARGEST_DECLARATION), "declarationTooLarge", None),
        (batch(*GOOD, training(title="x" * 2_000_000)), "declarationTooLarge", 2003),
        (batch("<a>" * 300 + "</a>" * 300), "notWellFormed", 3),
    ],
)  # fmt: skip
def test_a_file_that_is_no_good_is_rejected_whole_for_its_reason(
    tmp_path: Path, content: bytes, code: str, line: int | None
) -> None:
    """Lost: half a file registered, or a sender who cannot tell what is wrong with it."""
    rejection = rejection_of(tmp_path, content)
    assert rejection["code"] == code
    if line is not None:
        assert rejection["line"] == line


@settings(max_examples=150)
@given(st.integers(min_value=0, max_value=len(WHOLE) - 2))
def test_a_file_cut_anywhere_is_rejected(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    """Lost: an upload that broke off and is taken for the whole. lxml says nothing of it when told to keep entities."""
    folder = tmp_path_factory.mktemp("cut")
    code = rejection_of(folder, WHOLE[:cut].rstrip())["code"]
    assert code == "truncated" or (cut < 60 and code in ("emptyFile", "notXml")), cut


def test_a_declaration_longer_than_a_piece_is_read(tmp_path: Path) -> None:
    """Lost: long descriptions, refused because a guard against endless declarations bites too early."""
    long = training(extra="", title="T" * 200).replace(
        "<startDate>", f"<description>{'d' * 4000}</description><startDate>", 1
    )
    counted = parse_declarations(put(tmp_path, batch(*[long] * 50)), lambda _: None)
    assert counted.declared == 50
    assert READ_BYTES < 50 * 4000


def test_cancellations_need_no_more_than_who_and_what(tmp_path: Path) -> None:
    counted = parse_declarations(put(tmp_path, batch(CANCELLATION.format(reference="X"))), lambda _: None)
    assert counted.kinds == {"trainingCancellation": 1}
    assert {path.name for path in tmp_path.iterdir()} == {CONTENT, DECLARATIONS, REFERENCES}
