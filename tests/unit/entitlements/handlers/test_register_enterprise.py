"""An enterprise that states a size must find it on every day it meant, and never two at once."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.entitlements.bookkeeping.account import KnownEnterprise, sizes_of
from services.entitlements.domain.arrangements.enterprise_size import SizePrecedence, overlapping
from services.entitlements.handlers.publish_events import size_state
from services.entitlements.handlers.register_enterprise import SizesOverlapError, merged
from tests.support.entitlements import size


def after(*declarations: list[dict[str, str]]) -> list[dict[str, str]]:
    known: Any = ()
    for declared in declarations:
        known = merged(known, declared)  # type: ignore[arg-type]
    return [size_state(one) for one in known]


def test_a_new_size_ends_an_open_one_and_an_earlier_one_ends_where_the_next_begins() -> None:
    expected = [size("15", "2024-01-01", "2025-12-31"), size("25", "2026-01-01")]
    assert after([size("15", "2024-01-01")], [size("25", "2026-01-01")]) == expected
    assert after([size("25", "2026-01-01")], [size("15", "2024-01-01")]) == expected
    assert after([size("15", "2024-01-01"), size("25", "2026-01-01")]) == expected


def test_what_was_shown_may_be_sent_back_as_it_is() -> None:
    shown = after([size("15", "2024-01-01")], [size("25", "2026-01-01")])
    assert after([size("15", "2024-01-01")], [size("25", "2026-01-01")], shown) == shown
    assert after([size("15", "2024-01-01")], [size("25", "2026-01-01")], [size("15", "2024-01-01")]) == shown


def test_a_figure_for_the_same_first_day_corrects_the_earlier_one() -> None:
    assert after([size("15")], [size("16")]) == [size("16")]


def test_sizes_that_are_not_mentioned_stay() -> None:
    assert after([size("15", valid_until="2023-12-31")], []) == [size("15", valid_until="2023-12-31")]


def test_stated_and_measured_sizes_stand_beside_each_other() -> None:
    assert len(after([size("15"), size("22.4", basis="measured")])) == 2


@pytest.mark.parametrize(
    ("declared", "index"),
    [
        ([size("15", "2024-01-01", "2024-12-31"), size("25", "2025-06-01")], 0),
        ([size("15", "2024-05-01", "2024-12-31"), size("25", "2024-06-01")], 1),
        ([size("15", "2024-01-01"), size("25", "2024-01-01")], 1),
        ([size("9", "2022-01-01", "2024-06-30")], 0),
    ],
)
def test_two_sizes_for_one_day_are_refused_with_the_one_that_is_wrong(
    declared: list[dict[str, str]], index: int
) -> None:
    with pytest.raises(SizesOverlapError) as error:
        after([size("12", "2024-03-01", "2024-04-30")], declared)
    assert error.value.index == index


days = st.dates(min_value=date(2023, 1, 1), max_value=date(2027, 1, 1))


@given(st.lists(st.tuples(days, st.integers(0, 99)), min_size=1, max_size=6, unique_by=lambda one: one[0]), st.data())
def test_open_sizes_give_the_same_whatever_comes_first_and_never_overlap(
    given_sizes: list[tuple[Any, int]], data: st.DataObject
) -> None:
    declared = [[size(str(workers), day.isoformat())] for day, workers in given_sizes]
    other_order = data.draw(st.permutations(declared))
    assert after(*declared) == after(*other_order)
    known = merged((), [one for (one,) in declared])  # type: ignore[arg-type]
    assert overlapping([one.period for one in known]) is None
    sizes = sizes_of(KnownEnterprise("", 1, "", (), known), SizePrecedence.MEASURED_FIRST)
    assert sizes.on(max(day for day, _ in given_sizes)) is not None
