"""From what the services answer to what pages show: nothing may be told of a year that is not so."""

from datetime import date
from typing import Any

import pytest

from services.gateway.web.credit.credit import UnknownMonths
from services.gateway.web.credit.from_answers import why_no_credit, year_of_credit
from shared.contracts.answers.entitlements import Ledger
from tests.support.answering import whole

NOTHING = dict.fromkeys(("granted", "carriedOver", "charged", "reserved", "lost", "balance", "available"), "0")


def _line(amount: str, day: str = "2025-01-01", figure: str = "entitlement", **more: str) -> dict[str, Any]:
    return {
        "year": 2025,
        "figure": figure,
        "date": day,
        "kind": "grant",
        "amount": amount,
        "rule": "grant.byMonths",
        "ruleVersion": 1,
        "inputs": {"unit": "days", "months": []},
        "recordedAt": "2026-11-25T14:28:00+00:00",
    } | more


def _year(year: int, *lines: dict[str, Any], **described: Any) -> dict[str, Any]:
    return {"year": year, **NOTHING, "lines": list(lines), "incomplete": True} | described


def test_months_without_an_answer_are_told_in_stretches_also_those_of_earlier_years() -> None:
    unknown = [
        *({"day": f"2023-{month:02}-01", "reason": "beforeFirstRow"} for month in range(1, 7)),
        {"day": "2023-07-15", "reason": "sizeUnknown"},
        {"day": "2023-09-01", "reason": "sizeUnknown"},
    ]
    later = [{"day": "2025-01-01", "reason": "afterLastRow"}]
    ledger = {"years": [_year(2023, unknown=unknown), _year(2024), _year(2025, unknown=later)]}
    year = year_of_credit(whole(Ledger, ledger), 2024, {})
    assert year is not None
    assert list(year.unknown) == [
        UnknownMonths(2023, 1, 6, "beforeFirstRow"),
        UnknownMonths(2023, 7, 7, "sizeUnknown"),
        UnknownMonths(2023, 9, 9, "sizeUnknown"),
    ]
    assert not year.has_unknown_months
    last = year_of_credit(whole(Ledger, ledger), 2025, {})
    assert last is not None and last.has_unknown_months


def test_each_line_knows_what_was_booked_before_about_the_same_thing() -> None:
    lines = (
        _line("1", about="grant:legal"),
        _line("2", about="grant:sectoral"),
        _line("4", about="grant:legal"),
        _line("-0.5", figure="carriedOver"),
        _line("-4", about="grant:legal"),
        _line("1", "2025-02-01", about="grant:legal"),
    )
    year = year_of_credit(whole(Ledger, {"years": [_year(2025, *lines)]}), 2025, {})
    assert year is not None
    assert [None if line.before is None else str(line.before) for line in year.lines] == [
        None, None, "1", None, "5", None,
    ]  # fmt: skip


def test_what_becomes_of_the_rest_is_told_in_the_year_the_contract_ends() -> None:
    employment = {"endDate": "2025-06-30", "restAtEnd": "undecided"}
    ledger = {"employment": employment, "years": [_year(2024), _year(2025)]}
    rests = [year.rest_at_end for number in (2024, 2025) if (year := year_of_credit(whole(Ledger, ledger), number, {}))]
    assert rests == [None, "undecided"]


@pytest.mark.parametrize(
    ("year", "end", "why"),
    [
        (2023, None, "notInService"),
        (2026, date(2025, 12, 31), "notInService"),
        (2024, date(2024, 12, 31), "notBegun"),
        (2024, None, "notBegun"),
    ],
)
def test_a_year_without_a_right_says_why(year: int, end: date | None, why: str) -> None:
    """ "Being calculated, load again" would send the reader waiting for what never comes."""
    assert why_no_credit(date(2024, 6, 17), end, year, today=date(2024, 6, 16)) == why


def test_only_a_right_that_is_to_come_at_any_moment_is_being_calculated() -> None:
    assert why_no_credit(date(2024, 6, 17), None, 2024, today=date(2024, 6, 17)) == "pending"
