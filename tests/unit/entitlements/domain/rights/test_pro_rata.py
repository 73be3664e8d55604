"""A x B x C, month by month: what an employee is granted in a year."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.entitlements.domain.amounts import rounded
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.arrangements.rows import RightType, Unit
from services.entitlements.domain.arrangements.which_applies import Arrangements, ReasonCode
from services.entitlements.domain.employments import Employment, Term
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import Line
from services.entitlements.domain.rights.grants import YearStatus, grants
from services.entitlements.domain.rights.pro_rata import year_right
from services.entitlements.reference.load_arrangements import load_arrangements
from tests.unit.entitlements.domain.examples import (
    NO_SECTOR,
    day,
    employed,
    entitlement,
    figures,
    of_size,
    shipped,
    term,
    written_inputs,
)


def facts(employment: Employment, size: str | None = "25", siblings: Iterable[Employment] = ()) -> Facts:
    return Facts(employment, tuple(siblings), of_size(size))


def granted(of: Facts, on: str, arrangements: Arrangements | None = None) -> tuple[list[Line], dict[int, YearStatus]]:
    return grants(of, arrangements or shipped(), day(on))


def test_two_days_half_time_for_six_months_is_half_a_day() -> None:
    # securex.be: 2 days x 50 % x 6/12 = 0.5 day. PC 127 grants 2 days in 2024 from 20 workers on.
    assert entitlement(facts(employed("2024-01-01", "2024-06-30", term("2024-01-01", "127", "1/2")))) == Decimal("0.5")


def test_who_starts_on_29_march_has_ten_months() -> None:
    assert entitlement(facts(employed("2024-03-29"))) == rounded(Fraction(5 * 10, 12))


def test_every_started_month_counts_whole() -> None:
    assert entitlement(facts(employed("2024-01-31", "2024-02-01"))) == rounded(Fraction(5 * 2, 12))


def test_a_full_year_full_time_grants_the_arrangement_exactly() -> None:
    assert entitlement(facts(employed())) == 5
    assert entitlement(facts(employed(), "20")) == 1
    assert entitlement(facts(employed(), "9.5")) == 0


def test_working_time_and_committee_of_a_month_are_those_of_its_first_employed_day() -> None:
    change_on_the_second = employed(
        "2024-01-01", None, term("2024-01-01", NO_SECTOR, "1"), term("2024-07-02", NO_SECTOR, "1/2")
    )
    assert entitlement(facts(change_on_the_second)) == rounded(Fraction(5 * 7, 12) + Fraction(5 * 5, 24))
    hired_that_day = employed("2024-07-02", None, term("2024-07-02", NO_SECTOR, "1/2"))
    assert entitlement(facts(hired_that_day)) == rounded(Fraction(5 * 6, 24))


def test_a_committee_that_changes_in_the_year_grants_two_types_of_right() -> None:
    moved = employed("2024-01-01", None, term("2024-01-01", NO_SECTOR), term("2024-07-01", "200"))
    lines, _ = granted(facts(moved), "2024-12-31")
    assert [(line.right_type, line.amount) for line in lines] == [
        (RightType.LEGAL, Decimal("2.5")),
        (RightType.SECTORAL, Decimal("1.5")),
    ]


def test_a_size_that_changes_in_the_year_changes_its_months_only() -> None:
    sizes = Sizes(
        stated=(
            SizePeriod(day("2024-01-01"), day("2024-03-31"), Decimal(9)),
            SizePeriod(day("2024-04-01"), None, Decimal(15)),
        )
    )
    assert entitlement(Facts(employed(), (), sizes)) == Decimal("0.75")


def test_an_amount_is_rounded_once_over_all_its_months() -> None:
    # Three stretches of a third of a year each: rounded one by one they would give 0.999999.
    thirds = (term("2024-01-01"), term("2024-05-01", week="39"), term("2024-09-01", week="40"))
    assert entitlement(facts(employed("2024-01-01", None, *thirds), "15")) == 1
    assert entitlement(facts(employed("2024-01-01", "2024-01-31"), "15")) == Decimal("0.083333")


def test_an_employment_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        employed("2024-01-02", "2024-01-01")
    with pytest.raises(ValueError, match="order of their start"):
        employed("2024-01-01", None, term("2024-01-01"), term("2024-01-01"))
    with pytest.raises(ValueError, match="more than 0 hours"):
        term("2024-01-01", week="0")


def test_nobody_works_more_than_full_time_in_one_employment() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Term(date(2024, 1, 1), NO_SECTOR, Fraction(3, 2))


class TestEmploymentsAtOneEnterprise:
    def test_between_following_employments_a_month_counts_once_for_the_first(self) -> None:
        first, second = employed("2024-01-01", "2024-03-10", id="first"), employed("2024-03-20", id="second")
        assert entitlement(facts(first, siblings=[second])) == rounded(Fraction(5 * 3, 12))
        assert entitlement(facts(second, siblings=[first])) == rounded(Fraction(5 * 9, 12))

    def test_a_row_of_short_contracts_in_one_month_counts_it_once(self) -> None:
        short = [employed(f"2024-03-{start:02}", f"2024-03-{start + 1:02}", id=f"{start}") for start in (1, 11, 21)]
        each = [entitlement(facts(one, siblings=[other for other in short if other != one])) for one in short]
        assert each == [rounded(Fraction(5, 12)), 0, 0]

    def test_parallel_employments_each_count_the_month(self) -> None:
        morning, evening = employed(id="morning"), employed("2024-01-01", None, term("2024-01-01"), id="evening")
        assert entitlement(facts(morning, siblings=[evening])) == 5
        assert entitlement(facts(evening, siblings=[morning])) == 5


class TestMinimumMonths:
    """PC 116 under 10 workers: one day, only with six months at the enterprise in the calendar year."""

    def granted(self, start: str, end: str | None, siblings: Iterable[Employment] = ()) -> Decimal:
        return entitlement(facts(employed(start, end, term(start, "116")), "5", siblings))

    def test_below_the_minimum_there_is_no_right(self) -> None:
        assert self.granted("2024-01-01", "2024-05-31") == 0
        assert self.granted("2024-01-01", "2024-06-01") == Decimal("0.5")

    def test_as_long_as_the_end_is_unknown_months_to_come_are_taken_as_worked(self) -> None:
        employment = employed("2024-07-31", None, term("2024-07-31", "116"))
        assert figures(facts(employment, "5"), "2024-08-01")[2024].entitlement == Decimal("0.5")
        assert self.granted("2024-08-01", None) == 0

    def test_months_of_an_earlier_employment_at_the_enterprise_count_too(self) -> None:
        before = employed("2024-01-01", "2024-04-15", term("2024-01-01", "116"), id="before")
        assert self.granted("2024-09-01", "2024-10-31", [before]) == rounded(Fraction(2, 12))


class TestUnits:
    """PC 111.01.07 has its right in hours, 40 h = 5 x 8 h: 32 hours in 2024 from 20 workers on."""

    def test_a_year_has_the_unit_of_its_first_month_that_grants(self) -> None:
        moved = employed("2024-01-01", None, term("2024-01-01", "111.01.07"), term("2024-07-01", NO_SECTOR))
        lines, years = granted(facts(moved), "2024-12-31")
        assert (years[2024].unit, years[2024].hours_per_day) == (Unit.HOURS, Decimal(8))
        # 16 hours of 32, and 2.5 days of 7.6 hours = 19 hours; written in days of 8 hours.
        assert sum(line.amount for line in lines) * 8 == 35

    def test_hours_in_a_days_year_are_converted_with_their_own_day(self) -> None:
        moved = employed("2024-01-01", None, term("2024-01-01", NO_SECTOR), term("2024-07-01", "111.01.07"))
        lines, years = granted(facts(moved), "2024-12-31")
        assert (years[2024].unit, years[2024].hours_per_day) == (Unit.DAYS, None)
        assert sum(line.amount for line in lines) == Decimal("2.5") + 2

    def test_hours_that_name_no_day_take_a_fifth_of_the_full_timers_week(self) -> None:
        rows = [replace(row, hours_per_day=None) for row in load_arrangements()]
        employment = employed("2024-01-01", None, term("2024-01-01", "111.01.07", week="40"))
        lines, years = granted(facts(employment), "2024-12-31", Arrangements(rows))
        assert (years[2024].hours_per_day, lines[0].amount) == (8, 4)

    def test_months_that_grant_nothing_do_not_decide_the_unit(self) -> None:
        moved = employed("2024-01-01", None, term("2024-01-01", "324"), term("2024-07-01", "111.01.07"))
        assert year_right(facts(moved), 2024, shipped()).unit is Unit.HOURS


class TestUnknown:
    def test_an_unknown_month_grants_nothing_and_makes_the_year_and_later_balances_incomplete(self) -> None:
        employment = employed("2023-12-01", None, term("2023-12-01", "200"))
        by_year = figures(facts(employment), "2025-06-01")
        assert [by_year[year].entitlement for year in (2023, 2024, 2025)] == [0, 3, 3]
        assert [by_year[year].completeness.value for year in (2023, 2024)] == ["incomplete", "incompleteBefore"]

    def test_without_a_size_the_right_is_unknown_not_zero(self) -> None:
        _, years = granted(facts(employed(), None), "2024-12-31")
        assert {month.reason for month in years[2024].unknown} == {ReasonCode.SIZE_UNKNOWN}
        assert len(years[2024].unknown) == 12

    def test_without_a_committee_the_right_is_unknown(self) -> None:
        _, years = granted(facts(employed("2024-01-01", None, term("2024-01-01", None))), "2024-12-31")
        assert {month.reason for month in years[2024].unknown} == {ReasonCode.JOINT_COMMITTEE_UNKNOWN}

    def test_days_before_the_first_term_are_unknown(self) -> None:
        late = employed("2024-01-01", None, term("2024-03-01"))
        lines, years = granted(facts(late), "2024-12-31")
        assert [month.day.month for month in years[2024].unknown] == [1, 2]
        assert lines[0].amount == rounded(Fraction(5 * 10, 12))

    def test_zero_days_are_known_and_explained_by_a_line(self) -> None:
        lines, years = granted(facts(employed(), "9"), "2024-12-31")
        assert [(line.amount, line.rule.value) for line in lines] == [(0, "grant.byMonths")]
        assert years[2024].unknown == ()


class TestWhen:
    def test_the_years_right_is_granted_whole_on_new_years_day_or_the_day_of_hiring(self) -> None:
        lines, _ = granted(facts(employed("2024-03-29")), "2025-01-01")
        assert [(line.date, line.amount) for line in lines] == [
            (date(2024, 3, 29), rounded(Fraction(50, 12))),
            (date(2025, 1, 1), 5),
        ]

    def test_nothing_is_granted_before_the_first_day(self) -> None:
        assert granted(facts(employed("2024-03-29")), "2024-03-28") == ([], {})

    def test_the_ledger_begins_in_2023(self) -> None:
        lines, years = granted(facts(employed("2010-05-01")), "2024-12-31")
        assert [line.year for line in lines] == [2023, 2024] == sorted(years)

    def test_years_after_the_last_day_grant_nothing(self) -> None:
        lines, _ = granted(facts(employed("2024-01-01", "2024-12-31")), "2026-06-01")
        assert [line.year for line in lines] == [2024]

    def test_an_end_that_becomes_known_shortens_the_year(self) -> None:
        assert figures(facts(employed("2024-01-01", "2024-09-15")), "2024-02-01")[2024].entitlement == Decimal("3.75")


def test_a_grant_explains_itself() -> None:
    [line], _ = granted(facts(employed("2024-03-29", None, term("2024-03-29", "200", "4/5"))), "2024-12-31")
    assert written_inputs(line) == {
        "unit": "days",
        "months": [
            {
                "from": 3,
                "to": 12,
                "count": 10,
                "jointCommittee": "200",
                "fraction": "0.8",
                "size": "25",
                "sizeOrigin": "stated",
                "arrangement": "sector/200/[20,)/[2024-01-01,2026-01-01)",
                "amount": "3",
                "unit": "days",
                "why": "ownJointCommittee",
                "source": "https://www.besox.be/pc-200-nieuwe-sectorale-afspraken-inzake-opleiding/",
            }
        ],
    }


days_of_2024 = st.dates(date(2024, 1, 1), date(2024, 12, 31))
fractions = st.fractions(0, 1, max_denominator=40)
committees = st.sampled_from([NO_SECTOR, "200", "116", "127", "111.01.07", "324"])


@given(days_of_2024, days_of_2024, fractions, st.integers(0, 60))
def test_the_year_is_the_sum_of_its_months(one: date, other: date, fraction: Fraction, size: int) -> None:
    start, end = min(one, other), max(one, other)
    employment = Employment("e", "p", "0123456749", start, end, (Term(start, NO_SECTOR, fraction),))
    of = facts(employment, str(size))
    full_time = 0 if size < 10 else 1 if size <= 20 else 5
    months = end.month - start.month + 1
    assert entitlement(of) == rounded(full_time * fraction * months / 12)
    assert len(year_right(of, 2024, shipped()).months) == months


@given(
    st.lists(st.tuples(days_of_2024, committees, fractions), min_size=1, max_size=4, unique_by=lambda one: one[0]),
    st.integers(0, 60),
)
def test_no_year_grants_more_than_its_best_month_would_all_year(
    changes: list[tuple[date, str, Fraction]], size: int
) -> None:
    terms = tuple(Term(start, committee, fraction) for start, committee, fraction in sorted(changes))
    employment = Employment("e", "p", "0123456749", terms[0].start, None, terms)
    right = year_right(facts(employment, str(size)), 2024, shipped())
    values = [right.in_days(month) for month in right.months]
    assert 0 <= entitlement(facts(employment, str(size))) <= rounded(max(values)) + Decimal("0.000001")
