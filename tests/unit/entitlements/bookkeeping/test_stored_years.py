"""What is told of a year must be what is stored of it, and a reader must hear of every year that changed."""

from services.entitlements.bookkeeping.stored_years import StoredYear, changes, empty_year, is_empty, year_balance


def year(number: int, **figures: str) -> StoredYear:
    return StoredYear(number, **figures)


def test_what_expired_is_told_as_lost_and_available_is_what_nothing_reserves() -> None:
    stored = year(2029, granted="5.000000", carried_over="8.000000", charged="1.500000", expired="4.000000",
                  lost="0.500000", reserved="2.000000")  # fmt: skip
    assert year_balance(stored) == {
        "year": 2029, "granted": "5.000000", "carriedOver": "8.000000", "charged": "1.500000", "reserved": "2.000000",
        "lost": "4.500000", "balance": "7.000000", "available": "5.000000", "incomplete": False,
    }  # fmt: skip


def test_only_years_that_changed_are_told_and_one_that_is_gone_is_told_as_empty() -> None:
    before = {2024: year(2024, granted="1.000000"), 2025: year(2025, granted="2.000000")}
    after = {2025: year(2025, granted="2.000000"), 2026: year(2026, granted="3.000000")}
    assert [(one["year"], one["granted"]) for one in changes(before, after)] == [(2026, "3.000000"), (2024, "0.000000")]
    assert [one["year"] for one in changes(before, after) if one.get("gone")] == [2024]
    assert changes(after, after) == []


def test_a_year_that_has_begun_is_never_empty() -> None:
    assert is_empty(year(2027))
    assert is_empty(empty_year(2027, True))
    assert not is_empty(year(2027, reserved="1.000000"))
    assert not is_empty(year(2027, mode="automatic"))
