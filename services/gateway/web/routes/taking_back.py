"""Taking back what should not have been registered: an own figure, or an employment that never was."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.api.people import ssin_of
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web import links
from services.gateway.web.notices import told
from services.gateway.web.pages import errors_of, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.people import name_of
from services.gateway.web.reader import ForbiddenError, Reader, Reading
from services.gateway.web.routes.employees import employment_of
from services.gateway.web.submitting import Result, submit_one
from services.gateway.web.telling import day, own_figure
from services.gateway.web.views.frame import Area, FormState
from services.gateway.web.views.taking_back import CancelEmploymentView, CancelEntitlementView
from services.gateway.wiring import gateway_of
from shared.contracts.vocabulary import Anomaly

router = APIRouter(prefix="/enterprises/{number}", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
Kind = DeclarationKind


@router.get("/entitlements/{entitlement}/cancel", response_class=HTMLResponse)
async def ask_about_figure(request: Request, reader: Reading, number: Number, entitlement: UUID) -> Response:
    """Ask why, before an own figure is taken back."""
    reader.door(number, write=True)
    return await _figure_page(request, reader, number, await _figure(request, reader, number, entitlement), new_form())


@router.post("/entitlements/{entitlement}/cancel", response_class=HTMLResponse)
async def take_figure_back(request: Request, reader: Reading, number: Number, entitlement: UUID) -> Response:
    """Take it back; what the arrangement gives counts again."""
    reader.door(number, write=True)
    known = await _figure(request, reader, number, entitlement)
    form = await form_of(request, reader)
    named = {"entitlementId": str(entitlement)}
    kind = Kind.ENTITLEMENT_CANCELLATION
    result, wrong = await _take_back(request, reader, number, kind, known["person"], named, form)
    if wrong:
        state = state_of(form, CancelEntitlementView.fields, errors=errors_of(wrong, reader.language))
        return await _figure_page(request, reader, number, known, state, 422)
    notice = "pending" if result.pending else "figureTakenBack"
    return see_other(told(links.employee(number, known["employment"]), notice))


@router.get("/employees/{employment}/cancel", response_class=HTMLResponse)
async def ask_about_employment(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """Ask why, before an employment is cancelled."""
    reader.door(number, write=True)
    known = await employment_of(request, reader, number, employment)
    return await _employment_page(request, reader, number, known, new_form())


@router.post("/employees/{employment}/cancel", response_class=HTMLResponse)
async def cancel_employment(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """Cancel it: it never was."""
    reader.door(number, write=True)
    known = await employment_of(request, reader, number, employment)
    form = await form_of(request, reader)
    named = {"employmentId": str(employment)}
    kind = Kind.EMPLOYMENT_CANCELLATION
    result, wrong = await _take_back(request, reader, number, kind, known["person"], named, form)
    if wrong:
        state = state_of(form, CancelEmploymentView.fields, errors=errors_of(wrong, reader.language))
        return await _employment_page(request, reader, number, known, state, 422)
    notice = "pending" if result.pending else "employmentCancelled"
    return see_other(told(links.employees(number), notice))


async def _take_back(
    request: Request,
    reader: Reader,
    number: str,
    kind: DeclarationKind,
    person: str,
    named: dict[str, str],
    form: FormData,
) -> tuple[Result, list[Anomaly]]:
    """Submit the cancellation; what is wrong, if anything."""
    fields: dict[str, Any] = named | {"ssin": await ssin_of(request, person), "enterpriseNumber": number}
    if reason := typed(form, "reason"):
        fields["reason"] = reason
    key = typed(form, "submission_key")
    return await submit_one(gateway_of(request), reader.sender(number), Declared(1, kind, fields), key)


async def _figure(request: Request, reader: Reader, number: str, entitlement: UUID) -> dict[str, Any]:
    found = await gateway_of(request).questions.ask(
        "entitlements", f"/internal/entitlements/{entitlement}", reader.scope(number)
    )
    if found is None or found["entitlement"]["enterprise"] != number:
        raise ForbiddenError
    figure: dict[str, Any] = found["entitlement"]
    return figure


async def _figure_page(
    request: Request, reader: Reader, number: str, known: dict[str, Any], form: FormState, status: int = 200
) -> HTMLResponse:
    view = CancelEntitlementView(
        reader.door(number).acting.party,
        known["employment"],
        await name_of(request, number, known["person"]),
        own_figure(known),
        form,
    )
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view, status)


async def _employment_page(
    request: Request, reader: Reader, number: str, known: dict[str, Any], form: FormState, status: int = 200
) -> HTMLResponse:
    view = CancelEmploymentView(
        reader.door(number).acting.party,
        known["employment"],
        await name_of(request, number, known["person"]),
        date.fromisoformat(known["startDate"]),
        day(known.get("endDate")),
        form,
    )
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view, status)
