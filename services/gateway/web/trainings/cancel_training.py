"""The form that cancels a training: `…/trainings/{training}/cancel`."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.people import name_of
from services.gateway.web.trainings.change_training import address_after, submit_change, training_of
from services.gateway.web.trainings.register_training import Kind
from shared.contracts.answers.registration import TrainingVersion

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
async def cancellation(request: Request, enterprise: WriteAccess, training: UUID) -> Response:
    """Ask why, before cancelling."""
    current = (await training_of(request, enterprise, training)).training
    return await _cancel_page(request, enterprise, current, new_form({"expectedVersion": str(current.version)}))


@router.post("/{training}/cancel", response_class=HTMLResponse)
async def cancel(request: Request, enterprise: WriteAccess, training: UUID, form: PostedForm) -> Response:
    """Cancel it; it stays visible."""
    current = (await training_of(request, enterprise, training)).training
    result, errors = await submit_change(request, enterprise, current, Kind.TRAINING_CANCELLATION, {}, form)
    if errors:
        state = state_of(form, CancelTrainingView.fields, errors=errors_of(errors, enterprise.language))
        return await _cancel_page(request, enterprise, current, state, 422)
    return see_other(request, address_after(enterprise.number, training, result, "cancelled"))


async def _cancel_page(
    request: Request, enterprise: EnterpriseAccess, current: TrainingVersion, form: FormState, status: int = 200
) -> HTMLResponse:
    content = current.content
    view = CancelTrainingView(
        enterprise=enterprise.party,
        training=current.training,
        title=content["title"],
        employee_name=await name_of(request, enterprise.number, current.person),
        start_date=date.fromisoformat(content["startDate"]),
        end_date=date.fromisoformat(content["endDate"]),
        form=form,
    )
    return page(request, enterprise.frame(request, Area.TRAININGS), view, status)
