"""The form about an employment: its own unit, all that is wrong at once, and terms that move with the first day."""

from typing import Any

import pytest
from starlette.datastructures import FormData

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.employees.change_employment import changed_terms, starting_on
from services.gateway.web.employees.employment_form import EmploymentFormView, asked
from services.gateway.web.employees.working_time import (
    fraction_typed,
    in_percent,
    looks_like_fraction,
    values_of,
    working_time_typed,
)
from services.gateway.web.kit.forms import FieldError, errors_of, once_each, state_of
from services.gateway.web.kit.opt_outs import opt_out_values, opt_outs_fields
from services.gateway.web.kit.submit import check
from shared.contracts.answers.dashboard import Employment
from shared.contracts.employer_submissions import OptOut
from shared.i18n import Language
from tests.support.answering import whole

NL = Language.DUTCH


def _terms(*days: str) -> list[dict[str, str]]:
    return [
        {"validFrom": day, "jointCommittee": "200", "workingTime": f"0.{place}"} for place, day in enumerate(days, 5)
    ]


@pytest.mark.parametrize(("typed", "fraction"), [("80", "0.8"), ("80 %", "0.8"), ("87,5%", "0.875"), ("x", "x")])
def test_working_time_is_typed_in_percent(typed: str, fraction: str) -> None:
    assert fraction_typed(FormData({"workingTime": typed}), NL) == fraction


def test_the_bounds_are_those_of_the_field() -> None:
    found = in_percent(
        [
            {"code": "outOfRange", "field": "terms[0].workingTime", "params": {"minimum": "0", "maximum": "1"}},
            {"code": "tooManyDecimals", "field": "terms[0].workingTime", "params": {"maximum": "8"}},
            {"code": "outOfRange", "field": "days", "params": {"minimum": "0", "maximum": "366"}},
        ]
    )
    assert [error.text for error in errors_of(found, Language.ENGLISH)] == [
        "This value must lie between 0 and 100.",
        "This number has too many decimals: at most 6.",
        "This value must lie between 0 and 366.",
    ]


@pytest.mark.parametrize(
    ("typed", "asks"),
    [("0,8", True), ("1", True), ("0.5", True), ("1,1", False), ("80", False), ("0", False), ("x", False)],
)
def test_what_looks_like_a_fraction_is_asked_about_and_never_stored_in_silence(typed: str, asks: bool) -> None:
    form = FormData({"workingTime": typed})
    assert bool(looks_like_fraction(form, NL)) is asks
    confirmed = FormData({"workingTime": typed, "confirmedWorkingTime": typed})
    assert looks_like_fraction(confirmed, NL) == ()
    other = FormData({"workingTime": typed, "confirmedWorkingTime": "0,7"})
    assert bool(looks_like_fraction(other, NL)) is asks


def test_the_question_names_both_readings() -> None:
    [question] = looks_like_fraction(FormData({"workingTime": "0,8"}), Language.ENGLISH)
    assert question.text == "Is 0.8\u00a0% of full time meant? For 80\u00a0% write 80."


def test_nothing_is_asked_about_a_field_that_is_wrong() -> None:
    form = FormData({"workingTime": "0,8", "jointCommittee": "999"})
    wrong = [FieldError("workingTime", "x"), FieldError("jointCommittee", "x")]
    assert asked(form, NL, (), wrong) == ()
    assert [error.field for error in asked(form, NL, (), ())] == ["confirmedCommittees", "confirmedWorkingTime"]


def test_all_that_is_wrong_is_shown_once_in_the_order_of_the_form() -> None:
    fields: dict[str, Any] = {"ssin": "1", "enterpriseNumber": "0403019261", "terms": [{"jointCommittee": "x"}]}
    wrong = check(Declared(1, DeclarationKind.EMPLOYMENT_REGISTRATION, fields))
    names = {f"terms.{name}": name for name in ("jointCommittee", "workingTime")} | {"terms.validFrom": "startDate"}
    state = state_of(FormData(), EmploymentFormView.new_fields, errors=errors_of(wrong, NL, names))
    assert [error.field for error in state.errors] == ["ssin", "startDate", "jointCommittee", "workingTime"]


def test_an_error_of_two_fields_stands_where_they_are_and_one_of_the_whole_form_first() -> None:
    errors = [
        FieldError("employees", "a"),
        FieldError("duration", "b"),
        FieldError("title", "c"),
        FieldError(None, "d"),
    ]
    ordered = once_each(errors, ("title", "durationHours", "durationMinutes", "employees"))
    assert [error.field for error in ordered] == [None, "title", "duration", "employees"]


def test_a_warning_is_no_error_of_a_form() -> None:
    assert errors_of([{"code": "unknownJointCommittee", "field": "jointCommittees[0]"}], NL) == ()


@pytest.mark.parametrize(
    ("start", "kept"),
    [
        ("2024-01-01", [("2024-01-01", "0.5"), ("2024-06-01", "0.6"), ("2025-01-01", "0.7")]),
        ("2024-05-01", [("2024-05-01", "0.5"), ("2024-06-01", "0.6"), ("2025-01-01", "0.7")]),
        ("2024-06-01", [("2024-06-01", "0.6"), ("2025-01-01", "0.7")]),
        ("2024-09-15", [("2024-09-15", "0.6"), ("2025-01-01", "0.7")]),
        ("2026-01-01", [("2026-01-01", "0.7")]),
    ],
)
def test_a_first_day_moved_past_a_change_takes_what_holds_then(start: str, kept: list[tuple[str, str]]) -> None:
    terms = _terms("2024-03-01", "2024-06-01", "2025-01-01")
    assert [(t["validFrom"], t["workingTime"]) for t in starting_on(start, terms)] == kept


KNOWN = whole(
    Employment,
    {
        "startDate": "2024-03-01",
        "terms": [
            {"validFrom": "2024-03-01", "jointCommittee": "200", "fraction": "0.5"},
            {"validFrom": "2024-06-01", "jointCommittee": "200", "fraction": "0.8"},
        ],
    },
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ({"startDate": "01/09/2024"}, [("2024-09-01", "1")]),
        ({"startDate": "15/04/2024"}, [("2024-04-15", "0.5"), ("2024-06-01", "1")]),
        ({"startDate": "01/02/2024"}, [("2024-02-01", "0.5"), ("2024-06-01", "1")]),
        ({"startDate": "01/07/2024", "validFrom": "01/01/2025"}, [("2024-07-01", "0.8"), ("2025-01-01", "1")]),
        ({"startDate": "01/03/2024", "validFrom": "01/05/2024"}, [("2024-03-01", "0.5"), ("2024-05-01", "1")]),
        ({"startDate": "01/03/2024", "validFrom": "01/02/2024"}, [("2024-03-01", "1")]),
        ({"endDate": "30/04/2024"}, [("2024-03-01", "0.5")]),
        ({"startDate": "01/04/2024", "endDate": "30/04/2024"}, [("2024-04-01", "0.5")]),
    ],
)
def test_the_terms_follow_what_was_typed(typed: dict[str, str], terms: list[tuple[str, str]]) -> None:
    form = FormData({"jointCommittee": "200", "workingTime": "100"} | typed)
    changed = changed_terms(form, KNOWN, NL)
    assert [(t["validFrom"], t["workingTime"]) for t in changed] == terms


IN_HOURS = whole(
    Employment,
    {
        "startDate": "2024-03-01",
        "terms": [
            {"validFrom": "2024-03-01", "jointCommittee": "200", "fraction": "0.625", "weeklyHours": "25",
             "fullTimeWeek": "40"},
            {"validFrom": "2024-06-01", "jointCommittee": "200", "fraction": "0.8"},
        ],
    },
)  # fmt: skip


def test_working_time_is_typed_in_hours_a_week_of_a_full_timers() -> None:
    form = FormData({"workingTime": "30,4", "workingTimeUnit": "hours", "fullTimeWeek": "40"})
    assert working_time_typed(form, NL) == {"weeklyHours": "30.4", "fullTimeWeek": "40"}
    # One hour a week is little and no fraction of anything.
    assert looks_like_fraction(FormData({"workingTime": "1", "workingTimeUnit": "hours"}), NL) == ()


def test_a_change_keeps_how_working_time_was_declared() -> None:
    """Lost: a contract of 25 of 40 hours that becomes 62.5 % of 38 by changing its last day."""
    form = FormData({"jointCommittee": "200", "workingTime": "80", "fullTimeWeek": "38", "startDate": "01/03/2024"})
    first, second = changed_terms(form, IN_HOURS, NL)
    assert first == {"validFrom": "2024-03-01", "jointCommittee": "200", "weeklyHours": "25", "fullTimeWeek": "40"}
    assert (second["workingTime"], second["fullTimeWeek"]) == ("0.8", "38")
    assert values_of(IN_HOURS.terms[0]) == {"workingTime": "25", "workingTimeUnit": "hours", "fullTimeWeek": "40"}
    assert values_of(IN_HOURS.terms[1]) == {"workingTime": "80", "workingTimeUnit": "percent", "fullTimeWeek": "38"}


EARLIER: OptOut = {"validFrom": "2023-01-01", "validUntil": "2023-12-31"}
LAST: OptOut = {"validFrom": "2025-01-01"}


@pytest.mark.parametrize(
    ("typed", "known", "fields"),
    [
        ({}, [], {}),
        ({"optOutFrom": "01/01/2025"}, [EARLIER, LAST], {}),
        ({"optOutFrom": "01/01/2025"}, [], {"optOuts": [LAST]}),
        ({"optOutFrom": "01/01/2025", "optOutUntil": "30/06/2025"}, [EARLIER, LAST],
         {"optOuts": [EARLIER, LAST | {"validUntil": "2025-06-30"}]}),
        ({}, [LAST], {"optOuts": []}),
        ({"optOutUntil": "30/06/2025"}, [], {"optOuts": [{"validUntil": "2025-06-30"}]}),
    ],
)  # fmt: skip
def test_the_last_opt_out_is_typed_and_the_earlier_ones_stay(
    typed: dict[str, str], known: list[OptOut], fields: dict[str, Any]
) -> None:
    assert opt_outs_fields(FormData(typed), known) == fields
    assert opt_outs_fields(FormData(opt_out_values(known)), known) == {}
