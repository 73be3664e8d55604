"""The form that adds an employee: `…/employees/new`."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import Declared
from services.gateway.web.employees import addresses
from services.gateway.web.employees.employment_form import (
    FIELD_NAMES,
    EmploymentFormView,
    Kind,
    Number,
    committees_offered,
    employment_form_page,
    plain_fields,
    terms_fields,
)
from services.gateway.web.kit.csrf import form_of
from services.gateway.web.kit.forms import errors_of, new_form, state_of, typed
from services.gateway.web.kit.joint_committees import doubtful, question
from services.gateway.web.kit.notices import told
from services.gateway.web.kit.page import see_other
from services.gateway.web.kit.submit import check, submit_one
from services.gateway.web.kit.visitor import Reading
from services.gateway.wiring import gateway_of

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, reader: Reading, number: Number) -> Response:
    """An empty form with the enterprise's usual committee and full time."""
    reader.door(number, write=True)
    committees = await committees_offered(request, reader, number)
    values = {"workingTime": "100", "jointCommittee": committees[0] if committees else ""}
    return await employment_form_page(request, reader, number, new_form(values))


@router.post("/new", response_class=HTMLResponse)
async def add(request: Request, reader: Reading, number: Number) -> Response:
    """Register the employment."""
    sender = reader.sender(number)
    form = await form_of(request, reader)
    fields = plain_fields(form) | {"enterpriseNumber": number}
    fields["terms"] = [terms_fields(form, fields.get("startDate", ""))]
    declared = Declared(1, Kind.EMPLOYMENT_REGISTRATION, fields)
    codes = await committees_offered(request, reader, number)
    if not check(declared) and doubtful(form, [typed(form, "jointCommittee")], codes):
        state = state_of(form, EmploymentFormView.new_fields, errors=question(reader.language))
        return await employment_form_page(request, reader, number, state, status=422)
    result, wrong = await submit_one(gateway_of(request), sender, declared, typed(form, "submission_key"))
    if not wrong:
        assert result.subject is not None
        warned = {found["code"] for found in result.anomalies.get(1, ())}
        notice = "pending" if result.pending else "nameDiffers" if "nameDiffers" in warned else "employeeAdded"
        return see_other(told(addresses.employee(number, result.subject), notice))
    errors = errors_of(wrong, reader.language, FIELD_NAMES)
    return await employment_form_page(
        request, reader, number, state_of(form, EmploymentFormView.new_fields, errors=errors), status=422
    )
