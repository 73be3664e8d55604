"""Samples of employees and their employments."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.gateway.web.employees.cancel_employment import CancelEmploymentView
from services.gateway.web.employees.employee import EmployeeView
from services.gateway.web.employees.employees import EmployeeRow, EmployeesView
from services.gateway.web.employees.employment import TermsRow
from services.gateway.web.employees.employment_form import EmploymentFormView
from services.gateway.web.entitlements.cancel_entitlement import CancelEntitlementView
from services.gateway.web.entitlements.override import Override
from services.gateway.web.entitlements.register_entitlement import NewEntitlementView
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import CONFIRMED_COMMITTEES, FieldError, FormState
from services.gateway.web.kit.frame import Capacity, Party
from services.gateway.web.kit.list_pages import Listing, Sorting
from services.gateway.web.my_account.my_account import MeView, Office, OwnEmployment
from shared.i18n import Language, translate
from tests.pages import credits
from tests.pages.people import BAKERY, EMPLOYEES, LOGISTICS
from tests.pages.representing import ANNOUNCED, ASKED, OFFERS, PENDING, REFUSED
from tests.pages.training_forms import KEY, picker
from tests.pages.trainings import row

EMPLOYMENT = "0191f7a0-0000-7000-8000-000000000101"
_COMMITTEES = tuple((code, "") for code in ("118", "200", "302", "305.02.09"))
_TERMS = (TermsRow(date(2019, 3, 1), "118", Decimal(1)), TermsRow(date(2024, 7, 1), "118", Decimal("0.8")))
FIGURE = Override(
    "0191f7a0-0000-7000-8000-000000000201",
    2024,
    "resultingDays",
    Decimal("6.5"),
    None,
    None,
    "Bedrijfsakkoord van 12 januari 2024",
    "181682/CO/200",
    False,
)
_CREDITS = (
    credits.credit("5.5", "1.25", "3.5", "0.5"),
    credits.credit("5", "2", "1.5", "0"),
    credits.credit("4", "0", "0", "0"),
    None,
    credits.credit("2.083333", "0", "0.5", "0", incomplete=True),
    credits.credit("5", "0", "6.25", "0"),
)


def listed(_language: Language) -> EmployeesView:
    """The first page of a longer list."""
    rows = tuple(
        EmployeeRow(
            employment=f"0191f7a0-0000-7000-8000-0000000001{index:02}",
            name=name,
            joint_committee="118" if index % 3 else "200",
            fraction=(Decimal(1), Decimal("0.8"), Decimal("0.5"))[index % 3],
            start_date=date(2012 + index, 1 + index, 1),
            end_date=date(2024, 8, 31) if index == 4 else None,
            credit=_CREDITS[index % len(_CREDITS)],
        )
        for index, name in enumerate(EMPLOYEES[:10])
    )
    return EmployeesView(BAKERY, 2024, (2024, 2023), Listing(rows, 24, 2, 10, Sorting("name")), only_in_totals=1)


def none_found(_language: Language) -> EmployeesView:
    """A search without result."""
    return EmployeesView(BAKERY, 2024, (2024, 2023), Listing((), 0), search="Xavier")


def one(language: Language) -> EmployeeView:
    """An employee whose working time changed in July."""
    return EmployeeView(
        enterprise=BAKERY,
        employment=EMPLOYMENT,
        name=EMPLOYEES[1],
        contested_at=ASKED,
        masked_national_number=Formatter(language).masked_national_number("85073003328"),
        start_date=date(2019, 3, 1),
        end_date=None,
        end_reason=None,
        terms=_TERMS,
        years=(2024, 2023),
        shown_year=2024,
        year=credits.explained(),
        trainings=(row(3), row(1), row(4)),
        own_figures=(
            FIGURE,
            replace(FIGURE, basis="fullTimeDays", reason="", cancelled=True, collective_agreement=None),
        ),
    )


def just_added(language: Language) -> EmployeeView:
    """An employee whose right is still being calculated, and who leaves."""
    return EmployeeView(
        enterprise=BAKERY,
        employment=EMPLOYMENT,
        name=EMPLOYEES[8],
        masked_national_number=None,
        start_date=date(2024, 9, 16),
        end_date=date(2024, 12, 31),
        end_reason="endOfTerm",
        terms=(TermsRow(date(2024, 9, 16), "118", Decimal("0.5")),),
        years=(2024,),
        shown_year=2024,
        year=None,
        trainings=(),
    )


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
    form = FormState(KEY, {"year": "2024", "basis": "fullTimeDays", "rightType": "company"})
    return NewEntitlementView(BAKERY, form, picker(), (2025, 2024, 2023))


def cancel_entitlement(_language: Language) -> CancelEntitlementView:
    """The question whether an own figure is taken back."""
    return CancelEntitlementView(BAKERY, EMPLOYMENT, EMPLOYEES[1], FIGURE, FormState(KEY))


def cancel_employment(_language: Language) -> CancelEmploymentView:
    """The question whether an employment never was."""
    return CancelEmploymentView(BAKERY, EMPLOYMENT, EMPLOYEES[1], date(2019, 3, 1), None, FormState(KEY))


def me(_language: Language) -> MeView:
    """Someone with two employers."""
    bakery = OwnEmployment(EMPLOYMENT, BAKERY, "118", Decimal("0.8"), date(2019, 3, 1), None, credits.explained())
    past = OwnEmployment(
        EMPLOYMENT, LOGISTICS, "140.03", Decimal(1), date(2021, 1, 4), date(2024, 2, 29), credits.unknown()
    )
    rows = tuple(row(index, enterprise=(BAKERY, LOGISTICS)[index % 2].name) for index in (0, 3, 1, 4))
    return MeView(EMPLOYEES[0], 2024, (2024, 2023), (bakery, past), rows)


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
