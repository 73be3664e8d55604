"""The acknowledgement: valid to its published schema whatever a sender calls things."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from services.gateway.batch.answers.acknowledgement import (
    FileWithoutBatch,
    acknowledgement,
    cancelled_arrival,
    rejected_arrival,
)
from services.gateway.batch.state import Batch, BatchState
from services.gateway.batch.xml.parse import SCHEMA_FILE
from shared.i18n import Language
from tests.support.batch_answers import AT, DONE, NASTY, REJECTED

ACKNOWLEDGEMENT = etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name("fla-acknowledgement-1.xsd")))
GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("batch", "result"),
    [
        (DONE, "positive"),
        (REJECTED, "negative"),
        (replace(REJECTED, rejection={"code": "notXml", "line": 1}), "negative"),
        (replace(DONE, state=BatchState.CANCELLED, acknowledged_at=None), "cancelled"),
        (
            replace(DONE, file_name=None, sender_reference=None, state=BatchState.PROCESSING, finished_at=None),
            "positive",
        ),
    ],
)
def test_acknowledgements_are_valid(batch: Batch, result: str, language: Language) -> None:
    """Lost: a sender's software that cannot read the answer."""
    document = etree.fromstring(acknowledgement(batch, language))
    assert ACKNOWLEDGEMENT.validate(document), ACKNOWLEDGEMENT.error_log
    assert document.findtext("{*}result") == result
    assert document.get("language") == language.value


def test_what_the_sender_wrote_comes_back_as_it_was() -> None:
    document = etree.fromstring(acknowledgement(REJECTED, Language.ENGLISH))
    assert document.findtext("{*}batch/{*}fileName") == NASTY
    assert document.findtext("{*}refusal/{*}violation/{*}reference") == NASTY
    assert "planned, completed" in (document.findtext("{*}refusal/{*}violation/{*}text") or "")


ARRIVED = FileWithoutBatch("1999010345", "FI.FLAT.x", AT)


def test_a_file_of_which_no_batch_came_is_answered_too() -> None:
    content = rejected_arrival(ARRIVED, {"code": "fileTooLarge", "params": {"maximum": "10"}}, Language.DUTCH)
    document = etree.fromstring(content)
    assert ACKNOWLEDGEMENT.validate(document), ACKNOWLEDGEMENT.error_log
    assert (document.findtext("{*}result"), document.findtext("{*}refusal/{*}code")) == ("negative", "fileTooLarge")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "content",
    [
        lambda language: acknowledgement(replace(DONE, state=BatchState.CANCELLED, acknowledged_at=None), language),
        lambda language: cancelled_arrival(ARRIVED, language),
    ],
    ids=["after its start", "before its start"],
)
def test_a_cancelled_file_was_not_rejected(content: Callable[[Language], bytes], language: Language) -> None:
    """Lost: a sender's software that repairs and sends again what its own people took back."""
    document = etree.fromstring(content(language))
    assert ACKNOWLEDGEMENT.validate(document), ACKNOWLEDGEMENT.error_log
    assert document.findtext("{*}result") == "cancelled"
    assert document.find("{*}refusal") is None


@pytest.mark.parametrize(("name", "batch"), [("positive", DONE), ("negative", REJECTED)])
def test_the_acknowledgement_stays_as_senders_software_knows_it(name: str, batch: Batch) -> None:
    """Lost: every sender's parser, to a change that nobody meant. A new shape is a new schema, beside this one."""
    assert acknowledgement(batch, Language.ENGLISH) == (GOLDEN / f"acknowledgement-{name}.xml").read_bytes()
