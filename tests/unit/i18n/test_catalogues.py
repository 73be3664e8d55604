"""Nobody meets a text in a language that was not asked for: the catalogues hold exactly what code and templates say."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from shared.i18n import TRANSLATED_LANGUAGES, Language
from shared.i18n_catalogues import committed, extracted, untranslated

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}|%%")


@cache
def _in_code() -> Catalog:
    return extracted()


def _ids(catalogue: Catalog) -> set[str]:
    return {str(message.id) for message in catalogue if message.id}


def _forms(message: Message) -> list[tuple[str, str]]:
    """Pairs of a translated form and the msgid it stands for; all plural forms stand for the plural msgid."""
    if isinstance(message.id, str):
        return [(str(message.string), message.id)]
    return [(form, message.id[-1]) for form in message.string]


def test_the_extraction_finds_texts_of_code_and_of_templates() -> None:
    found = _ids(_in_code())
    assert "Dismissal with indemnity" in found, "marked in Python"
    assert "Skip to the content" in found, "written in a template"
    assert str(("day", "days")) in found, "with a plural"


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_every_text_is_translated_and_none_is_left_over(language: Language) -> None:
    catalogue = committed(language)
    advice = "run `python -m shared.i18n_catalogues` and translate what it tells"
    assert _ids(_in_code()) - _ids(catalogue) == set(), advice
    assert _ids(catalogue) - _ids(_in_code()) == set(), advice
    assert untranslated(catalogue) == [], advice


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_a_translation_fills_the_same_placeholders(language: Language) -> None:
    for message in committed(language):
        if message.id:
            for form, source in _forms(message):
                assert sorted(_PLACEHOLDER.findall(form)) == sorted(_PLACEHOLDER.findall(source)), form


@pytest.mark.parametrize("language", TRANSLATED_LANGUAGES)
def test_a_translation_ends_as_its_source_does(language: Language) -> None:
    for message in committed(language):
        if message.id:
            for form, source in _forms(message):
                assert form == form.strip(), form
                assert form.endswith(".") == source.endswith("."), form
