from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.entitlements.domain.charges.charged_training import TrainingStatus
from services.entitlements.domain.employments import EndReason
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.ledger import deltas, stands_alone, target
from services.entitlements.domain.lines import WITHDRAWN, Figure, Key, Kind, Line, Rule
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings
from services.entitlements.domain.year_end.carry_over import sum_years
from tests.unit.entitlements.domain.examples import day, employed, of_size, shipped, term, training


def facts(**changes: object) -> Facts:
    return replace(Facts(employed(), (), of_size("25")), **changes)  # type: ignore[arg-type]


def wanted(of: Facts, on: str = "2025-06-01") -> tuple[Line, ...]:
    return target(of, shipped(), day(on), cause="first").lines


def sums(lines: Iterable[Line]) -> dict[Key, Decimal]:
    totals: Counter[Key] = Counter()
    for line in lines:
        totals[line.key] += line.amount  # type: ignore[assignment]
    return {key: Decimal(total) for key, total in totals.items() if total}


def test_an_empty_ledger_gets_every_line_it_should_have() -> None:
    assert deltas([], wanted(facts()), "first") == list(wanted(facts()))


def test_what_is_booked_already_is_not_booked_again() -> None:
    lines = wanted(facts(trainings=(training("2024-05-06"),)))
    assert deltas(lines, lines, "again") == []


def test_a_late_fact_recalculates_the_right_and_what_was_carried_over_from_it() -> None:
    before = wanted(facts())
    after = wanted(facts(employment=employed("2024-01-01", None, term("2024-01-01", fraction="1/2"))))
    made = deltas(before, after, "working time")
    assert [(line.kind, line.year, line.date, line.amount) for line in made] == [
        (Kind.RECALCULATION, 2024, date(2024, 1, 1), Decimal("-2.5")),
        (Kind.RECALCULATION, 2025, date(2025, 1, 1), Decimal("-2.5")),
        (Kind.CARRY_OVER, 2025, date(2025, 1, 1), Decimal("-2.5")),
    ]
    assert {line.cause for line in made} == {"working time"}
    assert sums([*before, *made]) == sums(after)


def test_a_completed_training_releases_its_reservation_and_is_charged() -> None:
    planned = training("2025-05-06", status=TrainingStatus.PLANNED)
    made = deltas(
        wanted(facts(trainings=(planned,))),
        wanted(facts(trainings=(replace(planned, version=2, status=TrainingStatus.COMPLETED),))),
        "completed",
    )
    assert [(line.kind, line.figure, line.amount) for line in made] == [
        (Kind.CHARGE, Figure.CHARGED, -1),
        (Kind.GIVE_BACK, Figure.RESERVED, 1),
    ]


def test_a_cancelled_training_is_given_back_on_the_day_it_was_charged() -> None:
    followed = training("2025-05-06")
    cancelled = replace(followed, version=2, status=TrainingStatus.CANCELLED)
    made = deltas(wanted(facts(trainings=(followed,))), wanted(facts(trainings=(cancelled,))), "cancelled")
    assert [(line.kind, line.amount, line.date, line.training_id, line.inputs) for line in made] == [
        (Kind.GIVE_BACK, 1, date(2025, 5, 6), "training", WITHDRAWN)
    ]


def test_a_training_moved_to_another_day_leaves_nothing_on_the_old_one() -> None:
    made = deltas(
        wanted(facts(trainings=(training("2025-05-06"),))), wanted(facts(trainings=(training("2025-05-07"),))), "moved"
    )
    assert [(line.date.day, line.amount) for line in made] == [(7, -1), (6, 1)]


def test_a_correction_in_a_turned_year_corrects_what_was_carried_over() -> None:
    before = wanted(facts())
    after = wanted(facts(trainings=(training("2024-05-06"),)))
    made = deltas(before, after, "late")
    assert [(line.figure, line.year, line.amount) for line in made] == [
        (Figure.CHARGED, 2024, -1),
        (Figure.CARRIED_OVER, 2025, -1),
    ]


def test_later_expiry_and_loss_are_corrected_too() -> None:
    late = (training("2024-05-06"),)
    expired = deltas(wanted(facts(), "2029-06-01"), wanted(facts(trainings=late), "2029-06-01"), "late")
    assert [line.amount for line in expired if line.kind is Kind.EXPIRY] == [1]
    gone = employed("2024-01-01", "2024-06-30", reason=None)
    from_unknown = facts(employment=gone)
    resigned = facts(employment=replace(gone, end_reason=EndReason.RESIGNATION))
    assert [line.kind for line in deltas(wanted(from_unknown), wanted(resigned), "reason")] == [Kind.LOSS]


def test_an_employment_that_never_was_leaves_nothing() -> None:
    before = wanted(facts(trainings=(training("2024-05-06"),)))
    made = deltas(before, [], "cancelled")
    assert sums([*before, *made]) == {}
    assert deltas([*before, *made], [], "again") == []


def test_a_right_of_zero_days_is_booked_so_that_it_can_be_explained() -> None:
    made = deltas([], wanted(facts(sizes=of_size("9"))), "first")
    assert [(line.kind, line.amount, line.rule) for line in made] == [
        (Kind.GRANT, 0, Rule.GRANT_BY_MONTHS),
        (Kind.GRANT, 0, Rule.GRANT_BY_MONTHS),
    ]


def test_the_ledger_explains_a_right_by_what_decides_it_now_even_if_the_amount_stays() -> None:
    before = wanted(facts(sizes=of_size("25")), "2024-06-01")
    after = wanted(facts(sizes=of_size("26")), "2024-06-01")
    [line] = deltas(before, after, "new size")
    assert (line.amount, line.kind, line.inputs) == (0, Kind.RECALCULATION, after[0].inputs)
    assert deltas([*before, line], after, "again") == []


def test_a_key_that_comes_back_is_booked_again() -> None:
    first = wanted(facts(), "2024-06-01")
    gone = deltas(first, [], "gone")
    back = deltas([*first, *gone], first, "back")
    assert sums([*first, *gone, *back]) == sums(first)


def test_two_lines_about_the_same_thing_are_a_mistake() -> None:
    [line] = wanted(facts(), "2024-06-01")
    with pytest.raises(ValueError, match="same thing"):
        deltas([], [line, line], "twice")


def test_a_cause_and_a_key_name_one_line_so_that_a_retry_ends_in_the_same_row() -> None:
    before = wanted(facts())
    made = deltas(before, wanted(facts(sizes=of_size("15"))), "event")
    assert len({(line.cause, line.key_text) for line in made}) == len(made)
    assert made[0].key_text == "employment/2024/entitlement/grant:legal/2024-01-01"


class TestStandsAlone:
    """Whether a charge needs nothing but its own lines: the path that bulk files take."""

    def alone(self, on: str, today: str, settings: Settings = DEFAULTS, **changes: str | None) -> bool:
        employment = employed(**changes)  # type: ignore[arg-type]
        of = facts(employment=employment, trainings=(training(on),))
        charges = [line for line in wanted(of, today) if line.figure is Figure.CHARGED]
        assert charges
        return stands_alone(employment, charges, day(today), settings)

    def test_in_the_current_year_it_does(self) -> None:
        assert self.alone("2025-05-06", "2025-06-01")

    def test_in_a_turned_year_it_does_not(self) -> None:
        assert not self.alone("2024-05-06", "2025-01-01")

    def test_before_an_expiry_that_has_passed_it_does_not(self) -> None:
        assert not self.alone("2029-05-06", "2029-06-01", start="2024-06-01")
        assert self.alone("2029-05-06", "2029-05-31", start="2024-06-01")
        assert self.alone("2029-05-06", "2029-06-01", Settings(expiry=ExpiryRule.PER_RIGHT), start="2024-06-01")

    def test_after_the_end_of_the_contract_it_does_not(self) -> None:
        assert not self.alone("2024-05-06", "2024-07-01", end="2024-06-30")

    def test_a_reservation_always_does(self) -> None:
        of = facts(trainings=(training("2024-05-06", status=TrainingStatus.PLANNED),))
        reserved = [line for line in wanted(of) if line.figure is Figure.RESERVED]
        assert stands_alone(of.employment, reserved, day("2025-06-01"), DEFAULTS)


def test_the_sums_of_the_years_are_those_of_the_lines() -> None:
    employment = employed("2024-06-01")
    of = facts(employment=employment, trainings=(training("2029-05-06", id="1"), training("2029-07-06", id="2")))
    year = sum_years(employment, wanted(of, "2029-12-31"))[2029]
    assert (year.entitlement, year.charged, year.charged_before_expiry) == (5, 2, 1)
