"""Carry-over, five years, and the end of a contract: what an employee keeps and loses."""

from datetime import date
from decimal import Decimal

import pytest

from services.entitlements.domain.charges.charged_training import Training, TrainingStatus
from services.entitlements.domain.employments import Employment, EndReason, RestAtEnd
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import target
from services.entitlements.domain.lines import Figure, Line
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings
from services.entitlements.domain.year_end.carry_over import YearSums, year_end_lines
from services.entitlements.domain.year_end.end_of_contract import rest_at_end
from services.entitlements.domain.year_end.five_years import expiry_day_in, review_periods
from tests.unit.entitlements.domain.examples import DAY_IN_MINUTES, day, employed, figures, of_size, shipped, training


def facts(*trainings: Training, employment: Employment | None = None) -> Facts:
    """Five days a year, unless the employment says otherwise."""
    return Facts(employment or employed(), (), of_size("25"), trainings=trainings)


def days(number: int, on: str) -> Training:
    return training(on, minutes=number * DAY_IN_MINUTES, id=f"{number} days on {on}")


def test_what_is_left_moves_to_the_next_year_and_does_not_reduce_its_right() -> None:
    year = figures(facts(days(2, "2024-05-06")), "2025-01-01")[2025]
    assert (year.carried_over, year.entitlement, year.balance) == (3, 5, 8)


def test_a_negative_balance_ends_with_its_year() -> None:
    by_year = figures(facts(days(9, "2024-05-06")), "2025-01-01")
    assert by_year[2024].balance == -4
    assert (by_year[2025].carried_over, by_year[2025].balance) == (0, 5)


def test_nothing_moves_before_the_year_has_ended() -> None:
    assert set(figures(facts(), "2024-12-31")) == {2024}


def test_carry_over_ignores_reservations() -> None:
    planned = training("2024-11-04", minutes=2 * DAY_IN_MINUTES, status=TrainingStatus.PLANNED)
    by_year = figures(facts(planned), "2025-01-01")
    assert (by_year[2024].balance, by_year[2024].available) == (5, 3)
    assert by_year[2025].carried_over == 5


def test_over_spending_is_shown_and_allowed() -> None:
    assert figures(facts(days(6, "2024-05-06")), "2024-06-01")[2024].available == -1


class TestFiveYearPeriods:
    def expiry_days(self, start: str, years: range = range(2023, 2050)) -> list[date]:
        employment = employed(start)
        return [on for year in years if (on := expiry_day_in(employment, year))]

    def test_they_run_from_2024_or_the_day_of_hiring_one_after_another(self) -> None:
        assert self.expiry_days("2010-07-01")[:2] == [date(2029, 1, 1), date(2034, 1, 1)]
        assert self.expiry_days("2025-05-15")[:2] == [date(2030, 5, 15), date(2035, 5, 15)]

    def test_29_february_counts_as_1_march(self) -> None:
        assert self.expiry_days("2024-02-29")[:2] == [date(2029, 3, 1), date(2034, 3, 1)]
        assert date(2044, 3, 1) in self.expiry_days("2024-02-29")

    def test_the_rest_of_earlier_years_expires_the_day_after_and_the_current_years_right_stays(self) -> None:
        by_year = figures(facts(days(2, "2024-05-06")), "2029-01-01")
        assert by_year[2029].carried_over == 5 * 5 - 2
        assert (by_year[2029].expired, by_year[2029].balance) == (23, 5)
        assert figures(facts(), "2028-12-31")[2028].balance == 25

    def test_what_is_used_before_that_day_takes_the_oldest_rights_first(self) -> None:
        hired_in_may = employed("2024-05-15")
        before = facts(days(3, "2029-05-14"), employment=hired_in_may)
        after = facts(days(3, "2029-05-15"), employment=hired_in_may)
        assert figures(before, "2029-05-14")[2029].expired == 0
        carried = figures(before, "2029-05-14")[2029].carried_over
        assert figures(before, "2029-05-15")[2029].expired == carried - 3
        assert figures(before, "2029-05-15")[2029].balance == 5
        assert figures(after, "2029-05-15")[2029].expired == carried
        assert figures(after, "2029-05-15")[2029].balance == 2

    def test_without_a_rest_nothing_expires(self) -> None:
        sums = {2028: YearSums(Decimal(5), Decimal(5)), 2029: YearSums(Decimal(5))}
        assert year_end_lines(employed(), sums, date(2029, 6, 1)) == []

    def test_an_employment_that_ended_before_that_day_keeps_its_open_credit(self) -> None:
        gone = employed("2024-01-01", "2028-12-31", reason=EndReason.INDEMNITY)
        assert figures(facts(employment=gone), "2030-01-01")[2028].balance == 25

    def test_less_charged_than_granted_in_a_period_is_warned_about_when_it_has_ended(self) -> None:
        of = facts(days(20, "2026-05-06"))
        lines = target(of, shipped(), date(2029, 1, 1)).lines
        [first, second] = review_periods(of.employment, lines, date(2029, 1, 1))
        assert (first.start, first.end) == (date(2024, 1, 1), date(2028, 12, 31))
        assert (first.granted, first.charged, first.missing) == (25, 20, 5)
        assert first.deserves_warning(date(2029, 1, 1))
        assert not first.deserves_warning(date(2028, 12, 31))
        assert (second.granted, second.deserves_warning(date(2029, 1, 1))) == (5, False)

    def test_the_right_of_who_was_hired_on_29_february_is_reviewed_with_its_period(self) -> None:
        of = facts(employment=employed("2024-02-29"))
        [first] = review_periods(of.employment, target(of, shipped(), date(2024, 12, 31)).lines, date(2024, 12, 31))
        assert (first.start, first.granted) == (date(2024, 3, 1), Decimal("4.583333"))


class TestExpiryPerRight:
    """The alternative: a right of year y expires after 31 December y+4, oldest used first."""

    SETTINGS = Settings(expiry=ExpiryRule.PER_RIGHT)

    def test_a_right_lives_five_years(self) -> None:
        by_year = figures(facts(), "2030-06-01", self.SETTINGS)
        assert by_year[2028].balance == 25
        assert [(by_year[year].expired, by_year[year].balance) for year in (2029, 2030)] == [(5, 25), (5, 25)]

    def test_the_oldest_is_used_first(self) -> None:
        by_year = figures(facts(days(7, "2026-05-06")), "2030-06-01", self.SETTINGS)
        assert [by_year[year].expired for year in (2029, 2030)] == [0, 3]


class TestEndOfContract:
    def at_end(self, reason: EndReason | None, agreed: RestAtEnd | None = None, on: str = "2024-07-01") -> list[Line]:
        gone = Employment(
            "e", "p", "0123456749", day("2024-01-01"), day("2024-06-30"), employed().terms, reason, agreed
        )
        lines = target(facts(days(1, "2024-05-06"), employment=gone), shipped(), day(on)).lines
        return [line for line in lines if line.figure is Figure.LOST]

    @pytest.mark.parametrize(
        "reason",
        [
            EndReason.RESIGNATION,
            EndReason.SERIOUS_CAUSE,
            EndReason.NOTICE_SERVED,
            EndReason.MUTUAL_AGREEMENT,
            EndReason.END_OF_TERM,
            EndReason.RETIREMENT,
            EndReason.OTHER,
        ],
    )
    def test_the_positive_rest_is_lost_on_the_day_after_the_last(self, reason: EndReason) -> None:
        assert [(line.date, line.year, line.amount) for line in self.at_end(reason)] == [
            (date(2024, 7, 1), 2024, Decimal("-1.5"))
        ]
        assert self.at_end(reason, on="2024-06-30") == []

    def test_with_an_indemnity_it_stays_as_open_credit(self) -> None:
        assert self.at_end(EndReason.INDEMNITY, RestAtEnd.LOST) == []

    def test_an_unknown_reason_leaves_it_undecided(self) -> None:
        assert self.at_end(None) == self.at_end(EndReason.UNKNOWN) == []
        assert rest_at_end(employed("2024-01-01", "2024-06-30"), DEFAULTS) is RestAtEnd.UNDECIDED

    def test_mutual_agreement_may_keep_it_and_resignation_may_not(self) -> None:
        assert self.at_end(EndReason.MUTUAL_AGREEMENT, RestAtEnd.OPEN_CREDIT) == []
        assert self.at_end(EndReason.RESIGNATION, RestAtEnd.OPEN_CREDIT) != []

    def test_what_becomes_of_it_where_nothing_was_agreed_is_a_setting(self) -> None:
        keep = Settings(rest_for_other_reasons=RestAtEnd.OPEN_CREDIT)
        assert rest_at_end(employed("2024-01-01", "2024-06-30", reason=EndReason.OTHER), keep) is RestAtEnd.OPEN_CREDIT

    def test_as_long_as_no_end_is_known_nothing_is_decided(self) -> None:
        assert rest_at_end(employed(), DEFAULTS) is None

    def test_over_spent_credit_is_not_a_debt(self) -> None:
        gone = employed("2024-01-01", "2024-06-30", reason=EndReason.RESIGNATION)
        year = figures(facts(days(9, "2024-05-06"), employment=gone), "2024-12-31")[2024]
        assert (year.lost, year.balance) == (0, Decimal("-6.5"))

    def test_a_contract_that_ends_with_the_year_loses_its_rest_there_and_begins_no_new_year(self) -> None:
        gone = employed("2024-01-01", "2024-12-31", reason=EndReason.RESIGNATION)
        by_year = figures(facts(employment=gone), "2025-06-01")
        assert set(by_year) == {2024}
        assert (by_year[2024].lost, by_year[2024].balance) == (5, 0)
