"""The form that cancels an entitlement of the employer's own: `…/entitlements/{entitlement}/cancel`."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind
from services.gateway.web.employees import addresses as employees_addresses
from services.gateway.web.enterprises import addresses as enterprises_addresses
from services.gateway.web.entitlements.override import Override, override_of
from services.gateway.web.entitlements.take_back import take_back
from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.wiring import gateway_of
from shared.contracts.answers import entitlements as answers

router = APIRouter(prefix="/enterprises/{number}/entitlements", include_in_schema=False)


@dataclass(frozen=True)
class CancelEntitlementView:
    """`…/entitlements/{entitlement}/cancel`; of a figure for everybody no employment and no name are given."""

    template: ClassVar[str] = "entitlements/cancel_entitlement.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    enterprise: Party
    employment: str | None
    employee_name: str
    figure: Override
    form: FormState


@router.get("/{entitlement}/cancel", response_class=HTMLResponse)
async def ask_about_figure(request: Request, enterprise: WriteAccess, entitlement: UUID) -> Response:
    """Ask why, before an own figure is taken back."""
    return await _figure_page(request, enterprise, await _figure(request, enterprise, entitlement), new_form())


@router.post("/{entitlement}/cancel", response_class=HTMLResponse)
async def take_figure_back(request: Request, enterprise: WriteAccess, entitlement: UUID, form: PostedForm) -> Response:
    """Take it back; what the arrangement gives counts again."""
    known = await _figure(request, enterprise, entitlement)
    named = {"entitlementId": str(entitlement)}
    kind = DeclarationKind.ENTITLEMENT_CANCELLATION
    result, wrong = await take_back(request, enterprise, kind, known.person, named, form)
    if wrong:
        state = state_of(form, CancelEntitlementView.fields, errors=errors_of(wrong, enterprise.language))
        return await _figure_page(request, enterprise, known, state, 422)
    notice = "pending" if result.pending else "figureTakenBack"
    return see_other(request, with_notice(employees_addresses.employee(enterprise.number, known.employment), notice))


async def _figure(request: Request, enterprise: EnterpriseAccess, entitlement: UUID) -> answers.Override:
    found = await gateway_of(request).questions.entitlements.override(enterprise.scope, entitlement)
    if found is None or found.entitlement.enterprise != enterprise.number:
        raise ForbiddenError
    return found.entitlement


async def _figure_page(
    request: Request, enterprise: EnterpriseAccess, known: answers.Override, form: FormState, status: int = 200
) -> HTMLResponse:
    view = CancelEntitlementView(
        enterprise.party,
        known.employment,
        await name_of(request, enterprise.number, known.person),
        override_of(known),
        form,
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view, status)


@router.get("/for-all/{enterprise_entitlement}/cancel", response_class=HTMLResponse)
async def ask_about_figure_for_all(request: Request, enterprise: WriteAccess, enterprise_entitlement: UUID) -> Response:
    """Ask why, before an own figure for everybody is taken back."""
    return _page_for_all(
        request, enterprise, await _figure_for_all(request, enterprise, enterprise_entitlement), new_form()
    )


@router.post("/for-all/{enterprise_entitlement}/cancel", response_class=HTMLResponse)
async def take_figure_for_all_back(
    request: Request, enterprise: WriteAccess, enterprise_entitlement: UUID, form: PostedForm
) -> Response:
    """Take it back; what the arrangement gives counts again for everybody."""
    known = await _figure_for_all(request, enterprise, enterprise_entitlement)
    named = {"entitlementId": str(enterprise_entitlement)}
    kind = DeclarationKind.ENTERPRISE_ENTITLEMENT_CANCELLATION
    result, wrong = await take_back(request, enterprise, kind, None, named, form)
    if wrong:
        state = state_of(form, CancelEntitlementView.fields, errors=errors_of(wrong, enterprise.language))
        return _page_for_all(request, enterprise, known, state, 422)
    notice = "pending" if result.pending else "figureTakenBack"
    return see_other(request, with_notice(enterprises_addresses.facts(enterprise.number), notice))


async def _figure_for_all(
    request: Request, enterprise: EnterpriseAccess, enterprise_entitlement: UUID
) -> answers.EnterpriseOverride:
    found = await gateway_of(request).questions.entitlements.enterprise_override(
        enterprise.scope, enterprise_entitlement
    )
    if found is None or found.entitlement.enterprise != enterprise.number:
        raise ForbiddenError
    return found.entitlement


def _page_for_all(
    request: Request,
    enterprise: EnterpriseAccess,
    known: answers.EnterpriseOverride,
    form: FormState,
    status: int = 200,
) -> HTMLResponse:
    view = CancelEntitlementView(enterprise.party, None, "", override_of(known), form)
    return page(request, enterprise.frame(request, Area.DASHBOARD), view, status)
