"""If these failed, amounts of days would reach people rounded, or in a form no API client can read."""

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dashboard.queries.answers import amount, days
from shared.contracts.answers.parts import Answer
from shared.http.answers import answer


@pytest.mark.parametrize(
    ("value", "text"),
    [("5.000000", "5"), ("0.789474", "0.789474"), ("-0.500", "-0.5"), ("100", "100"), ("1E+2", "100"), ("-0.00", "0")],
)
def test_an_amount_is_plain_decimal_text(value: str, text: str) -> None:
    assert amount(Decimal(value)) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_no_amount_loses_anything(value: Decimal) -> None:
    text = amount(value)

    assert Decimal(text) == value
    assert "E" not in text
    assert str(days(value)) == text


class Balance(Answer, frozen=True, kw_only=True):
    available: Decimal
    name: str | None = None


def test_an_answer_has_no_nulls_and_no_floats() -> None:
    body = answer(Balance(available=days(Decimal("3.210")))).body

    assert orjson.loads(bytes(body)) == {"available": "3.21"}
