"""Samples of employees and their employments: made of recorded answers, but for the forms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.gateway.web.employees.cancel_employment import CancelEmploymentView
from services.gateway.web.employees.employee import EmployeeView, view_of
from services.gateway.web.employees.employees import EmployeesView, employee_row
from services.gateway.web.employees.employment import terms_rows
from services.gateway.web.employees.employment_form import EmploymentFormView
from services.gateway.web.employees.suppose import SupposeView
from services.gateway.web.employees.suppose import years_of as supposed_years
from services.gateway.web.entitlements.cancel_entitlement import CancelEntitlementView
from services.gateway.web.entitlements.override import override_of
from services.gateway.web.entitlements.preview_entitlement import PreviewView
from services.gateway.web.entitlements.preview_entitlement import view_of as preview_of
from services.gateway.web.entitlements.register_entitlement import NewEntitlementView
from services.gateway.web.kit.employee_picker import Employee
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import CONFIRMED_COMMITTEES, FieldError, FormState
from services.gateway.web.kit.frame import Capacity, Party
from services.gateway.web.kit.known_then import KnownThen
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, Sorting
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.my_account.my_account import MeView, Office
from services.gateway.web.my_account.my_account import view_of as own_view_of
from shared.anomalies import anomaly
from shared.contracts.answers.dashboard import EmployeePage, Employment, PersonAccount, TrainingPage
from shared.contracts.answers.entitlements import (
    FiveYearPeriod,
    Ledger,
    OverrideEffect,
    OverrideInForce,
    OverridePage,
    SupposedLine,
    WhatIf,
    YearFigures,
)
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, EMPLOYEES, LOGISTICS
from tests.pages.recorded_answers import YEAR, names, recorded
from tests.pages.representing import ANNOUNCED, ASKED, OFFERS, PENDING, REFUSED
from tests.pages.training_forms import KEY, picker

_CELINE = recorded("employment", Employment)
_OVERRIDES = [override_of(one) for one in recorded("employment-overrides", OverridePage).items]
_COMMITTEES = tuple((code, "") for code in ("118", "200", "302", "305.02.09"))
_TERMS = terms_rows(_CELINE.terms)
EMPLOYMENT = _CELINE.employment
FIGURE = next(one for one in _OVERRIDES if not one.cancelled)


def listed(_language: Language) -> EmployeesView:
    """The first page."""
    answer = recorded("employees", EmployeePage)
    rows = tuple(employee_row(line, names()) for line in answer.items)
    listing = Listing(rows, answer.total, 1, PAGE_SIZE, Sorting("name"))
    return EmployeesView(BAKERY, YEAR, years_until_now(), listing, only_in_totals=answer.totals.only_in_totals)


def none_found(_language: Language) -> EmployeesView:
    """A search without result."""
    return EmployeesView(BAKERY, YEAR, years_until_now(), Listing((), 0), search="Xavier")


def one(language: Language) -> EmployeeView:
    """An employee whose working time changed in July."""
    return view_of(
        _CELINE,
        recorded("employment-ledger", Ledger),
        recorded("employment-trainings", TrainingPage).items,
        recorded("employment-overrides", OverridePage).items,
        {line.training: line.title for line in recorded("employment-trainings", TrainingPage).items},
        BAKERY,
        YEAR,
        name=names()[_CELINE.person],
        masked_national_number=Formatter(language).masked_national_number("85073003328"),
        contested_at=ASKED,
    )


def one_known_then(language: Language) -> EmployeeView:
    """As it was known in June; in the five years before, less was followed than granted."""
    short = FiveYearPeriod(
        start_date=date(2019, 1, 1),
        end_date=date(2023, 12, 31),
        granted=Decimal(20),
        charged=Decimal("12.5"),
        missing=Decimal("7.5"),
        warning=True,
    )
    known = KnownThen(date(YEAR, 6, 30), f"30/06/{YEAR}")
    return replace(one(language), short_periods=(short,), known=known)


def suppose(_language: Language) -> SupposeView:
    """Full time from July on, for who works four fifths."""
    form = FormState(KEY, {"workingTime": "100", "validFrom": f"{YEAR}-07-01", "asOf": f"{YEAR}-12-31"})
    figures = {"carried_over": Decimal(0), "charged": Decimal(1), "reserved": Decimal(0), "lost": Decimal(0)}
    now = YearFigures(
        year=YEAR, granted=Decimal("4.5"), balance=Decimal("3.5"), available=Decimal("3.5"), incomplete=False, **figures
    )
    then = YearFigures(
        year=YEAR, granted=Decimal(5), balance=Decimal(4), available=Decimal(4), incomplete=False, **figures
    )
    months = [{"from": 1, "to": 12, "count": 12, "amount": "5", "unit": "days", "fraction": "1"}]
    line = SupposedLine(
        year=YEAR, figure="entitlement", date=date(YEAR, 1, 1), kind="grant", amount=Decimal(5), rule="grant.byMonths",
        rule_version=1, inputs={"unit": "days", "months": months},
    )  # fmt: skip
    answer = WhatIf(as_of=date(YEAR, 12, 31), now=[now], then=[then], lines=[line])
    return SupposeView(
        BAKERY, EMPLOYMENT, names()[_CELINE.person], form, _COMMITTEES, answer.as_of, supposed_years(answer)
    )


def suppose_wrong(_language: Language) -> SupposeView:
    """With an end before the beginning."""
    errors = (FieldError("endDate", "The end date lies before the start date."),)
    form = FormState(KEY, {"endDate": "2001-01-01"}, errors=errors)
    return SupposeView(BAKERY, EMPLOYMENT, names()[_CELINE.person], form, _COMMITTEES)


def just_added(_language: Language) -> EmployeeView:
    """An employee whose right is still being calculated, and who leaves."""
    known = recorded("employment-ending", Employment)
    return view_of(known, None, (), (), {}, BAKERY, YEAR, name=names()[known.person], masked_national_number=None)


def new(language: Language) -> EmploymentFormView:
    """The form that adds someone, with errors."""
    wrong_digits = "This is not a valid national or BIS number: its check digits are wrong."
    errors = (
        FieldError("ssin", translate(language, wrong_digits)),
        FieldError("startDate", translate(language, "This field is required.")),
    )
    values = {"ssin": "85.07.30-033.29", "givenName": "Céline", "familyName": "Dupont", "workingTime": "80"}
    return EmploymentFormView(BAKERY, FormState(KEY, values, errors=errors), _COMMITTEES)


def new_doubted(language: Language) -> EmploymentFormView:
    """The form that asks about a joint committee nobody knows."""
    doubt = FieldError(
        CONFIRMED_COMMITTEES, translate(language, "No joint committee with this number is known here. Check it.")
    )
    values = {"ssin": "85.07.30-033.28", "startDate": "2024-09-01", "jointCommittee": "999", "workingTime": "80"}
    return EmploymentFormView(BAKERY, FormState(KEY, values, errors=(doubt,)), _COMMITTEES, doubted="999")


def change(_language: Language) -> EmploymentFormView:
    """The form that changes an employment."""
    values = {"startDate": "2019-03-01", "jointCommittee": "118", "workingTime": "80", "expectedVersion": "2"}
    values |= {"givenName": "Céline", "familyName": "Dupont"}
    return EmploymentFormView(BAKERY, FormState(KEY, values), _COMMITTEES, EMPLOYMENT, EMPLOYEES[1], _TERMS)


def new_entitlement(_language: Language) -> NewEntitlementView:
    """The form that registers a right."""
    form = FormState(KEY, {"year": str(YEAR), "basis": "fullTimeDays", "rightType": "company"})
    return NewEntitlementView(BAKERY, form, picker(), years_until_now())


def preview_entitlement(language: Language) -> PreviewView:
    """What nine days would change for three people, one of whom had left and one of whom has a figure already."""
    fields = {"year": str(YEAR), "basis": "resultingDays", "days": "9", "reason": "bedrijfsakkoord"}
    one, two, three = (f"018f0000-0000-7000-8000-00000000000{number}" for number in (1, 2, 3))
    people = [
        Employee(id_, id_, name, date(2019, 3, 1), None)
        for id_, name in zip((one, two, three), EMPLOYEES[:3], strict=True)
    ]
    existing = [OverrideInForce(basis="fullTimeDays", days=Decimal(7))]
    effects = [
        OverrideEffect(employment=one, now=Decimal("4.166667"), then=Decimal(9), existing=[], anomalies=[]),
        OverrideEffect(employment=two, now=Decimal(7), then=Decimal(9), existing=existing, anomalies=[]),
        OverrideEffect(
            employment=three,
            now=Decimal(0),
            then=Decimal(0),
            existing=[],
            anomalies=[anomaly("yearOutsideEmployment", "year")],
        ),
    ]
    return preview_of(BAKERY, FormState(KEY, fields), fields, people, effects, language)


def cancel_entitlement(_language: Language) -> CancelEntitlementView:
    """The question whether an own figure is taken back."""
    return CancelEntitlementView(BAKERY, EMPLOYMENT, EMPLOYEES[1], FIGURE, FormState(KEY))


def cancel_employment(_language: Language) -> CancelEmploymentView:
    """The question whether an employment never was."""
    return CancelEmploymentView(BAKERY, EMPLOYMENT, EMPLOYEES[1], date(2019, 3, 1), None, FormState(KEY))


def me(_language: Language) -> MeView:
    """Someone with two employers, the size of one of which nobody knows."""
    account = recorded("account", PersonAccount)
    ledgers = [recorded(f"account-ledger-{number}", Ledger) for number in range(len(account.employments))]
    parties = {party.number: party.name for party in (BAKERY, LOGISTICS)}
    own, trainings = own_view_of(account, ledgers, parties, YEAR)
    return MeView(EMPLOYEES[0], YEAR, years_until_now(), own, trainings)


def me_told(language: Language) -> MeView:
    """Someone who is told of new employers, and represents enterprises besides."""
    told = {"announced": ANNOUNCED, "claims": (PENDING, REFUSED), "offers": OFFERS, "may_register": True}
    return replace(me(language), **told)  # type: ignore[arg-type]


def me_new(_language: Language) -> MeView:
    """Someone of whom nothing is known yet."""
    return MeView(EMPLOYEES[5], 2024, (), (), ())


def me_provider(_language: Language) -> MeView:
    """Someone who signed in for a training provider, of which only the number is known here."""
    return MeView(EMPLOYEES[5], 2024, (), (), (), (Office(Capacity.PROVIDER, Party("0417497106", "")),))


def me_fund(_language: Language) -> MeView:
    """Someone who signed in for a sector fund."""
    return MeView(
        EMPLOYEES[5], 2024, (), (), (), (Office(Capacity.SECTOR_FUND, Party("0202239951", "Fonds Toitform")),)
    )
