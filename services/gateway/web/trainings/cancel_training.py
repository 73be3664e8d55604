"""The form that cancels a training: `…/trainings/{training}/cancel`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.kit.csrf import form_of
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.page import page, see_other
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.visitor import Reader, Reading
from services.gateway.web.trainings.change_training import address_after, submit_change, training_of
from services.gateway.web.trainings.register_training import Kind, Number

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)


@dataclass(frozen=True)
class CancelTrainingView:
    """`…/trainings/{training_id}/cancel`."""

    template: ClassVar[str] = "trainings/cancel_training.html"
    fields: ClassVar[tuple[str, ...]] = ("reason", "expectedVersion")

    enterprise: Party
    training: str
    title: str
    employee_name: str
    start_date: date
    end_date: date
    form: FormState


@router.get("/{training}/cancel", response_class=HTMLResponse)
async def cancellation(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """Ask why, before cancelling."""
    reader.door(number, write=True)
    current = (await training_of(request, reader, number, training))["training"]
    return await _cancel_page(request, reader, number, current, new_form({"expectedVersion": str(current["version"])}))


@router.post("/{training}/cancel", response_class=HTMLResponse)
async def cancel(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """Cancel it; it stays visible."""
    reader.door(number, write=True)
    form = await form_of(request, reader)
    current = (await training_of(request, reader, number, training))["training"]
    result, errors = await submit_change(request, reader, number, current, Kind.TRAINING_CANCELLATION, {}, form)
    if errors:
        state = state_of(form, CancelTrainingView.fields, errors=errors_of(errors, reader.language))
        return await _cancel_page(request, reader, number, current, state, 422)
    return see_other(address_after(number, training, result, "cancelled"))


async def _cancel_page(
    request: Request, reader: Reader, number: str, current: Mapping[str, Any], form: FormState, status: int = 200
) -> HTMLResponse:
    content = current["content"]
    view = CancelTrainingView(
        enterprise=reader.door(number).acting.party,
        training=current["training"],
        title=content["title"],
        employee_name=await name_of(request, number, current["person"]),
        start_date=date.fromisoformat(content["startDate"]),
        end_date=date.fromisoformat(content["endDate"]),
        form=form,
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view, status)
