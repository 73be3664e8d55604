"""A number is understood however it was pasted, and a national number is found wherever it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.identifiers import is_valid_ssin
from shared.numbers import holds_national_number, plain_number, without_national_numbers
from tests.support.text_cases import BIS_NUMBER, NATIONAL_NUMBER

GAPS = ["", ".", "-", "/", " ", "\u00a0", "\u202f", "\u2011", "\u2013", "\u2212", "\u00ad", " - ", "_"]


def written(number: str, gaps: list[str]) -> str:
    groups = (number[:2], number[2:4], number[4:6], number[6:9], number[9:])
    return "".join(group + gap for group, gap in zip(groups, [*gaps, ""], strict=True))


@given(
    number=st.sampled_from([NATIONAL_NUMBER, BIS_NUMBER]),
    gaps=st.lists(st.sampled_from(GAPS), min_size=4, max_size=4),
    before=st.sampled_from(["", "nr ", "2024 ", "(", "Jan", "1, ", "é "]),
    after=st.sampled_from(["", " x", ")", ".", " 2024", "Maes"]),
)
def test_however_it_is_punctuated_it_is_found_and_taken_out(number, gaps, before, after) -> None:
    text = before + written(number, gaps) + after
    assert plain_number(written(number, gaps)) == number
    assert holds_national_number(text)
    assert without_national_numbers(text) == f"{before}…{after}"


@pytest.mark.parametrize(
    "text",
    [
        "", "85073003329", f"1{NATIONAL_NUMBER}", f"{NATIONAL_NUMBER}1", "0403.019.261", "BE68 5390 0754 7034",
        "+32 470 12 34 56", "2024-06-16/120", "20240616-120", "850730 line break: 03328", "Excel 365, 20 workers",
    ],
)  # fmt: skip
def test_what_is_none_is_left_alone(text: str) -> None:
    """Lost: a phone number, an account or a reference made of a date, refused as somebody's number."""
    assert not holds_national_number(text)
    assert without_national_numbers(text) == text


def test_the_numbers_of_this_test_are_numbers() -> None:
    assert is_valid_ssin(NATIONAL_NUMBER)
    assert is_valid_ssin(BIS_NUMBER)
    assert int(BIS_NUMBER[2:4]) > 40


@pytest.mark.parametrize(
    "text",
    [
        "0403019261",
        "0403.019.261",
        "BE 0403.019.261",
        "be0403019261",
        "Be\u00a00403\u2011019\u2011261",
        " 0403/019/261\n",
    ],
)
def test_the_number_of_an_enterprise_is_read_alike(text: str) -> None:
    assert plain_number(text) == "0403019261"
