from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.entitlements.domain.amounts import rounded
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.charges.charge_lines import charge_lines
from services.entitlements.domain.charges.charged_training import Training, TrainingContext, TrainingStatus
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import Figure, Kind
from tests.unit.entitlements.domain.examples import (
    DAY_IN_MINUTES,
    day,
    employed,
    figures,
    of_size,
    term,
    training,
    written_inputs,
)

FULL_TIME = employed("2023-01-01")


def charged(one: Training, employment: Employment = FULL_TIME) -> list[tuple[date, Decimal]]:
    return [(line.date, line.amount) for line in charge_lines(one, employment)]


def test_a_day_of_seven_hours_and_thirty_six_minutes_charges_one_day() -> None:
    assert charged(training("2024-05-06")) == [(date(2024, 5, 6), -1)]


def test_the_brochures_training_is_charged_once_on_its_last_day() -> None:
    assert charged(training("2024-06-16", "2024-06-19", 4 * DAY_IN_MINUTES)) == [(date(2024, 6, 19), -4)]


def test_a_day_is_longer_where_a_full_timer_works_longer() -> None:
    forty_hours = employed("2023-01-01", None, term("2023-01-01", week="40"))
    assert charged(training("2024-05-06", minutes=480), forty_hours) == [(date(2024, 5, 6), -1)]


def test_a_part_timer_is_charged_the_hours_followed_not_more() -> None:
    half_time = employed("2023-01-01", None, term("2023-01-01", fraction="1/2"))
    assert charged(training("2024-05-06"), half_time) == [(date(2024, 5, 6), -1)]


def test_hours_spread_over_calendar_days_and_each_year_takes_its_own() -> None:
    over_new_year = training("2024-12-30", "2025-01-02", 4 * DAY_IN_MINUTES)
    assert charged(over_new_year) == [(date(2024, 12, 31), -2), (date(2025, 1, 2), -2)]


def test_days_outside_the_employment_are_not_charged() -> None:
    leaving = employed("2023-01-01", "2024-06-17")
    four_days = training("2024-06-16", "2024-06-19", 4 * DAY_IN_MINUTES)
    assert charged(four_days, leaving) == [(date(2024, 6, 17), -2)]
    assert charged(four_days, employed("2024-06-19")) == [(date(2024, 6, 19), -1)]
    assert charged(four_days, employed("2024-06-20")) == []


def test_days_before_the_ledger_begins_are_not_charged() -> None:
    assert charged(training("2022-12-30", "2023-01-02", 4 * DAY_IN_MINUTES), employed("2015-01-01")) == [
        (date(2023, 1, 2), -2)
    ]


def test_charged_hours_default_to_the_duration_and_never_exceed_it() -> None:
    one = training("2024-05-06")
    assert charged(replace(one, charged_minutes=228)) == [(date(2024, 5, 6), Decimal("-0.5"))]
    assert charged(replace(one, charged_minutes=10_000)) == charged(one)
    assert charged(replace(one, charged_minutes=0)) == []


@pytest.mark.parametrize(
    "context",
    [
        TrainingContext.NON_PROFESSIONAL,
        TrainingContext.FLEMISH_TRAINING_LEAVE,
        TrainingContext.PAID_EDUCATIONAL_LEAVE,
    ],
)
def test_what_does_not_count_for_the_right_costs_no_credit(context: TrainingContext) -> None:
    assert charged(replace(training("2024-05-06"), context=context)) == []


def test_a_planned_training_reserves_and_a_cancelled_or_missed_one_does_neither() -> None:
    planned = charge_lines(training("2024-05-06", status=TrainingStatus.PLANNED), FULL_TIME)
    assert [(line.kind, line.figure, line.amount) for line in planned] == [(Kind.RESERVE, Figure.RESERVED, -1)]
    for status in (TrainingStatus.CANCELLED, TrainingStatus.NOT_FOLLOWED):
        assert charged(training("2024-05-06", status=status)) == []


def test_in_an_hours_year_a_day_has_that_years_hours() -> None:
    [line] = charge_lines(training("2024-05-06", minutes=480), FULL_TIME, hours_years={2024: Decimal(8)})
    assert (line.amount, written_inputs(line)["hoursPerDay"]) == (-1, "8")


def test_hours_of_right_and_hours_of_training_meet_in_the_same_day() -> None:
    # PC 111.01.07 grants 32 hours in 2024; four trainings of 8 hours use them up exactly.
    in_hours = employed("2024-01-01", None, term("2024-01-01", "111.01.07"))
    followed = tuple(training(f"2024-05-0{number}", minutes=480, id=f"training {number}") for number in range(1, 5))
    year = figures(Facts(in_hours, (), of_size("25"), trainings=followed), "2024-12-31")[2024]
    assert (year.entitlement, year.charged, year.balance) == (4, 4, 0)


def test_a_training_is_charged_once_to_the_first_of_parallel_employments() -> None:
    first, second = employed("2023-01-01", "2024-06-17", id="first"), employed("2023-06-01", id="second")
    four_days = training("2024-06-16", "2024-06-19", 4 * DAY_IN_MINUTES)
    assert charge_lines(four_days, first)[0].amount == -2
    rest = charge_lines(four_days, second, earlier=[first])
    assert [(line.date, line.amount) for line in rest] == [(date(2024, 6, 19), -2)]
    assert Facts(second, (first,)).earlier_siblings == (first,)
    assert Facts(first, (second,)).earlier_siblings == ()


def test_a_charge_says_what_it_is_made_of_and_which_event_caused_it() -> None:
    one = replace(training("2024-12-30", "2025-01-02", 600), right_type=RightType.SECTORAL)
    line = charge_lines(one, FULL_TIME, "event")[0]
    assert written_inputs(line) == {"minutes": 600, "days": 2, "ofDays": 4, "hoursPerDay": "7.6", "trainingVersion": 1}
    assert (line.cause, line.training_id, line.right_type) == ("event", "training", RightType.SECTORAL)


some_days = st.dates(date(2022, 6, 1), date(2027, 6, 1))


@given(some_days, st.integers(0, 800), st.integers(0, 100_000), some_days, st.none() | st.integers(0, 900))
def test_no_minute_is_charged_twice_or_lost(
    start: date, length: int, minutes: int, hired: date, stay: int | None
) -> None:
    one = Training("t", 1, start, start + timedelta(days=length), minutes, TrainingStatus.COMPLETED)
    last = None if stay is None else hired + timedelta(days=stay)
    employment = replace(FULL_TIME, start=hired, end=last, terms=(term(hired.isoformat()),))
    lines = charge_lines(one, employment)
    inside = [
        on
        for on in (start + timedelta(days=number) for number in range(length + 1))
        if employment.exists_on(on) and on >= date(2023, 1, 1)
    ]
    exact = Fraction(minutes * len(inside), (length + 1) * DAY_IN_MINUTES)
    assert abs(sum((line.amount for line in lines), Decimal(0)) + rounded(exact)) <= Decimal("0.000001") * len(lines)
    assert [line.date for line in lines] == sorted(
        max(on for on in inside if on.year == year) for year in {on.year for on in inside} if minutes
    )
    assert all(line.year == line.date.year and -line.amount >= 0 for line in lines)


def test_a_training_ends_no_earlier_than_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        training("2024-05-06", "2024-05-05")
    assert day("2024-05-06") == training("2024-05-06").end
