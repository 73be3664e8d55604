"""The form that adds an employee: `…/employees/new`."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import Declared
from services.gateway.intake.rules import USUAL_WEEK
from services.gateway.web.employees import addresses
from services.gateway.web.employees.employment_form import (
    FIELD_NAMES,
    EmploymentFormView,
    Kind,
    asked,
    committees_offered,
    employment_form_page,
    plain_fields,
    terms_fields,
)
from services.gateway.web.employees.working_time import Unit, in_percent
from services.gateway.web.kit.access import WriteAccess
from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.opt_outs import opt_outs_fields
from services.gateway.web.kit.submit import check, submit
from services.gateway.wiring import gateway_of

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, enterprise: WriteAccess) -> Response:
    """Show an empty form with the enterprise's usual committee and full time."""
    committees = await committees_offered(request, enterprise)
    values = {
        "workingTime": "100",
        "workingTimeUnit": Unit.PERCENT,
        "fullTimeWeek": str(USUAL_WEEK),
        "jointCommittee": committees[0] if committees else "",
    }
    return await employment_form_page(request, enterprise, new_form(values))


@router.post("/new", response_class=HTMLResponse)
async def add(request: Request, enterprise: WriteAccess, form: PostedForm) -> Response:
    """Register the employment."""
    sender = enterprise.sender
    fields = plain_fields(form) | {"enterpriseNumber": enterprise.number} | opt_outs_fields(form, ())
    fields["terms"] = [terms_fields(form, fields.get("startDate", ""), enterprise.language)]
    declared = Declared(1, Kind.EMPLOYMENT_REGISTRATION, fields)
    codes = await committees_offered(request, enterprise)
    errors = errors_of(in_percent(check(declared)), enterprise.language, FIELD_NAMES)
    errors += asked(form, enterprise.language, codes, errors)
    if errors:
        state = state_of(form, EmploymentFormView.new_fields, errors=errors)
        return await employment_form_page(request, enterprise, state, status=422)
    result = await submit(gateway_of(request), sender, [declared], typed_text(form, "submission_key"))
    wrong = result.refused.get(1, [])
    if not wrong:
        assert result.subject is not None
        warned = {found["code"] for found in result.anomalies.get(1, ())}
        notice = "pending" if result.pending else "nameDiffers" if "nameDiffers" in warned else "employeeAdded"
        return see_other(request, with_notice(addresses.employee(enterprise.number, result.subject), notice))
    errors = errors_of(wrong, enterprise.language, FIELD_NAMES)
    return await employment_form_page(
        request, enterprise, state_of(form, EmploymentFormView.new_fields, errors=errors), status=422
    )
