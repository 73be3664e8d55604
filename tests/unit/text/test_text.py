"""A sender that writes the same thing twice, by two channels or two keyboards, is read once and alike."""

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.text import TextRefusedError, folded, folded_name, folded_words, one_line, prose

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def read(function, text):
    """What the function makes of it; None where it refuses."""
    try:
        return function(text)
    except TextRefusedError:
        return None


@pytest.mark.parametrize("function", [one_line, prose])
@given(text=ANY)
@example(text="a\u00a0\u0301 b")
def test_reading_a_stored_text_again_changes_nothing(function, text) -> None:
    once = read(function, text)
    if once is not None:
        assert function(once) == once
        assert normalize("NFC", once) == once


@pytest.mark.parametrize("function", [one_line, prose, folded])
@given(text=ANY)
def test_composed_and_decomposed_are_one_text(function, text) -> None:
    assert read(function, normalize("NFC", text)) == read(function, normalize("NFD", text))


@given(text=ANY)
def test_a_line_has_single_blanks_and_none_at_its_ends(text) -> None:
    line = read(one_line, text)
    if line:
        assert line == " ".join(line.split())


@given(text=ANY)
def test_folding_twice_changes_nothing(text) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("between", ["a", "1", " "])
def test_folding_any_character_twice_changes_nothing(between) -> None:
    for first in range(0, 0x110000, 256):
        text = between.join(map(chr, range(first, first + 256)))
        assert folded(folded(text)) == folded(text), hex(first)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("two\nlines", "two lines"),
        ("a\ttab", "a tab"),
        ("  double  blank ", "double blank"),
        ("no\u00a0break\u202fat\u2007all", "no break at all"),
        ("line\u2028and\u2029paragraph ends", "line and paragraph ends"),
        ("Cafe\u0301", "Café"),
        ("\u00a0\u3000", ""),
        ("\u200b\u2060\ufeff", ""),
        ("\u2800 \u2800", ""),
        ("\u115f\u1160\u3164\uffa0", ""),
        ("\u00ad\ufe0f\U000e0020", ""),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_line(text, line) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    "sign",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x0c",
        "\x1b",
        "\x1f",
        "\x7f",
        "\x80",
        "\x85",
        "\x9f",
        "\ufffe",
        "\U0010ffff",
        "\ufdd0",
        "\ud800",
    ],
)
@pytest.mark.parametrize("function", [one_line, prose])
def test_what_cannot_be_shown_or_stored_is_refused(function, sign) -> None:
    with pytest.raises(TextRefusedError):
        function(f"a{sign}b")


def test_prose_keeps_its_lines() -> None:
    assert prose(" one\r\ntwo\rthree\u2028four\n\n\tfive  six \n") == "one\ntwo\nthree\nfour\n\n five  six"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D'Hondt", "d\u2019hondt"),
        ("D'Hondt", "D Hondt"),
        ("Van den Berghe", "VANDENBERGHE"),
        ("Jean-Pierre", "jean\u2011pierre"),
        ("Jean-Pierre", "Jean Pierre"),
        ("Müller", "Mu\u0308ller"),
        ("Müller", "MULLER"),
        ("Lœuvre", "loeuvre"),
        ("Straße", "strasse"),
        ("Søren", "Soren"),
        ("İpek", "ipek"),
        ("Excel\u00a0basis", "excel  Basis"),
    ],
)
def test_what_a_reader_calls_the_same_folds_alike(one, other) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("C++", "C#"), ("part 1-2", "part 12"), ("Café", "Cafés"), ("किताब", "कतब")]
)
def test_what_differs_stays_apart(one, other) -> None:
    assert folded(one) != folded(other)


def test_family_and_given_name_may_change_places() -> None:
    assert folded_name("Élise", "Van den Berghe") == folded_name("VANDENBERGHE", "elise")
    assert folded_name(None, "Sukarno") == folded_name("Sukarno", "") == "sukarno"
    assert folded_name("An", "Maes") != folded_name("Anna", "Maes")


def test_a_name_is_found_by_its_words_in_any_order() -> None:
    name = folded_name("Élise", "D'Hondt")
    assert all(word in name for word in folded_words("dhondt  Elise"))
    assert folded_words(" - ") == []
