"""People type days, durations and numbers as they are used to; nothing of it may silently become something else."""

import pytest
from starlette.datastructures import FormData

from services.gateway.web.kit.typed_values import day_typed, iso_day, typed_decimal, typed_duration
from shared.i18n import Language


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("16/06/2024", "2024-06-16"),
        ("16062024", "2024-06-16"),
        ("06122024", "2024-12-06"),
        ("6/12/2024", "2024-12-06"),
        ("6.12.2024", "2024-12-06"),
        ("6-12-2024", "2024-12-06"),
        ("6 12 2024", "2024-12-06"),
        ("2024-06-16", "2024-06-16"),
        ("20240616", "20240616"),
        ("31/02/2024", "2024-02-31"),
        ("16/06/24", "16/06/24"),
        ("06/16/2024", "2024-16-06"),
        ("tomorrow", "tomorrow"),
        ("", ""),
    ],
)
def test_the_day_comes_first_whatever_the_language_of_the_browser(typed: str, meant: str) -> None:
    assert day_typed(typed) == meant


def test_only_an_existing_iso_day_is_shown_as_one() -> None:
    assert str(iso_day("2024-06-16")) == "2024-06-16"
    assert [iso_day(text) for text in ("2024-02-31", "16/06/2024", "", "2024-W24-7", "20240616")] == [None] * 5


@pytest.mark.parametrize(
    ("hours", "minutes", "meant"),
    [
        ("7", "36", "PT7H36M"),
        ("", "45", "PT0H45M"),
        ("7", "", "PT7H0M"),
        ("1,5", "", "PT1H30M"),
        ("1.5", "", "PT1H30M"),
        ("7,6", "", "PT7H36M"),
        ("1,33", "", "PT1H20M"),
        ("7,6 uur", "", "PT7H36M"),
        ("1:30", "", "PT1H30M"),
        ("1u30", "", "PT1H30M"),
        ("1 u 30", "", "PT1H30M"),
        ("1 h 30", "", "PT1H30M"),
        ("1h05", "", "PT1H05M"),
        ("1\u00a0h\u00a030", "", "PT1H30M"),
        ("7 Std. 36 Min.", "", "PT7H36M"),
        ("2 heures", "", "PT2H0M"),
        ("90 min", "", "PT90M"),
        ("1:75", "", "1:75"),
        ("1:3x", "", "1:3x"),
        ("x", "", "x"),
        ("1,5", "30", "PT1,5H30M"),
        ("", "", ""),
    ],
)
def test_a_duration_is_understood_or_stays_to_be_refused(hours: str, minutes: str, meant: str) -> None:
    assert typed_duration(FormData({"durationHours": hours, "durationMinutes": minutes}), "duration") == meant


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        (Language.DUTCH, "6,5", "6.5"),
        (Language.DUTCH, "6.5", "6.5"),
        (Language.DUTCH, "1.250", "1250"),
        (Language.DUTCH, "1.250,5", "1250.5"),
        (Language.DUTCH, "0.125", "0.125"),
        (Language.FRENCH, "1\u202f250,5", "1250.5"),
        (Language.GERMAN, "1.250", "1250"),
        (Language.ENGLISH, "1,250", "1250"),
        (Language.ENGLISH, "1,250.5", "1250.5"),
        (Language.ENGLISH, "6,5", "6.5"),
        (Language.ENGLISH, "1.250", "1.250"),
        (Language.DUTCH, " 80\u00a0", "80"),
        (Language.DUTCH, "tachtig", "tachtig"),
    ],
)
def test_thousands_are_thousands_in_the_language_of_the_page(language: Language, typed: str, meant: str) -> None:
    assert typed_decimal(FormData({"n": typed}), "n", language) == meant
