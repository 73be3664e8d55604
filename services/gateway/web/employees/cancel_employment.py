"""The form that cancels an employment that never was: `…/employees/{employment}/cancel`."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind
from services.gateway.web.employees import addresses
from services.gateway.web.employees.employment import employment_of
from services.gateway.web.entitlements.take_back import take_back
from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.people import name_of
from shared.contracts.answers.dashboard import Employment

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)
Kind = DeclarationKind


@dataclass(frozen=True)
class CancelEmploymentView:
    """`…/employees/{employment}/cancel`."""

    template: ClassVar[str] = "employees/cancel_employment.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    enterprise: Party
    employment: str
    employee_name: str
    start_date: date
    end_date: date | None
    form: FormState


@router.get("/{employment}/cancel", response_class=HTMLResponse)
async def ask_about_employment(request: Request, enterprise: WriteAccess, employment: UUID) -> Response:
    """Ask why, before an employment is cancelled."""
    known = await employment_of(request, enterprise, employment)
    return await _employment_page(request, enterprise, known, new_form())


@router.post("/{employment}/cancel", response_class=HTMLResponse)
async def cancel_employment(request: Request, enterprise: WriteAccess, employment: UUID, form: PostedForm) -> Response:
    """Cancel it: it never was."""
    known = await employment_of(request, enterprise, employment)
    named = {"employmentId": str(employment)}
    kind = Kind.EMPLOYMENT_CANCELLATION
    result, wrong = await take_back(request, enterprise, kind, known.person, named, form)
    if wrong:
        state = state_of(form, CancelEmploymentView.fields, errors=errors_of(wrong, enterprise.language))
        return await _employment_page(request, enterprise, known, state, 422)
    notice = "pending" if result.pending else "employmentCancelled"
    return see_other(request, with_notice(addresses.employees(enterprise.number), notice))


async def _employment_page(
    request: Request, enterprise: EnterpriseAccess, known: Employment, form: FormState, status: int = 200
) -> HTMLResponse:
    view = CancelEmploymentView(
        enterprise.party,
        known.employment,
        await name_of(request, enterprise.number, known.person),
        known.start_date,
        known.end_date,
        form,
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view, status)
