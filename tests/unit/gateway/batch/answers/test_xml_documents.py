"""The answers as documents: valid to their published schemas whatever a sender calls things."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from services.gateway.batch.answers import xml_documents
from services.gateway.batch.answers.json_answers import batch_json
from services.gateway.batch.answers.outcomes import DeclarationOutcome
from services.gateway.batch.answers.report import harmless
from services.gateway.batch.state import Batch, Mode, State
from services.gateway.batch.xml.parse import SCHEMA_FILE
from shared.anomalies import anomaly
from shared.i18n import Language

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACKNOWLEDGEMENT = etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name("fla-acknowledgement-1.xsd")))
NOTIFICATION = etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name("fla-notification-1.xsd")))
NASTY = """<&"'>é\u2028=1+1"""

DONE = Batch(
    id="01a20b0c-e311-72e0-b867-738b62c97c48", sender="1999010345", actor="client:x", mode=Mode.PRODUCTION,
    file_name=NASTY, size=1000, language="nl", state=State.COMPLETED, received_at=AT, read_bytes=1000, spool_bytes=500,
    kinds={"trainingRegistration": 4}, sender_reference=NASTY, rejection=None, acknowledged_at=AT, checkpoint=4,
    checkpoint_offset=500, finished_at=AT, attempts=1, declared=4, accepted=1, warned=1, unchanged=1, refused=1,
)  # fmt: skip
REFUSAL: dict[str, Any] = {
    "code": "schemaInvalid",
    "violations": [
        {"element": "trainingRegistration/status", "code": "notInList", "field": "status",
         "params": {"allowed": "planned, completed"}, "line": 12, "reference": NASTY},
        {"element": "batch", "code": "missingElement", "params": {"expected": "header"}},
    ],
}  # fmt: skip
REJECTED = replace(DONE, state=State.REJECTED, rejection=REFUSAL, kinds=None, declared=0, checkpoint=0)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("batch", "result"),
    [
        (DONE, "positive"),
        (REJECTED, "negative"),
        (replace(REJECTED, rejection={"code": "notXml", "line": 1}), "negative"),
        (replace(DONE, state=State.CANCELLED, acknowledged_at=None), "cancelled"),
        (replace(DONE, file_name=None, sender_reference=None, state=State.PROCESSING, finished_at=None), "positive"),
    ],
)
def test_acknowledgements_are_valid(batch: Batch, result: str, language: Language) -> None:
    """Lost: a sender's software that cannot read the answer."""
    document = etree.fromstring(xml_documents.acknowledgement(batch, language))
    assert ACKNOWLEDGEMENT.validate(document), ACKNOWLEDGEMENT.error_log
    assert document.findtext("{*}result") == result
    assert document.get("language") == language.value


def test_what_the_sender_wrote_comes_back_as_it_was() -> None:
    document = etree.fromstring(xml_documents.acknowledgement(REJECTED, Language.ENGLISH))
    assert document.findtext("{*}batch/{*}fileName") == NASTY
    assert document.findtext("{*}refusal/{*}violation/{*}reference") == NASTY
    assert "planned, completed" in (document.findtext("{*}refusal/{*}violation/{*}text") or "")


def test_a_file_of_which_no_batch_came_is_answered_too() -> None:
    content = xml_documents.rejected_arrival(
        "1999010345", "FI.FLAT.x", AT, {"code": "fileTooLarge", "params": {"maximum": "10"}}, Language.DUTCH
    )
    assert ACKNOWLEDGEMENT.validate(etree.fromstring(content)), ACKNOWLEDGEMENT.error_log


LINES = [
    DeclarationOutcome(1, NASTY, 12, "accepted", []),
    DeclarationOutcome(2, None, None, "acceptedWithWarnings", [anomaly("outsideEmployment", "startDate")]),
    DeclarationOutcome(3, "R3", 30, "unchanged", [anomaly("unchanged")]),
    DeclarationOutcome(
        4, "R4", 40, "refused", [anomaly("referenceAlreadyUsed", reference=NASTY), anomaly("invalidSsin", "ssin")]
    ),
]


@pytest.mark.parametrize("language", list(Language))
def test_notifications_are_valid(language: Language) -> None:
    parts = (
        xml_documents.notification_head(DONE, language),
        xml_documents.notification_lines(LINES, language),
        xml_documents.notification_tail(),
    )
    document = etree.fromstring(b"".join(parts))
    assert NOTIFICATION.validate(document), NOTIFICATION.error_log
    last = document.findall("{*}declaration")[-1]
    assert [one.findtext("{*}code") for one in last] == ["referenceAlreadyUsed", "invalidSsin"]
    assert NASTY in (last.findtext("{*}anomaly/{*}text") or "")


def test_no_answer_of_the_api_holds_a_null() -> None:
    for batch in (DONE, REJECTED, replace(DONE, state=State.WAITING, acknowledged_at=None, declared=None, kinds=None,
                                          finished_at=None, file_name=None, sender_reference=None)):  # fmt: skip
        assert "None" not in repr(batch_json(batch, Language.ENGLISH))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_begins_as_a_formula(text: str) -> None:
    """Lost: whoever opens the report in a spreadsheet runs what a sender wrote into a reference."""
    assert harmless(text) == "'" + text
    assert harmless("A" + text) == "A" + text


GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("acknowledgement-positive.xml", lambda: xml_documents.acknowledgement(DONE, Language.ENGLISH)),
        ("acknowledgement-negative.xml", lambda: xml_documents.acknowledgement(REJECTED, Language.ENGLISH)),
        (
            "notification.xml",
            lambda: (
                xml_documents.notification_head(DONE, Language.ENGLISH)
                + xml_documents.notification_lines(LINES, Language.ENGLISH)
                + xml_documents.notification_tail()
            ),
        ),
    ],
)
def test_the_answers_stay_as_senders_software_knows_them(name: str, content: Callable[[], bytes]) -> None:
    """Lost: every sender's parser, to a change that nobody meant. A new shape is a new schema, beside this one."""
    assert content() == (GOLDEN / name).read_bytes()
