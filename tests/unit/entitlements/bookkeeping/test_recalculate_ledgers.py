"""A ledger that the calendar forgets keeps a balance of last year for ever."""

from datetime import date
from fractions import Fraction

import pytest

from services.entitlements.bookkeeping.recalculate_ledgers import next_calendar_change
from services.entitlements.domain.employments import Employment, Term
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings


def employment(start: str, end: str | None = None) -> Employment:
    first = date.fromisoformat(start)
    last = None if end is None else date.fromisoformat(end)
    return Employment("e", "p", "x", first, last, (Term(first, "200", Fraction(1)),))


@pytest.mark.parametrize(
    ("start", "end", "today", "expected"),
    [
        ("2024-03-01", None, "2026-03-02", "2027-01-01"),
        ("2024-03-01", None, "2026-12-31", "2027-01-01"),
        ("2024-03-01", "2026-06-30", "2026-03-02", "2026-07-01"),
        ("2024-03-01", "2026-03-02", "2026-03-02", "2026-03-03"),
        ("2024-03-01", "2026-12-31", "2026-03-02", "2027-01-01"),
        ("2024-03-01", "2026-03-01", "2026-03-02", None),
        ("2026-04-01", None, "2026-03-02", "2026-04-01"),
        ("2024-03-01", None, "2029-01-15", "2029-03-01"),
        ("2024-03-01", None, "2029-03-01", "2030-01-01"),
    ],
)
def test_the_next_day_on_which_time_alone_changes_something(
    start: str, end: str | None, today: str, expected: str | None
) -> None:
    found = next_calendar_change(employment(start, end), date.fromisoformat(today), DEFAULTS)
    assert found == (None if expected is None else date.fromisoformat(expected))


def test_without_periods_five_years_end_with_a_year() -> None:
    per_right = Settings(expiry=ExpiryRule.PER_RIGHT)
    assert next_calendar_change(employment("2024-03-01"), date(2029, 1, 15), per_right) == date(2030, 1, 1)
