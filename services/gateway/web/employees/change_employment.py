"""The form that changes an employment: `…/employees/{employment}/change`."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.intake.declared import Declared
from services.gateway.web.employees import addresses
from services.gateway.web.employees.employment import employment_of
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
from services.gateway.web.employees.working_time import declared_terms, in_percent, values_of
from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FieldError, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.opt_outs import opt_out_values, opt_outs_fields
from services.gateway.web.kit.people import name_given_by
from services.gateway.web.kit.submit import check, submit
from services.gateway.web.kit.typed_values import typed_day
from services.gateway.wiring import gateway_of
from shared.contracts.answers.dashboard import Employment
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)


@router.get("/{employment}/change", response_class=HTMLResponse)
async def change_form(request: Request, enterprise: WriteAccess, employment: UUID) -> Response:
    """Show the form with the employment as it is now."""
    known = await employment_of(request, enterprise, employment)
    newest = known.terms[-1]
    name = await name_given_by(request, enterprise.number, known.person)
    values = {
        "givenName": name.given or "",
        "familyName": name.family or "",
        "startDate": known.start_date.isoformat(),
        "endDate": known.end_date.isoformat() if known.end_date else "",
        "endReason": known.end_reason or "",
        "restAgreed": known.rest_agreed or "",
        "jointCommittee": newest["jointCommittee"],
        "expectedVersion": str(known.version),
        **values_of(newest),
        **opt_out_values(known.opt_outs or ()),
    }
    return await employment_form_page(request, enterprise, new_form(values), known)


@router.post("/{employment}/change", response_class=HTMLResponse)
async def change(request: Request, enterprise: WriteAccess, employment: UUID, form: PostedForm) -> Response:
    """Change it: new terms from a day on, or the newest terms replaced; another period; an end with its reason."""
    sender = enterprise.sender
    known = await employment_of(request, enterprise, employment)
    # Whose employment it is follows from the address, whatever number a form may hold.
    fields = {name: value for name, value in plain_fields(form).items() if name != "ssin"} | {
        "enterpriseNumber": enterprise.number,
        "employmentId": str(employment),
        "terms": changed_terms(form, known, enterprise.language),
        **opt_outs_fields(form, known.opt_outs or ()),
    }
    declared = Declared(1, Kind.EMPLOYMENT_CHANGE, fields, known.person)
    sure = [*await committees_offered(request, enterprise), *(terms["jointCommittee"] for terms in known.terms)]
    # The typed terms are the last ones; where they are the only ones, they begin on the first day.
    last = len(fields["terms"]) - 1
    names = FIELD_NAMES | ({f"terms[{last}].validFrom": "validFrom"} if last else {})
    errors = errors_of(in_percent(check(declared)), enterprise.language, names)
    errors += await _taken_away(request, enterprise, known.person, form)
    errors += asked(form, enterprise.language, sure, errors)
    if not errors:
        result = await submit(gateway_of(request), sender, [declared], typed_text(form, "submission_key"))
        errors = errors_of(result.refused.get(1, []), enterprise.language, names)
        if not errors:
            notice = "pending" if result.pending else "employeeChanged"
            return see_other(request, with_notice(addresses.employee(enterprise.number, str(employment)), notice))
    state = state_of(form, EmploymentFormView.change_fields, errors=errors)
    return await employment_form_page(request, enterprise, state, known, status=422)


async def _taken_away(
    request: Request, enterprise: EnterpriseAccess, person: str, form: FormData
) -> tuple[FieldError, ...]:
    """Find the parts of the name that were emptied: what is not sent stays, so it must not look done."""
    name = await name_given_by(request, enterprise.number, person)
    text = translate(enterprise.language, N_("A part of a name can be corrected, but not taken away."))
    parts = (("givenName", name.given), ("familyName", name.family))
    return tuple(
        FieldError(field, text) for field, known in parts if known and field in form and not typed_text(form, field)
    )


def changed_terms(form: FormData, known: Employment, language: Language) -> list[dict[str, str]]:
    """Change the employment's terms to what was typed: from `validFrom` on, or in the place of the newest.

    They begin on the first day in service, whichever it is now, with what holds then.
    """
    start = typed_day(form, "startDate") or known.start_date.isoformat()
    terms = [declared_terms(one) for one in known.terms]
    valid_from, end = typed_day(form, "validFrom"), typed_day(form, "endDate")
    if end and not valid_from and terms[-1]["validFrom"] > end > terms[0]["validFrom"]:
        # It ends before its newest terms begin: these, which the form shows, are not what holds on its last day.
        return [t for t in starting_on(start, terms) if t["validFrom"] <= max(start, end)]
    if valid_from:
        terms = [t for t in terms if t["validFrom"] < valid_from]
    else:
        valid_from = terms.pop()["validFrom"]
    return starting_on(start, [*terms, terms_fields(form, valid_from, language)])


def starting_on(start: str, terms: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Let dated terms begin on another day: with what holds then, followed by the later ones.

    `terms`: at least one, in order, with ISO days; before the first one holds what it says.
    """
    begun = max(1, sum(t.get("validFrom", "") <= start for t in terms))
    return [terms[begun - 1] | {"validFrom": start}, *terms[begun:]]
