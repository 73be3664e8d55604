from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.entitlements.domain.arrangements.rows import (
    ArrangementRow,
    ArrangementSet,
    Unit,
    Validity,
    contradictions,
)
from services.entitlements.domain.arrangements.size_bands import SizeBand
from services.entitlements.domain.arrangements.which_applies import Arrangements, ReasonCode
from services.entitlements.reference.load_arrangements import load_arrangements
from tests.unit.entitlements.domain.examples import NO_SECTOR, day, shipped


def row(code: str, band: SizeBand, start: str, until: str | None, amount: str) -> ArrangementRow:
    validity = Validity(day(start), day(until) if until else None)
    return ArrangementRow(ArrangementSet.SECTOR, code, band, validity, Decimal(amount), Unit.DAYS, "test")


TWENTY_AND_MORE = SizeBand(Fraction(20), None)
UNDER_TWENTY = SizeBand(Fraction(0), Fraction(20))


def days(code: str | None, size: str, on: str, base: ArrangementSet = ArrangementSet.BROCHURE) -> Fraction | None:
    return shipped(base).applicable(code, Decimal(size), day(on)).days()


def why(code: str | None, size: str | None, on: str) -> ReasonCode:
    return shipped().applicable(code, None if size is None else Decimal(size), day(on)).reason.code


@pytest.mark.parametrize(
    ("size", "expected"),
    [("0", 0), ("9.99", 0), ("10", 1), ("19.5", 1), ("20", 1), ("20.01", 5), ("21", 5), ("5000", 5)],
)
def test_the_brochures_size_rule(size: str, expected: int) -> None:
    assert days(NO_SECTOR, size, "2024-06-01") == expected


@pytest.mark.parametrize(
    ("size", "on", "expected"),
    [("9.99", "2023-06-01", 0), ("19.99", "2023-06-01", 1), ("20", "2023-06-01", 4), ("20", "2024-01-01", 5)],
)
def test_the_laws_size_rule_is_the_other_set(size: str, on: str, expected: int) -> None:
    assert days(NO_SECTOR, size, on, ArrangementSet.LAW) == expected


def test_a_joint_committee_replaces_the_base_and_is_not_added_to_it() -> None:
    assert days("200", "25", "2024-06-01") == 3
    assert days("200", "25", "2026-06-01") == 4
    assert days("324", "500", "2024-06-01") == 0


def test_at_exactly_twenty_the_base_gives_one_day_and_many_sectors_their_full_path() -> None:
    assert days(NO_SECTOR, "20", "2024-06-01") == 1
    assert days("322.01", "20", "2024-06-01") == 5


def test_a_sector_that_says_nothing_about_a_size_leaves_it_to_the_base() -> None:
    answer = shipped().applicable("115", Decimal(15), date(2025, 6, 1))
    assert answer.days() == 1
    assert answer.reason.code is ReasonCode.BASE
    assert answer.reason.parameters["silent"] == "115"


def test_the_most_specific_code_that_speaks_decides() -> None:
    known = Arrangements(
        [
            *load_arrangements(),
            row("305", UNDER_TWENTY, "2023-01-01", None, "1.5"),
            row("305", TWENTY_AND_MORE, "2023-01-01", None, "2"),
            row("305.02", TWENTY_AND_MORE, "2023-01-01", None, "3"),
            row("305.02.09", TWENTY_AND_MORE, "2025-01-01", None, "4"),
        ]
    )
    own = known.applicable("305.02.09", Decimal(30), date(2025, 6, 1))
    assert (own.days(), own.reason.code) == (4, ReasonCode.OWN_COMMITTEE)
    wider = known.applicable("305.02.01", Decimal(30), date(2025, 6, 1))
    assert (wider.days(), wider.reason.parameters["decidedBy"]) == (3, "305.02")
    widest = known.applicable("305.02.09", Decimal(15), date(2025, 6, 1))
    assert (widest.days(), widest.reason.code) == (Fraction(3, 2), ReasonCode.WIDER_COMMITTEE)
    assert widest.reason.parameters["silent"] == "305.02.09, 305.02"
    silent_then = known.applicable("305.02.09", Decimal(30), date(2024, 12, 31))
    assert (silent_then.days(), silent_then.reason.code) == (None, ReasonCode.BEFORE_FIRST_ROW)


@pytest.mark.parametrize(
    ("code", "on", "reason", "parameter", "value"),
    [
        ("115", "2025-06-01", ReasonCode.BETWEEN_ROWS, "previousUntil", "2024-01-01"),
        ("115", "2025-06-01", ReasonCode.BETWEEN_ROWS, "nextFrom", "2027-01-01"),
        ("200", "2023-12-31", ReasonCode.BEFORE_FIRST_ROW, "nextFrom", "2024-01-01"),
        ("114", "2031-01-01", ReasonCode.AFTER_LAST_ROW, "previousUntil", "2031-01-01"),
        (NO_SECTOR, "2022-12-31", ReasonCode.BEFORE_FIRST_ROW, "nextFrom", "2023-01-01"),
    ],
)
def test_where_a_sector_has_no_row_the_right_is_unknown_and_says_so(
    code: str, on: str, reason: ReasonCode, parameter: str, value: str
) -> None:
    answer = shipped().applicable(code, Decimal(25), day(on))
    assert (answer.known, answer.days()) == (False, None)
    assert answer.reason.code is reason
    assert answer.reason.parameters[parameter] == value


def test_no_size_and_no_committee_are_unknown_and_said_aloud() -> None:
    assert why("324", None, "2024-06-01") is ReasonCode.SIZE_UNKNOWN
    assert why(None, "25", "2024-06-01") is ReasonCode.JOINT_COMMITTEE_UNKNOWN


def test_an_answer_says_its_source_unit_and_reason() -> None:
    answer = shipped().applicable("111.01.07", Decimal(20), date(2025, 6, 1))
    assert answer.row is not None
    assert (answer.row.amount, answer.row.unit) == (36, Unit.HOURS)
    assert answer.row.source.startswith("https://www.groups.be/")
    assert answer.hours() == 36
    assert answer.reason.parameters | {"size": "20", "date": "2025-06-01", "jointCommittee": "111.01.07"} == (
        answer.reason.parameters
    )


def test_hours_are_never_taken_for_days() -> None:
    named = shipped().applicable("111.01.07", Decimal(20), date(2026, 6, 1))
    assert (named.hours(), named.days()) == (40, 5)
    assert named.row is not None
    without_a_day_of_its_own = replace(named, row=replace(named.row, hours_per_day=None))
    assert without_a_day_of_its_own.days() == Fraction(40) / Fraction("7.6")
    assert without_a_day_of_its_own.days(Decimal(40)) == 5


def test_days_are_told_in_hours_of_a_full_timers_week() -> None:
    five_days = shipped().applicable(NO_SECTOR, Decimal(25), date(2024, 6, 1))
    assert (five_days.hours(), five_days.hours(Decimal(40))) == (38, 40)
    assert shipped().applicable("115", Decimal(25), date(2025, 6, 1)).hours() is None


def test_an_average_per_fte_counts_as_an_individual_right_and_is_marked() -> None:
    answer = shipped().applicable("116", Decimal(5), date(2024, 6, 1))
    assert answer.row is not None
    assert (answer.days(), answer.row.average_per_fte, answer.row.min_months_worked) == (1, True, 6)


def test_every_shipped_row_loads_and_none_contradicts_another() -> None:
    rows = load_arrangements()
    assert len(rows) == 113
    assert contradictions(rows) == []
    assert len({one.id for one in rows}) == len(rows)


def test_every_size_has_one_base_row_on_every_day_since_2023() -> None:
    for base in (ArrangementSet.BROCHURE, ArrangementSet.LAW):
        for size in ("0", "9.999", "10", "19.999", "20", "20.001", "100000"):
            for on in ("2023-01-01", "2023-12-31", "2024-01-01", "2040-01-01"):
                assert days(NO_SECTOR, size, on, base) is not None


def test_contradicting_rows_are_refused_before_anyone_is_granted_by_them() -> None:
    first = row("305", TWENTY_AND_MORE, "2023-01-01", None, "3")
    second = row("305", SizeBand(Fraction(10), Fraction(20), upper_included=True), "2024-01-01", "2025-01-01", "1")
    with pytest.raises(ValueError, match="305"):
        Arrangements([first, second])
    assert contradictions([first, replace(second, joint_committee="306")]) == []


def test_a_negative_size_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="negative"):
        shipped().applicable("200", Decimal(-1), date(2024, 1, 1))


sizes = st.fractions(min_value=0, max_value=30, max_denominator=4)
bands = st.builds(
    lambda lower, width, low, up: SizeBand(lower, None if width is None else lower + width, low, up),
    sizes,
    st.none() | st.fractions(min_value=Fraction(1, 4), max_value=10, max_denominator=4),
    st.booleans(),
    st.booleans(),
)


@given(bands, bands)
def test_two_bands_overlap_exactly_if_some_size_lies_in_both(one: SizeBand, other: SizeBand) -> None:
    probes = [Fraction(number, 8) for number in range(8 * 42)]
    shared = any(one.contains(size) and other.contains(size) for size in probes)
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared


@given(
    st.sampled_from([*sorted({row.joint_committee for row in load_arrangements()} - {"*"}), NO_SECTOR]),
    st.decimals(min_value=0, max_value=60, places=2),
    st.integers(0, 4000),
)
def test_an_answer_always_comes_from_a_row_that_contains_the_size_and_the_day(
    code: str, size: Decimal, offset: int
) -> None:
    on = date(2022, 6, 1) + timedelta(days=offset)
    answer = shipped().applicable(code, size, on)
    if answer.row is not None:
        assert answer.row.size.contains(Fraction(size))
        assert answer.row.validity.contains(on)
    rows = [one for one in load_arrangements() if one.joint_committee == code and one.size.contains(Fraction(size))]
    decided_here = any(one.validity.contains(on) for one in rows)
    assert answer.known is (decided_here or (not rows and on >= date(2023, 1, 1)))
