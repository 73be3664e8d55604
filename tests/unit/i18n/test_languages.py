"""The reader gets the language that was asked for, and texts without holes in them."""

import pytest

from shared.i18n import Language, negotiate, translate, translate_plural


@pytest.mark.parametrize(
    ("asked", "remembered", "accepted", "expected"),
    [
        ("fr", "de", "nl", Language.FRENCH),
        (None, "de", "nl", Language.GERMAN),
        ("xx", None, "fr-BE,fr;q=0.9,en;q=0.8", Language.FRENCH),
        (None, None, "es, en;q=0.4, de-AT;q=0.7", Language.GERMAN),
        (None, None, "fr;q=0, en", Language.ENGLISH),
        (None, None, "en;q=0.5, nl;q=0.5", Language.ENGLISH),
        (None, None, "fr;q=high", Language.DUTCH),
        (None, None, None, Language.DUTCH),
    ],
)
def test_the_wish_of_the_reader_decides(
    asked: str | None, remembered: str | None, accepted: str | None, expected: Language
) -> None:
    assert negotiate(asked, remembered, accepted) is expected


def test_a_text_is_translated_and_filled() -> None:
    assert translate(Language.DUTCH, "Updated at %(time)s", time="14:05") == "Bijgewerkt om 14:05"
    assert translate(Language.ENGLISH, "Updated at %(time)s", time="14:05") == "Updated at 14:05"


def test_a_missing_parameter_is_told_rather_than_printed() -> None:
    with pytest.raises(KeyError):
        translate(Language.FRENCH, "Updated at %(time)s", moment="14:05")


@pytest.mark.parametrize(
    ("language", "count", "expected"),
    [
        (Language.DUTCH, 1, "1 bericht"),
        (Language.DUTCH, 0, "0 berichten"),
        (Language.FRENCH, 0, "0 message"),
        (Language.GERMAN, 3, "3 Nachrichten"),
        (Language.ENGLISH, 1, "1 record"),
    ],
)
def test_each_language_has_its_own_plural(language: Language, count: int, expected: str) -> None:
    assert translate_plural(language, "%(num)s record", "%(num)s records", count) == expected
