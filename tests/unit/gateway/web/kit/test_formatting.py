"""A wrong separator or a rounded day would be read as another right than the ledger holds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.gateway.web.kit.day_rounding import DayRounding
from services.gateway.web.kit.formatting import Formatter, PageFormatter
from shared.i18n import Language

NBSP = "\u00a0"
DUTCH = Formatter(Language.DUTCH)


def _plain(text: str) -> str:
    return text.replace(NBSP, " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.DUTCH, "16/06/2024"),
        (Language.FRENCH, "16/06/2024"),
        (Language.GERMAN, "16.06.2024"),
        (Language.ENGLISH, "16/06/2024"),
    ],
)
def test_dates_look_as_in_belgium(language: Language, expected: str) -> None:
    assert Formatter(language).date(date(2024, 6, 16)) == expected


def test_a_period_names_one_day_once_and_shows_an_open_end() -> None:
    assert DUTCH.period(date(2024, 6, 16), date(2024, 6, 19)) == "16/06/2024 – 19/06/2024"
    assert DUTCH.period(date(2024, 6, 16), date(2024, 6, 16)) == "16/06/2024"
    assert DUTCH.period(date(2024, 6, 16), None) == "16/06/2024 – …"
    assert DUTCH.iso_period("2024-06-16", "2024-06-19") == "16/06/2024 – 19/06/2024"


def test_moments_are_told_on_the_clock_of_brussels() -> None:
    assert DUTCH.moment(datetime(2024, 12, 31, 23, 30, tzinfo=UTC)) == "01/01/2025, 00:30"
    assert DUTCH.clock(datetime(2024, 6, 16, 12, 5, 9, tzinfo=UTC)) == "14:05:09"


@pytest.mark.parametrize(
    ("language", "days", "expected"),
    [
        (Language.DUTCH, "3.2", "3,2 dagen"),
        (Language.DUTCH, "1.000000", "1 dag"),
        (Language.DUTCH, "0", "0 dagen"),
        (Language.FRENCH, "1.5", "1,5 jour"),
        (Language.FRENCH, "3.2", "3,2 jours"),
        (Language.GERMAN, "-0.416667", "\u22120,416667 Tage"),
        (Language.ENGLISH, "1", "1 day"),
    ],
)
def test_days_keep_every_decimal_and_the_plural_of_the_language(language: Language, days: str, expected: str) -> None:
    assert _plain(Formatter(language).days(Decimal(days))) == expected


@pytest.mark.parametrize(
    ("rounding", "days", "expected"),
    [
        (DayRounding.EXACT, "3.208333", "3,208333"),
        (DayRounding.TWO_DECIMALS, "3.208333", "3,21"),
        (DayRounding.TWO_DECIMALS, "2.083333", "2,08"),
        (DayRounding.UP_TO_HALF_DAY, "2.083333", "2,5"),
        (DayRounding.UP_TO_HALF_DAY, "3.208333", "3,5"),
        (DayRounding.UP_TO_HALF_DAY, "3.5", "3,5"),
        (DayRounding.UP_TO_HALF_DAY, "3.500001", "4"),
        (DayRounding.UP_TO_HALF_DAY, "-0.3", "0"),
    ],
)
def test_days_are_rounded_only_when_it_was_asked_for(rounding: DayRounding, days: str, expected: str) -> None:
    assert Formatter(Language.DUTCH, rounding).day_figure(Decimal(days)) == expected


def test_a_rounded_figure_tells_the_exact_one_and_an_exact_one_tells_it_once() -> None:
    rounding = PageFormatter(Language.DUTCH, DayRounding.TWO_DECIMALS)
    exact = "222,469298\u00a0dagen"
    assert rounding.day_figure(Decimal("222.469298")) == f'<span title="{exact}">222,47</span>'
    assert rounding.days(Decimal("222.469298")) == f'<span title="{exact}">222,47\u00a0dagen</span>'
    assert rounding.day_figure(Decimal("2.5")) == "2,5"
    assert PageFormatter(Language.DUTCH).day_figure(Decimal("222.469298")) == "222,469298"
    assert rounding.day_figure(None) == "–"


def test_what_lines_add_up_to_is_never_rounded() -> None:
    rounding = PageFormatter(Language.DUTCH, DayRounding.UP_TO_HALF_DAY)
    assert rounding.signed(Decimal("-0.416667")) == "\u22120,416667"
    assert _plain(rounding.exact_days(Decimal("0.416667"))) == "0,416667 dagen"


def test_a_small_lack_rounded_up_is_nothing_and_not_less_than_nothing() -> None:
    assert Formatter(Language.DUTCH, DayRounding.UP_TO_HALF_DAY).day_figure(Decimal("-0.3")) == "0"


def test_rounding_up_to_half_a_day_never_takes_away() -> None:
    formatter = Formatter(Language.DUTCH, DayRounding.UP_TO_HALF_DAY)
    assert formatter.day_figure(Decimal("-1.25")) == "\u22121"
    assert formatter.day_figure(Decimal("0.5")) == "0,5"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(456, "7 u 36"), (480, "8 u"), (485, "8 u 05"), (45, "45 min"), (0, "0 min"), (74_040, "1.234 u")],
)
def test_durations_are_hours_and_minutes(minutes: int, expected: str) -> None:
    assert _plain(DUTCH.duration(minutes)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (Language.DUTCH, "7 u 36"),
        (Language.FRENCH, "7 h 36"),
        (Language.GERMAN, "7 Std. 36"),
        (Language.ENGLISH, "7 h 36"),
    ],
)
def test_the_hour_has_the_sign_of_its_language(language: Language, expected: str) -> None:
    assert _plain(Formatter(language).duration(456)) == expected


def test_english_has_a_decimal_point_and_commas_between_thousands() -> None:
    assert Formatter(Language.ENGLISH).decimal(Decimal("1234.5")) == "1,234.5"


def test_a_chart_gets_plain_numbers() -> None:
    assert DUTCH.decimal_hours(456) == "7.60"


def test_identifiers_have_their_usual_punctuation() -> None:
    assert DUTCH.enterprise_number("0400000000") == "0400.000.000"
    assert DUTCH.national_number("85073003328") == "85.07.30-033.28"
    assert _plain(DUTCH.joint_committee("305.02.09")) == "PC 305.02.09"
    assert _plain(Formatter(Language.FRENCH).joint_committee("200")) == "CP 200"


def test_a_masked_national_number_does_not_tell_the_rest() -> None:
    assert DUTCH.masked_national_number("85073003328") == "85.07.30-***.**"


def test_sizes_of_files_and_waits_stay_short() -> None:
    assert _plain(DUTCH.file_size(2_438_112)) == "2,4 MB"
    assert _plain(Formatter(Language.FRENCH).file_size(900)) == "900 octets"
    assert _plain(DUTCH.seconds(Decimal("0.42"))) == "0,4 s"
    assert _plain(DUTCH.seconds(Decimal(754))) == "12 min"


def test_what_is_not_there_is_a_dash() -> None:
    assert {DUTCH.date(None), DUTCH.moment(None), DUTCH.days(None), DUTCH.decimal(None), DUTCH.duration(None)} == {"–"}
