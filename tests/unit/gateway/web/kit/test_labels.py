"""A code without a word would stop a page in the reader's face."""

import typing

import pytest

from services.gateway.web.kit.frame import Access, Area, Capacity
from services.gateway.web.kit.labels import LABELS, Labels
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


def test_an_error_in_the_list_above_a_form_names_its_field() -> None:
    """Five times "This field is required." helps nobody."""
    dutch = Labels(Language.DUTCH)
    assert dutch.in_summary("title", "Dit veld is verplicht.") == "Naam van de opleiding: Dit veld is verplicht."
    assert dutch.in_summary("ssin", "X.") == "Rijksregisternummer of BIS-nummer: X."
    assert dutch.in_summary("employees", "Kies minstens één werknemer.") == "Kies minstens één werknemer."
