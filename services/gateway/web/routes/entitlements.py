"""The form that registers or modifies the entitlement of one employee or several at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.writer import BRUSSELS
from services.gateway.web import links, people
from services.gateway.web.notices import told
from services.gateway.web.pages import errors_of, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.people import Employee
from services.gateway.web.reader import Reader, Reading
from services.gateway.web.routes.training_forms import MOST_NAMES, ids_of
from services.gateway.web.submitting import Result, check, submit
from services.gateway.web.views.entitlement_form import NewEntitlementView
from services.gateway.web.views.frame import Area, FieldError, FormState
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate

router = APIRouter(prefix="/enterprises/{number}/entitlements", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
FIRST_YEAR = 2023
_FIELDS = ("year", "basis", "days", "reason", "rightType", "collectiveAgreement", "validFrom", "validUntil")


@router.get("/new", response_class=HTMLResponse)
async def new(
    request: Request, reader: Reading, number: Number, employee: UUID | None = None, year: int | None = None
) -> Response:
    """An empty form; `employee` and `year` are filled in beforehand."""
    reader.door(number, write=True)
    values = {"year": str(year or _this_year()), "basis": "resultingDays", "rightType": "legal"}
    ticked = (str(employee),) if employee else ()
    return await _page(request, reader, number, new_form(values, {"employees": ticked}))


@router.post("/new", response_class=HTMLResponse)
async def register(request: Request, reader: Reading, number: Number) -> Response:
    """Register the same figure for everyone ticked; or only search again."""
    sender = reader.sender(number)
    form = await form_of(request, reader)
    if form.get("action") == "search":
        return await _page(request, reader, number, state_of(form, NewEntitlementView.fields, ("employees",)))
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        ticked = ids_of([str(value) for value in form.getlist("employees")])
        employees = await people.chosen(driver(connection), number, reader.open_at(number), ticked)
        ssins = await gateway.persons.ssins(driver(connection), {e.person for e in employees})
    fields = {name: typed(form, name) for name in _FIELDS if typed(form, name)} | {"enterpriseNumber": number}
    if "days" in fields:
        fields["days"] = fields["days"].replace(",", ".")
    declared = [
        Declared(
            line,
            DeclarationKind.ENTITLEMENT_REGISTRATION,
            fields | {"ssin": ssins[e.person], "employmentId": e.employment},
        )
        for line, e in enumerate(employees, 1)
    ]
    errors = errors_of(check(declared[0]), reader.language) if declared else ()
    if not declared:
        errors = (FieldError("employees", translate(reader.language, N_("Choose at least one employee."))),)
    if not errors:
        result = await submit(gateway, sender, declared, typed(form, "submission_key"))
        if len(result.refused) < len(declared):
            return see_other(_registered(number, result, employees))
        errors = errors_of(next(iter(result.refused.values())), reader.language, {"ssin": "employees"})
    return await _page(request, reader, number, state_of(form, NewEntitlementView.fields, ("employees",), errors), 422)


def _registered(number: str, result: Result, employees: list[Employee]) -> str:
    address = links.employees(number) if len(employees) > 1 else links.employee(number, employees[0].employment)
    if result.pending:
        return told(address, "pending")
    refused = result.refused
    if refused:
        names = ", ".join(employees[line - 1].name for line in sorted(refused)[:MOST_NAMES])
        return told(address, "partly", count=len(employees) - len(refused), refused=len(refused), names=names)
    return told(address, "entitled", count=len(employees)) if len(employees) > 1 else told(address, "entitledOne")


async def _page(request: Request, reader: Reader, number: str, form: FormState, status: int = 200) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        picker = await people.picker(
            driver(connection),
            number,
            reader.open_at(number),
            reader.language,
            text=form.value("employeeSearch"),
            ticked=ids_of(form.chosen("employees")),
        )
    this_year = _this_year()
    years = tuple(range(this_year + 1, FIRST_YEAR - 1, -1))
    view = NewEntitlementView(reader.door(number).acting.party, form, picker, years)
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view, status)


def _this_year() -> int:
    return datetime.now(BRUSSELS).year
