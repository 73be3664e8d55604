from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.entitlements.domain.amounts import rounded
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import deltas, target
from services.entitlements.domain.lines import Kind
from services.entitlements.domain.rights.grants import GrantMode, grants
from services.entitlements.domain.rights.overrides import (
    Judgement,
    MonthComparison,
    OptOut,
    Override,
    OverrideKind,
    OverrideProblem,
    OverrideScope,
    OverrideVerdict,
    in_order,
    is_collective_agreement,
    judge,
)
from services.entitlements.domain.rights.pro_rata import compare_override
from tests.unit.entitlements.domain.examples import (
    NO_SECTOR,
    day,
    employed,
    entitlement,
    figures,
    of_size,
    override,
    shipped,
    term,
    written_inputs,
)

RESULTING, FULL_TIME = OverrideKind.RESULTING_DAYS, OverrideKind.FULL_TIME_DAYS
EMPLOYMENT, ENTERPRISE = OverrideScope.EMPLOYMENT, OverrideScope.ENTERPRISE
HALF_TIME = employed("2024-01-01", None, term("2024-01-01", NO_SECTOR, "1/2"))


def facts(*overrides: Override, size: str | None = "25", opt_outs: tuple[OptOut, ...] = ()) -> Facts:
    return Facts(HALF_TIME, (), of_size(size), overrides, opt_outs)


def judged(one: Override, size: str | None = "25") -> Judgement:
    return judge(one, compared(one, facts(size=size)))


def compared(one: Override, of: Facts) -> list[MonthComparison]:
    return compare_override(one, of, [2024], shipped())


def test_full_time_days_replace_the_arrangement_and_working_time_and_months_still_apply() -> None:
    assert entitlement(facts(override("8"))) == 4


def test_full_time_days_for_part_of_the_year_replace_those_months() -> None:
    from_july = override("8", start="2024-07-01", end="2024-12-31")
    assert entitlement(facts(from_july)) == Decimal("2.5") / 2 + 2


def test_resulting_days_are_the_years_right_as_such() -> None:
    assert entitlement(facts(override("7", RESULTING))) == 7
    hired_in_autumn = employed("2024-10-15", None, term("2024-10-15", NO_SECTOR, "1/2"))
    assert entitlement(Facts(hired_in_autumn, (), of_size("25"), (override("7", RESULTING),))) == 7


def test_an_override_makes_an_unknown_right_known() -> None:
    of_unknown = figures(facts(override("8"), size=None), "2024-12-31")[2024]
    assert (of_unknown.entitlement, of_unknown.completeness.value) == (4, "complete")


def test_employment_goes_before_enterprise_resulting_before_full_time_newest_first() -> None:
    best = override("1", RESULTING, registered=1)
    ranked = [
        best,
        override("1", FULL_TIME, registered=9),
        override("1", FULL_TIME, registered=3),
        override("1", RESULTING, scope=ENTERPRISE, registered=8),
        override("1", FULL_TIME, scope=ENTERPRISE, registered=9),
    ]
    assert in_order(reversed(ranked)) == ranked
    newer = replace(best, id="newer", registered_at=best.registered_at.replace(day=2))
    assert in_order([best, newer]) == [newer, best]


def test_the_override_that_goes_first_decides() -> None:
    assert entitlement(facts(override("10", registered=1), override("12", registered=2))) == 6
    assert entitlement(facts(override("10", registered=1), override("20", scope=ENTERPRISE, registered=2))) == 5


def test_lower_than_the_arrangement_in_every_month_is_refused() -> None:
    lower = judged(override("4"))
    assert sum(month.lower for month in compared(override("4"), facts())) == 12
    assert (lower.verdict, lower.problems) == (OverrideVerdict.REFUSED, (OverrideProblem.LOWER_IN_EVERY_MONTH,))
    assert judged(override("2.4", RESULTING)).verdict is OverrideVerdict.REFUSED
    assert judged(override("2.5", RESULTING)).verdict is OverrideVerdict.ACCEPTED
    assert judged(override("5")).verdict is OverrideVerdict.ACCEPTED


def test_lower_in_some_months_is_warned_about() -> None:
    moved = employed("2024-01-01", None, term("2024-01-01", NO_SECTOR), term("2024-07-01", "200"))
    four = override("4")
    months = compared(four, Facts(moved, (), of_size("25")))
    judgement = judge(four, months)
    assert judgement.verdict is OverrideVerdict.ACCEPTED_WITH_WARNINGS
    assert judgement.problems == (OverrideProblem.LOWER_IN_SOME_MONTHS,)
    assert [month.day.month for month in months if month.lower] == [1, 2, 3, 4, 5, 6]


def test_where_it_is_lower_without_an_agreement_the_arrangement_counts() -> None:
    moved = employed("2024-01-01", None, term("2024-01-01", NO_SECTOR), term("2024-07-01", "200"))
    assert entitlement(Facts(moved, (), of_size("25"), (override("4"),))) == Decimal("2.5") + 2
    assert entitlement(facts(override("4"))) == Decimal("2.5")


def test_a_collective_agreements_number_allows_less() -> None:
    allowed = override("4", agreement="181682/CO/200")
    assert judged(allowed).verdict is OverrideVerdict.ACCEPTED
    assert entitlement(facts(allowed)) == 2


def test_hours_arrangements_are_compared_in_days() -> None:
    in_hours = employed("2024-01-01", None, term("2024-01-01", "111.01.07"))
    of = Facts(in_hours, (), of_size("25"))
    for days, verdict in (
        ("3.99", OverrideVerdict.REFUSED),
        ("4", OverrideVerdict.ACCEPTED),
        ("5", OverrideVerdict.ACCEPTED),
    ):
        one = override(days)
        assert judge(one, compare_override(one, of, [2024], shipped())).verdict is verdict
    assert entitlement(replace(of, overrides=(override("5"),))) == 5


def test_against_an_unknown_arrangement_nothing_is_lower() -> None:
    assert judged(override("0.1"), size=None).verdict is OverrideVerdict.ACCEPTED


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (override("8", reason=" "), OverrideProblem.REASON_MISSING),
        (override("-1"), OverrideProblem.DAYS_NEGATIVE),
        (override("8", start="2024-12-31", end="2024-01-01"), OverrideProblem.PERIOD_REVERSED),
        (override("8", RESULTING, start="2024-02-01"), OverrideProblem.NOT_WHOLE_YEARS),
        (override("8", agreement="our own"), OverrideProblem.AGREEMENT_NOT_A_NUMBER),
    ],
)
def test_a_faulty_override_is_refused_with_its_problem(one: Override, problem: OverrideProblem) -> None:
    assert judged(one) == Judgement(OverrideVerdict.REFUSED, (problem,))


@pytest.mark.parametrize(
    ("number", "valid"), [("181682/CO/200", True), ("1/CO/305.02.09", True), ("181682", False), ("x/CO/200", False)]
)
def test_the_number_of_a_collective_agreement_has_its_form(number: str, valid: bool) -> None:
    assert is_collective_agreement(number) is valid


def test_an_override_is_booked_next_to_the_grant_it_replaces() -> None:
    before = target(facts(), shipped(), day("2024-06-01")).lines
    after = target(facts(override("8", agreement="181682/CO/200")), shipped(), day("2024-06-01")).lines
    made = deltas(before, after, "override-event")
    assert [(line.kind, line.amount, line.date) for line in made] == [
        (Kind.OVERRIDE, 4, date(2024, 1, 1)),
        (Kind.RECALCULATION, Decimal("-2.5"), date(2024, 1, 1)),
    ]
    inputs = written_inputs(made[0])
    assert inputs["agreement"] == "181682/CO/200"
    assert inputs["reason"] == "company plan"


class TestOptOut:
    FROM_2025 = (OptOut(date(2025, 1, 1)),)

    def mode(self, of: Facts, year: int, on: str) -> GrantMode:
        before = target(facts(), shipped(), day("2024-06-01")).lines
        return grants(of, shipped(), day(on), before)[1][year].mode

    def test_nothing_is_granted_by_itself(self) -> None:
        of = facts(opt_outs=self.FROM_2025)
        assert figures(of, "2025-06-01")[2025].entitlement == 0
        assert self.mode(of, 2025, "2025-06-01") is GrantMode.AWAITING_REGISTRATION

    def test_what_the_employer_registers_is_granted(self) -> None:
        registered = override("6", start="2025-01-01", end="2025-12-31")
        of = facts(registered, opt_outs=self.FROM_2025)
        assert figures(of, "2025-06-01")[2025].entitlement == 3
        assert self.mode(of, 2025, "2025-06-01") is GrantMode.REGISTERED

    def test_months_that_are_not_registered_grant_nothing(self) -> None:
        registered = override("6", start="2025-07-01", end="2025-12-31")
        assert figures(facts(registered, opt_outs=self.FROM_2025), "2025-12-31")[2025].entitlement == Decimal("1.5")

    def test_a_year_already_granted_is_not_recalculated(self) -> None:
        before = target(facts(), shipped(), day("2024-06-01")).lines
        smaller = facts(size="15", opt_outs=(OptOut(date(2024, 6, 2)),))
        wanted = target(smaller, shipped(), day("2024-06-03"), granted=before)
        assert deltas(before, wanted.lines, "late-fact") == []
        assert wanted.years[2024].mode is GrantMode.KEPT

    def test_when_the_opt_out_ends_what_it_kept_is_recalculated(self) -> None:
        before = target(facts(), shipped(), day("2024-06-01")).lines
        smaller = facts(size="15", opt_outs=(OptOut(date(2024, 6, 2), date(2024, 8, 31)),))
        wanted = target(smaller, shipped(), day("2024-09-01"), granted=before)
        assert sum(line.amount for line in deltas(before, wanted.lines, "end")) == Decimal("-2")

    def test_a_registered_right_that_is_withdrawn_is_not_kept(self) -> None:
        registered = facts(override("6", start="2025-01-01", end="2025-12-31"), opt_outs=self.FROM_2025)
        before = target(registered, shipped(), day("2025-06-01")).lines
        withdrawn = target(facts(opt_outs=self.FROM_2025), shipped(), day("2025-06-02"), granted=before)
        assert withdrawn.years[2025].mode is GrantMode.AWAITING_REGISTRATION
        made = deltas(before, withdrawn.lines, "withdrawal")
        assert sum(line.amount for line in (*before, *made) if line.year == 2025 and line.about) == 0


def test_a_months_share_of_resulting_days_is_even() -> None:
    seven = override("7", RESULTING)
    shares = {month.by_override for month in compare_override(seven, facts(), [2024], shipped())}
    assert shares == {Fraction(7, 12)}
    assert rounded(shares.pop() * 12) == 7
