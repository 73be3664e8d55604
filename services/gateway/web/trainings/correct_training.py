"""The form that corrects a training: `…/trainings/{training}/correct`."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from services.gateway.web.trainings.known_providers import known_providers
from services.gateway.web.trainings.register_training import Kind
from services.gateway.web.trainings.training_fields import CONTENT_FIELDS, declared_fields, form_values
from shared.contracts.answers.registration import TrainingVersion

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)


@dataclass(frozen=True)
class CorrectTrainingView:
    """Fields: `CONTENT_FIELDS`, `reason`, and `expectedVersion` (hidden), which refuses it when someone was first."""

    template: ClassVar[str] = "trainings/correct_training.html"
    fields: ClassVar[tuple[str, ...]] = (*CONTENT_FIELDS, "reason", "expectedVersion")

    enterprise: Party
    training: str
    title: str
    employee_name: str
    form: FormState
    known_providers: Sequence[str] = ()


@router.get("/{training}/correct", response_class=HTMLResponse)
async def correction(request: Request, enterprise: WriteAccess, training: UUID) -> Response:
    """Show the form with the training as it is now."""
    current = (await training_of(request, enterprise, training)).training
    values = form_values(current.content) | {"expectedVersion": str(current.version)}
    return await _correct_page(request, enterprise, current, new_form(values))


@router.post("/{training}/correct", response_class=HTMLResponse)
async def correct(request: Request, enterprise: WriteAccess, training: UUID, form: PostedForm) -> Response:
    """Correct it, unless someone was first."""
    current = (await training_of(request, enterprise, training)).training
    fields = declared_fields(form)
    result, errors = await submit_change(request, enterprise, current, Kind.TRAINING_CORRECTION, fields, form)
    if errors:
        state = state_of(form, CorrectTrainingView.fields, errors=errors_of(errors, enterprise.language))
        return await _correct_page(request, enterprise, current, state, 422)
    return see_other(request, address_after(enterprise.number, training, result, "corrected"))


async def _correct_page(
    request: Request, enterprise: EnterpriseAccess, current: TrainingVersion, form: FormState, status: int = 200
) -> HTMLResponse:
    view = CorrectTrainingView(
        enterprise=enterprise.party,
        training=current.training,
        title=current.content["title"],
        employee_name=await name_of(request, enterprise.number, current.person),
        form=form,
        known_providers=await known_providers(request, enterprise),
    )
    return page(request, enterprise.frame(request, Area.TRAININGS), view, status)
