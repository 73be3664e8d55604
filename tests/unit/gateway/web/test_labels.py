"""A code without a word would stop a page in the reader's face."""

import typing

import pytest

from services.gateway.web.labels import LABELS, Labels
from services.gateway.web.views.frame import Access, Area, Capacity
from shared.contracts import employer_submissions, outcomes, vocabulary
from shared.i18n import Language

CLOSED = {
    "status": vocabulary.TrainingStatus,
    "kind": vocabulary.TrainingKind,
    "context": vocabulary.TrainingContext,
    "right": vocabulary.RightType,
    "modality": vocabulary.Modality,
    "registeredBy": vocabulary.RegisteredBy,
    "channel": vocabulary.Channel,
    "endReason": employer_submissions.EndReason,
    "outcome": outcomes.OutcomeStatus,
}


@pytest.mark.parametrize("name", CLOSED)
def test_every_code_of_a_contract_has_a_word_and_no_word_is_idle(name: str) -> None:
    assert set(LABELS[name]) == set(typing.get_args(CLOSED[name]))


def test_every_part_of_the_site_has_a_name() -> None:
    assert set(LABELS["area"]) == set(Area)
    assert set(LABELS["capacity"]) == set(Capacity)
    assert set(LABELS["access"]) == set(Access)


def test_words_come_in_the_language_asked_for() -> None:
    assert Labels(Language.GERMAN)("status", "cancelled") == "Storniert"
    assert Labels(Language.DUTCH).theme("0613") == "Informatie- en communicatietechnologie"
    assert Labels(Language.DUTCH).language("es") == "ES"
