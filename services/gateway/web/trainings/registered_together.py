"""What one form registered for several people, taken back or corrected at once: `…/trainings/registered/{id}`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.intake.declared import Declared
from services.gateway.intake.events import subjects_of_trainings
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FieldError, FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.people import names_of
from services.gateway.web.kit.submit import check, submit
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.web.trainings import addresses
from services.gateway.web.trainings.known_providers import known_providers
from services.gateway.web.trainings.register_training import Kind
from services.gateway.web.trainings.training_fields import CONTENT_FIELDS, declared_fields, form_values
from services.gateway.web.trainings.training_row import TrainingRow
from services.gateway.wiring import gateway_of
from shared.contracts.answers.registration import TrainingVersion
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate

router = APIRouter(prefix="/enterprises/{number}/trainings/registered/{submission}", include_in_schema=False)
_MOST_IDS = 1000
_REFERENCED = "select subject::text from reference_holder where submission = $1::uuid and not refused"
_DECLARED = "select declared from submission where id = $1::uuid and kind = 'bulk' and area = 'trainings'"


@dataclass(frozen=True)
class RegisteredTogetherView:
    """The trainings of one form, by name of the person; `left`: how many of them were not cancelled since."""

    template: ClassVar[str] = "trainings/registered_together.html"

    enterprise: Party
    submission: str
    trainings: Sequence[TrainingRow]
    left: int


@dataclass(frozen=True)
class TakeBackTogetherView:
    """The question why they are all taken back. `seen`: which versions it is about."""

    template: ClassVar[str] = "trainings/take_back_together.html"
    fields: ClassVar[tuple[str, ...]] = ("reason", "seen")

    enterprise: Party
    submission: str
    title: str
    count: int
    form: FormState


@dataclass(frozen=True)
class CorrectTogetherView:
    """The form that corrects them all. Fields: as for one training; `seen`: which versions it is about."""

    template: ClassVar[str] = "trainings/correct_together.html"
    fields: ClassVar[tuple[str, ...]] = (*CONTENT_FIELDS, "reason", "seen")

    enterprise: Party
    submission: str
    count: int
    form: FormState
    known_providers: Sequence[str] = ()


@router.get("", response_class=HTMLResponse)
async def together(request: Request, enterprise: ReadAccess, submission: UUID) -> Response:
    """Show what was registered, whatever became of it since."""
    found = await _found(request, enterprise, submission)
    names = await names_of(request, enterprise.number, {one.person for one in found})
    rows = sorted((_row(one, names.get(one.person, "—")) for one in found), key=lambda row: row.employee_name)
    view = RegisteredTogetherView(enterprise.party, str(submission), rows, len(_left(found)))
    return page(request, enterprise.frame(request, Area.TRAININGS), view)


@router.get("/take-back", response_class=HTMLResponse)
async def taking_back(request: Request, enterprise: WriteAccess, submission: UUID) -> Response:
    """Ask why, before they are all cancelled."""
    left = await _standing(request, enterprise, submission)
    return _take_back_page(request, enterprise, submission, left, new_form({"seen": _fingerprint(left)}))


@router.post("/take-back", response_class=HTMLResponse)
async def take_back(request: Request, enterprise: WriteAccess, submission: UUID, form: PostedForm) -> Response:
    """Cancel all that stand; they stay visible."""
    left = await _standing(request, enterprise, submission)
    errors, told = await _change_all(request, enterprise, submission, left, Kind.TRAINING_CANCELLATION, {}, form)
    if told is None:
        state = state_of(form, TakeBackTogetherView.fields, errors=errors)
        return _take_back_page(request, enterprise, submission, left, state, 422)
    return told


@router.get("/correct", response_class=HTMLResponse)
async def correction(request: Request, enterprise: WriteAccess, submission: UUID) -> Response:
    """Show the form with the training as it is now."""
    left = await _standing(request, enterprise, submission)
    values = form_values(left[0].content) | {"seen": _fingerprint(left)}
    return await _correct_page(request, enterprise, submission, left, new_form(values))


@router.post("/correct", response_class=HTMLResponse)
async def correct(request: Request, enterprise: WriteAccess, submission: UUID, form: PostedForm) -> Response:
    """Correct all that stand, alike."""
    left = await _standing(request, enterprise, submission)
    fields = declared_fields(form)
    errors, told = await _change_all(request, enterprise, submission, left, Kind.TRAINING_CORRECTION, fields, form)
    if told is None:
        state = state_of(form, CorrectTogetherView.fields, errors=errors)
        return await _correct_page(request, enterprise, submission, left, state, 422)
    return told


async def _change_all(
    request: Request,
    enterprise: EnterpriseAccess,
    submission: UUID,
    left: Sequence[TrainingVersion],
    kind: Kind,
    fields: dict[str, Any],
    form: FormData,
) -> tuple[tuple[FieldError, ...], Response | None]:
    """Submit the same change of each of these; what is wrong, or where to go on."""
    if typed_text(form, "seen") != _fingerprint(left):
        text = translate(enterprise.language, N_("One of these trainings was changed meanwhile. Look at them again."))
        return (FieldError(None, text),), None
    same = fields | {"enterpriseNumber": enterprise.number}
    if reason := typed_text(form, "reason"):
        same["reason"] = reason
    declared = [
        Declared(line, kind, same | {"trainingId": one.training, "expectedVersion": one.version}, one.person)
        for line, one in enumerate(left, 1)
    ]
    if wrong := check(declared[0]):
        return errors_of(wrong, enterprise.language), None
    result = await submit(gateway_of(request), enterprise.sender, declared, typed_text(form, "submission_key"))
    refused = result.refused
    if len(refused) == len(declared):
        return errors_of(next(iter(refused.values())), enterprise.language), None
    done = "allCancelled" if kind is Kind.TRAINING_CANCELLATION else "allCorrected"
    notice = "pending" if result.pending else "someChanged" if refused else done
    address = addresses.registered_together(enterprise.number, str(submission))
    told = with_notice(address, notice, count=len(declared) - len(refused), refused=len(refused))
    return (), see_other(request, told)


async def _found(request: Request, enterprise: EnterpriseAccess, submission: UUID) -> list[TrainingVersion]:
    """Ask for the trainings of a submission that are open to the reader. ForbiddenError where there is none."""
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        ids = await _ids(driver(connection), str(submission))
    found: list[TrainingVersion] = []
    for at in range(0, len(ids), _MOST_IDS):
        answer = await gateway.questions.registration.trainings(enterprise.scope, ids[at : at + _MOST_IDS])
        found += [one for one in (answer.items if answer else ()) if one.enterprise == enterprise.number]
    if not found:
        raise ForbiddenError
    return found


async def _ids(connection: asyncpg.Connection, submission: str) -> list[str]:
    """List the ids of what a form registered: by the sender's references, and of those without by their lines."""
    declared = await connection.fetchval(_DECLARED, submission)
    referenced = [row[0] for row in await connection.fetch(_REFERENCED, submission)]
    return [*referenced, *subjects_of_trainings(submission, declared or 0)]


async def _standing(request: Request, enterprise: EnterpriseAccess, submission: UUID) -> list[TrainingVersion]:
    """Find those that can still be changed, always in the same order. ForbiddenError where none can."""
    left = sorted(_left(await _found(request, enterprise, submission)), key=lambda one: one.training)
    if not left:
        raise ForbiddenError
    return left


def _left(found: Sequence[TrainingVersion]) -> list[TrainingVersion]:
    return [one for one in found if one.content["status"] != "cancelled"]


def _fingerprint(left: Sequence[TrainingVersion]) -> str:
    return hashlib.sha256(repr([(one.training, one.version) for one in left]).encode()).hexdigest()[:32]


def _row(one: TrainingVersion, name: str) -> TrainingRow:
    content = one.content
    return TrainingRow(
        training=one.training,
        title=content["title"],
        employee_name=name,
        start_date=date.fromisoformat(content["startDate"]),
        end_date=date.fromisoformat(content["endDate"]),
        minutes=content["minutes"],
        kind=content["kind"],
        status=content["status"],
        provider=content.get("provider", {}).get("name", ""),
        same_as=one.same_as,
    )


def _take_back_page(
    request: Request,
    enterprise: EnterpriseAccess,
    submission: UUID,
    left: Sequence[TrainingVersion],
    form: FormState,
    status: int = 200,
) -> HTMLResponse:
    title = left[0].content["title"]
    view = TakeBackTogetherView(enterprise.party, str(submission), title, len(left), form)
    return page(request, enterprise.frame(request, Area.TRAININGS), view, status)


async def _correct_page(
    request: Request,
    enterprise: EnterpriseAccess,
    submission: UUID,
    left: Sequence[TrainingVersion],
    form: FormState,
    status: int = 200,
) -> HTMLResponse:
    providers = await known_providers(request, enterprise)
    view = CorrectTogetherView(enterprise.party, str(submission), len(left), form, providers)
    return page(request, enterprise.frame(request, Area.TRAININGS), view, status)
