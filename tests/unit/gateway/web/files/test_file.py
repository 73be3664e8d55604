"""The page of one file, and its row in the list."""

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from services.gateway.batch.state import BatchState
from services.gateway.web.files.file import BatchView
from services.gateway.web.files.file_row import file_row
from services.gateway.web.files.files import BatchesView
from services.gateway.web.kit.list_pages import Listing
from services.gateway.web.kit.rendering import render_page
from shared.i18n import Language
from tests.pages import operations
from tests.pages.catalogue import SAMPLES
from tests.support.batch_answers import DONE

WORDS = {
    Language.DUTCH: "geannuleerd",
    Language.FRENCH: "annulé",
    Language.GERMAN: "storniert",
    Language.ENGLISH: "cancelled",
}
REJECTED_WORDS = {
    Language.DUTCH: "geweigerd",
    Language.FRENCH: "rejeté",
    Language.GERMAN: "abgelehnt",
    Language.ENGLISH: "rejected",
}
CANCELLED = file_row(replace(DONE, state=BatchState.CANCELLED, acknowledged_at=None, declared=0))


def shown(view: BatchView | BatchesView, language: Language) -> Any:
    frame = next(sample for sample in SAMPLES if sample.name == "batch").frame(language)
    return html.fromstring(render_page(frame, view)).find(".//main")


@pytest.mark.parametrize("language", list(Language))
def test_a_cancelled_file_is_called_cancelled(language: Language) -> None:
    """Lost: an employer who looks for the fault in a file that a colleague took back."""
    page = shown(BatchView(CANCELLED, simulation=False, anomalies=Listing((), 0)), language)
    text = page.text_content().lower()
    heading, tag = (
        page.xpath("string(.//*[contains(@class, 'notice')]//h2)"),
        page.xpath("string(.//*[contains(@class, 'tag')])"),
    )
    assert (WORDS[language] in heading.lower(), WORDS[language] in tag.lower()) == (True, True)
    assert REJECTED_WORDS[language] not in text
    assert page.xpath(".//*[contains(@class, 'notice negative')]") == []


@pytest.mark.parametrize("language", list(Language))
def test_a_cancelled_file_is_called_cancelled_in_the_list(language: Language) -> None:
    row = shown(BatchesView(Listing((CANCELLED,), 1)), language).find(".//tbody/tr")
    assert WORDS[language] in row.text_content().lower()
    assert REJECTED_WORDS[language] not in row.text_content().lower()


@pytest.mark.parametrize("language", list(Language))
def test_a_rejected_file_is_called_rejected_still(language: Language) -> None:
    page = shown(operations.rejected(language), language)
    assert REJECTED_WORDS[language] in page.text_content().lower()
    assert WORDS[language] not in page.text_content().lower()


@pytest.mark.parametrize("state", list(BatchState))
def test_every_state_of_a_file_has_its_words(state: BatchState) -> None:
    """Lost: the page itself, to a state that nobody gave words."""
    page = shown(
        BatchView(file_row(replace(DONE, state=state)), simulation=False, anomalies=Listing((), 0)), Language.ENGLISH
    )
    assert page.xpath("string(.//*[contains(@class, 'tag')])").strip()
    assert bool(page.xpath("//*[@id='batch']/@hx-trigger")) is state.is_at_work
