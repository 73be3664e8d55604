"""The form that registers or modifies the entitlement of one employee or several at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.employees import addresses as employees_addresses
from services.gateway.web.enterprises import addresses as enterprises_addresses
from services.gateway.web.entitlements.preview_entitlement import fingerprint, preview, view_of
from services.gateway.web.kit import employee_picker
from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.employee_picker import Employee, EmployeePicker, Period, ids_of
from services.gateway.web.kit.forms import FieldError, FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import MOST_NAMES, with_notice
from services.gateway.web.kit.submit import Result, check, submit
from services.gateway.web.kit.typed_values import typed_day, typed_decimal
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.database.engine import driver, transaction
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}/entitlements", include_in_schema=False)
FIRST_YEAR = 2023
_YEAR = re.compile(r"2[0-9]{3}", re.ASCII)
_YEARS_AHEAD = 10
_SHOWN = 100
"""Employees that the preview of a figure for everybody shows."""
_FIELDS = (
    "year",
    "untilYear",
    "basis",
    "days",
    "reason",
    "rightType",
    "collectiveAgreement",
    "validFrom",
    "validUntil",
)
Kind = DeclarationKind


@dataclass(frozen=True)
class NewEntitlementView:
    """`basis` is `fullTimeDays` or `resultingDays`; `days` a decimal number as typed in the visitor's language.

    `everybody`: instead of those who are ticked, all who are employed in these years, now or later.
    """

    template: ClassVar[str] = "entitlements/register_entitlement.html"
    fragment: ClassVar[str] = "kit/employee_picker.html"
    fields: ClassVar[tuple[str, ...]] = (*_FIELDS, "everybody", "employees", "employeeSearch")

    enterprise: Party
    form: FormState
    picker: EmployeePicker
    years: tuple[int, ...]

    def year_options(self) -> list[tuple[str, str]]:
        """List the years for which a right can be registered."""
        return [(str(year), str(year)) for year in self.years]

    def until_year_options(self) -> list[tuple[str, str]]:
        """List the last years until which a right may hold."""
        first = min(self.years)
        return [(str(year), str(year)) for year in range(first, max(self.years) + _YEARS_AHEAD)]

    @property
    def more_open(self) -> bool:
        """Whether the less used fields are unfolded: when one was filled in or has an error."""
        return any(self.form.value(name) or self.form.error(name) for name in ("untilYear", "validFrom", "validUntil"))


@router.get("/new", response_class=HTMLResponse)
async def new(
    request: Request,
    enterprise: WriteAccess,
    employee: UUID | None = None,
    year: int | None = None,
    *,
    everybody: bool = False,
) -> Response:
    """Show an empty form; `employee`, `year` and `everybody` are filled in beforehand."""
    values = {"year": str(year or _this_year()), "basis": "resultingDays", "rightType": "legal"}
    values |= {"everybody": "true", "basis": "fullTimeDays"} if everybody else {}
    ticked = (str(employee),) if employee else ()
    return await _page(request, enterprise, new_form(values, {"employees": ticked}))


@router.post("/new", response_class=HTMLResponse)
async def register(request: Request, enterprise: WriteAccess, form: PostedForm) -> Response:
    """Register the same figure for everyone ticked, once what it changes was shown; or only search, or edit again."""
    if form.get("action") in ("search", "edit"):
        return await _page(request, enterprise, state_of(form, NewEntitlementView.fields, ("employees",)))
    if _for_everybody(form):
        return await _register_for_everybody(request, enterprise, form)
    gateway, language = gateway_of(request), enterprise.language
    async with transaction(gateway.engine) as connection:
        ticked = ids_of([str(value) for value in form.getlist("employees")])
        employees = await employee_picker.chosen(driver(connection), enterprise.number, enterprise.window, ticked)
    fields = _typed(form, language) | {"enterpriseNumber": enterprise.number}
    if errors := _errors(fields, employees, language):
        state = state_of(form, NewEntitlementView.fields, ("employees",), errors)
        return await _page(request, enterprise, state, 422)
    employments = [employee.employment for employee in employees]
    if form.get("confirmed") != fingerprint(fields, employments):
        effects = await preview(gateway, enterprise, fields, employees)
        state = state_of(form, NewEntitlementView.fields, ("employees",))
        view = view_of(enterprise.party, state, fields, employees, effects, language)
        return page(request, enterprise.frame(request, Area.EMPLOYEES), view)
    declared = [
        Declared(line, DeclarationKind.ENTITLEMENT_REGISTRATION, fields | {"employmentId": e.employment}, e.person)
        for line, e in enumerate(employees, 1)
    ]
    result = await submit(gateway, enterprise.sender, declared, typed_text(form, "submission_key"))
    if len(result.refused) < len(declared):
        return see_other(request, _registered(enterprise.number, result, employees))
    # What was possible a moment ago is not any more: each person's own reason.
    errors = [
        FieldError("employees", f"{employees[line - 1].name}: {error.text}")
        for line, found in sorted(result.refused.items())
        for error in errors_of(found, language)
    ]
    state = state_of(form, NewEntitlementView.fields, ("employees",), errors)
    return await _page(request, enterprise, state, 422)


def _for_everybody(form: FormData) -> bool:
    return typed_text(form, "everybody") == "true"


async def _register_for_everybody(request: Request, enterprise: EnterpriseAccess, form: FormData) -> Response:
    """Register a figure for all who are employed, now or later, once what it changes for some of them was shown."""
    gateway, language = gateway_of(request), enterprise.language
    fields = _typed(form, language) | {"enterpriseNumber": enterprise.number}
    declared = Declared(1, Kind.ENTERPRISE_ENTITLEMENT_REGISTRATION, fields)
    errors = errors_of(check(declared), language)
    state = state_of(form, NewEntitlementView.fields, ("employees",), errors)
    if errors:
        return await _page(request, enterprise, state, 422)
    if form.get("confirmed") != fingerprint(fields, [enterprise.number]):
        async with transaction(gateway.engine) as connection:
            employees, total = await employee_picker.search(
                driver(connection), enterprise.number, enterprise.window, most=_SHOWN, period=_period(state)
            )
        effects = await preview(gateway, enterprise, fields, employees, everybody=True)
        view = view_of(enterprise.party, state, fields, employees, effects, language, everybody=total)
        return page(request, enterprise.frame(request, Area.EMPLOYEES), view)
    result = await submit(gateway, enterprise.sender, [declared], typed_text(form, "submission_key"))
    if not result.refused:
        notice = "pending" if result.pending else "entitledAll"
        return see_other(request, with_notice(enterprises_addresses.facts(enterprise.number), notice))
    errors = errors_of(result.refused[1], language)
    state = state_of(form, NewEntitlementView.fields, ("employees",), errors)
    return await _page(request, enterprise, state, 422)


def _errors(fields: dict[str, str], employees: Sequence[Employee], language: Language) -> list[FieldError]:
    """Find what is wrong with the form itself: all at once, whoever is or will be chosen."""
    errors = [*errors_of(check(Declared(1, DeclarationKind.ENTITLEMENT_REGISTRATION, fields, "anyone")), language)]
    if not employees:
        errors.append(FieldError("employees", translate(language, N_("Choose at least one employee."))))
    return errors


def _typed(form: FormData, language: Language) -> dict[str, str]:
    """Read what the form says of the figure, as the API has it, without what is empty."""
    typed = {name: typed_text(form, name) for name in _FIELDS}
    typed |= {name: typed_day(form, name) for name in ("validFrom", "validUntil")}
    typed["days"] = typed_decimal(form, "days", language)
    return {name: value for name, value in typed.items() if value}


def _registered(number: str, result: Result, employees: list[Employee]) -> str:
    address = (
        employees_addresses.employees(number)
        if len(employees) > 1
        else employees_addresses.employee(number, employees[0].employment)
    )
    if result.pending:
        return with_notice(address, "pending")
    refused = result.refused
    if refused:
        names = ", ".join(employees[line - 1].name for line in sorted(refused)[:MOST_NAMES])
        return with_notice(address, "partly", count=len(employees) - len(refused), refused=len(refused), names=names)
    return (
        with_notice(address, "entitled", count=len(employees))
        if len(employees) > 1
        else with_notice(address, "entitledOne")
    )


async def _page(request: Request, enterprise: EnterpriseAccess, form: FormState, status: int = 200) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        picker = await employee_picker.picker(
            driver(connection),
            enterprise.number,
            enterprise.window,
            enterprise.language,
            text=form.value("employeeSearch"),
            ticked=ids_of(form.chosen("employees")),
            period=_period(form),
            asks_again="year",
        )
    this_year = _this_year()
    years = tuple(range(this_year + 1, FIRST_YEAR - 1, -1))
    view = NewEntitlementView(enterprise.party, form, picker, years)
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view, status)


def _period(form: FormState) -> Period | None:
    """The year that is chosen: only who is employed then is offered."""
    year = form.value("year")
    return (date(int(year), 1, 1), date(int(year), 12, 31)) if _YEAR.fullmatch(year) else None


def _this_year() -> int:
    return brussels_today().year
