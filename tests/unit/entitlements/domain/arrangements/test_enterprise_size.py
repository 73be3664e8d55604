from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from services.entitlements.domain.arrangements.enterprise_size import (
    Quarter,
    QuarterDeclaration,
    SizeOrigin,
    SizePeriod,
    SizePrecedence,
    Sizes,
    reference_period,
)
from tests.unit.entitlements.domain.examples import day


def declared(year: int, quarter: int, fte: str, heads: int = 0, agency_fte: str = "0") -> QuarterDeclaration:
    return QuarterDeclaration(Quarter(year, quarter), Decimal(fte), heads, Decimal(agency_fte))


def stated(start: str, end: str | None, workers: str) -> SizePeriod:
    return SizePeriod(day(start), day(end) if end else None, Decimal(workers))


REFERENCE = (declared(2022, 4, "18"), declared(2023, 1, "19"), declared(2023, 2, "21"), declared(2023, 3, "22.5"))


def test_the_reference_period_of_2024_and_2025_is_october_2022_to_september_2023() -> None:
    assert reference_period(2024) == tuple(one.quarter for one in REFERENCE)


def test_windows_start_in_even_years() -> None:
    sizes = Sizes(declarations=tuple(declared(year, 4, "12") for year in (2020, 2022, 2024)))
    found = [sizes.on(date(year, 7, 1)) for year in (2022, 2023, 2024, 2025, 2026)]
    assert [size and size.start.year for size in found] == [2022, 2022, 2024, 2024, 2026]


def test_a_size_is_the_average_over_the_quarters_and_holds_for_the_whole_window() -> None:
    sizes = Sizes(declarations=REFERENCE)
    for on in (date(2024, 1, 1), date(2025, 12, 31)):
        size = sizes.on(on)
        assert size is not None
        assert (size.workers, size.origin) == (Fraction("20.125"), SizeOrigin.AVERAGE)
    assert sizes.on(date(2023, 12, 31)) is None
    assert sizes.on(date(2026, 1, 1)) is None


def test_quarters_without_a_declaration_do_not_lower_the_average() -> None:
    size = Sizes(declarations=REFERENCE[2:]).on(date(2024, 1, 1))
    assert size is not None
    assert size.workers == Fraction("21.75")


def test_sizes_are_compared_unrounded() -> None:
    thirds = tuple(
        declared(year, quarter, fte) for year, quarter, fte in ((2022, 4, "20"), (2023, 1, "20"), (2023, 2, "19.99"))
    )
    size = Sizes(declarations=thirds).on(date(2024, 1, 1))
    assert size is not None
    assert size.workers == Fraction("59.99") / 3
    assert size.workers < 20


def test_agency_workers_count_at_the_user() -> None:
    size = Sizes(declarations=(declared(2023, 1, "9", agency_fte="1.5"),)).on(date(2024, 1, 1))
    assert size is not None
    assert size.workers == Fraction("10.5")


def test_a_new_enterprise_has_the_heads_of_its_first_later_quarter_with_workers() -> None:
    sizes = Sizes(
        declarations=(declared(2024, 2, "0", heads=0), declared(2024, 3, "8.2", heads=12), declared(2024, 4, "30", 33))
    )
    for on in (date(2024, 1, 1), date(2025, 12, 31)):
        size = sizes.on(on)
        assert size is not None
        assert (size.workers, size.origin, size.quarters) == (12, SizeOrigin.HEADS, (Quarter(2024, 3),))


def test_the_quarter_right_after_the_reference_period_is_the_first_later_one() -> None:
    size = Sizes(declarations=(declared(2023, 4, "0", heads=7), declared(2024, 1, "0", heads=12))).on(date(2024, 1, 1))
    assert size is not None
    assert size.workers == 7


def test_heads_after_the_window_say_nothing_about_it() -> None:
    assert Sizes(declarations=(declared(2026, 1, "0", heads=12),)).on(date(2025, 12, 31)) is None


def test_the_measured_size_goes_before_the_stated_one_which_counts_where_nothing_was_declared() -> None:
    sizes = Sizes(stated=(stated("2022-01-01", None, "50"),), declarations=REFERENCE)
    measured, fallback = sizes.on(date(2024, 6, 1)), sizes.on(date(2026, 6, 1))
    assert measured is not None
    assert fallback is not None
    assert (measured.workers, measured.origin) == (Fraction("20.125"), SizeOrigin.AVERAGE)
    assert (fallback.workers, fallback.origin) == (50, SizeOrigin.STATED)


def test_which_goes_first_is_a_setting() -> None:
    sizes = Sizes(
        stated=(stated("2022-01-01", None, "50"),),
        measured=(stated("2024-01-01", "2025-12-31", "19.5"),),
        precedence=SizePrecedence.STATED_FIRST,
    )
    size = sizes.on(date(2024, 6, 1))
    assert size is not None
    assert size.origin is SizeOrigin.STATED


def test_stated_sizes_may_not_overlap() -> None:
    with pytest.raises(ValueError, match="one day"):
        Sizes(stated=(stated("2024-01-01", "2024-06-30", "9"), stated("2024-06-30", None, "11")))
    assert Sizes(stated=(stated("2024-01-01", "2024-06-29", "9"), stated("2024-06-30", None, "11")))


def test_without_any_size_there_is_none_and_never_a_guess() -> None:
    assert Sizes().on(date(2024, 1, 1)) is None
    assert Sizes(stated=(stated("2024-02-01", None, "9"),)).on(date(2024, 1, 31)) is None
