"""Samples of employees and their employments: made of recorded answers, but for the forms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.gateway.web.employees.cancel_employment import CancelEmploymentView
from services.gateway.web.employees.employee import EmployeeView, view_of
from services.gateway.web.employees.employees import EmployeesView, employee_row
from services.gateway.web.employees.employment import terms_rows
from services.gateway.web.employees.employment_form import EmploymentFormView
from services.gateway.web.entitlements.cancel_entitlement import CancelEntitlementView
from services.gateway.web.entitlements.override import override_of
from services.gateway.web.entitlements.preview_entitlement import PreviewView
from services.gateway.web.entitlements.preview_entitlement import view_of as preview_of
from services.gateway.web.entitlements.register_entitlement import NewEntitlementView
from services.gateway.web.kit.employee_picker import Employee
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import CONFIRMED_COMMITTEES, FieldError, FormState
from services.gateway.web.kit.frame import Capacity, Party
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, Sorting
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.my_account.my_account import MeView, Office
from services.gateway.web.my_account.my_account import view_of as own_view_of
from shared.anomalies import anomaly
from shared.contracts.answers.dashboard import EmployeePage, Employment, PersonAccount, TrainingPage
from shared.contracts.answers.entitlements import Ledger, OverrideEffect, OverrideInForce, OverridePage
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
