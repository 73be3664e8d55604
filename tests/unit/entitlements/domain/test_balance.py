from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from services.entitlements.domain.amounts import exact_text, rounded
from services.entitlements.domain.balance import Completeness
from services.entitlements.domain.charges.charged_training import TrainingStatus
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.working_days import days_from_hours, hours_per_day
from shared.clock import brussels_day, end_of_day
from tests.unit.entitlements.domain.examples import employed, figures, of_size, term, training


def test_a_day_is_seven_hours_thirty_six_at_38_hours_a_week_and_in_proportion_otherwise() -> None:
    assert hours_per_day(Decimal(38)) == Decimal("7.6")
    assert hours_per_day(Decimal(40)) == 8
    assert days_from_hours(Fraction(19), Decimal("7.6")) == Fraction(5, 2)


def test_hours_are_shown_back_as_they_came_in() -> None:
    booked = rounded(days_from_hours(Fraction(40), Decimal("7.6")))
    assert (booked * Decimal("7.6")).quantize(Decimal("0.0001")) == 40


def test_balance_and_available_are_what_the_words_say() -> None:
    trainings = (
        training("2025-02-03", id="followed"),
        training("2025-12-01", status=TrainingStatus.PLANNED, id="planned"),
    )
    year = figures(Facts(employed(), (), of_size("25"), trainings=trainings), "2025-03-01")[2025]
    assert (year.entitlement, year.carried_over, year.charged, year.reserved) == (5, 5, 1, 1)
    assert year.balance == year.entitlement + year.carried_over - year.charged == 9
    assert year.available == year.balance - year.reserved == 8


def test_a_planned_training_in_a_year_to_come_is_seen_before_its_right() -> None:
    planned = training("2026-02-02", status=TrainingStatus.PLANNED)
    year = figures(Facts(employed(), (), of_size("25"), trainings=(planned,)), "2025-03-01")[2026]
    assert (year.entitlement, year.available) == (0, -1)


def test_incomplete_years_are_marked_and_so_is_every_balance_after_them() -> None:
    moved = employed("2024-01-01", None, term("2024-01-01"), term("2025-03-01", None), term("2025-05-01"))
    by_year = figures(Facts(moved, (), of_size("25")), "2027-01-01")
    assert [by_year[year].completeness for year in (2024, 2025, 2026)] == [
        Completeness.COMPLETE,
        Completeness.INCOMPLETE,
        Completeness.INCOMPLETE_BEFORE,
    ]


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        (Fraction(1, 8_000_000), "0.000000"),
        (Fraction(5, 10_000_000), "0.000000"),
        (Fraction(15, 10_000_000), "0.000002"),
    ],
)
def test_amounts_are_rounded_half_to_even(exact: Fraction, expected: str) -> None:
    assert rounded(exact) == Decimal(expected)
    assert rounded(-exact) == -Decimal(expected)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(4, 5), "0.8"),
        (Fraction(2, 3), "2/3"),
        (Decimal("20.00"), "20"),
        (Fraction(100), "100"),
        (Decimal(0), "0"),
    ],
)
def test_numbers_are_told_without_loss(number: Fraction | Decimal, text: str) -> None:
    assert exact_text(number) == text


def test_what_was_known_on_a_day_ends_at_midnight_in_brussels() -> None:
    assert end_of_day(date(2024, 5, 3)) == datetime(2024, 5, 3, 22, tzinfo=UTC)
    assert end_of_day(date(2024, 12, 31)) == datetime(2024, 12, 31, 23, tzinfo=UTC)
    assert brussels_day(datetime(2024, 12, 31, 23, tzinfo=UTC)) == date(2025, 1, 1)
    with pytest.raises(ValueError, match="time zone"):
        brussels_day(datetime(2024, 1, 1))
