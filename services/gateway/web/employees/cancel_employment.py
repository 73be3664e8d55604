"""The form that cancels an employment that never was: `…/employees/{employment}/cancel`."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind
from services.gateway.web.employees import addresses
from services.gateway.web.employees.employment import employment_of
from services.gateway.web.entitlements.take_back import take_back
from services.gateway.web.kit.csrf import form_of
from services.gateway.web.kit.dates import day
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import told
from services.gateway.web.kit.page import page, see_other
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.visitor import Reader, Reading

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)
Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
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
async def ask_about_employment(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """Ask why, before an employment is cancelled."""
    reader.door(number, write=True)
    known = await employment_of(request, reader, number, employment)
    return await _employment_page(request, reader, number, known, new_form())


@router.post("/{employment}/cancel", response_class=HTMLResponse)
async def cancel_employment(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """Cancel it: it never was."""
    reader.door(number, write=True)
    known = await employment_of(request, reader, number, employment)
    form = await form_of(request, reader)
    named = {"employmentId": str(employment)}
    kind = Kind.EMPLOYMENT_CANCELLATION
    result, wrong = await take_back(request, reader, number, kind, known["person"], named, form)
    if wrong:
        state = state_of(form, CancelEmploymentView.fields, errors=errors_of(wrong, reader.language))
        return await _employment_page(request, reader, number, known, state, 422)
    notice = "pending" if result.pending else "employmentCancelled"
    return see_other(told(addresses.employees(number), notice))


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
