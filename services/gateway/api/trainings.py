"""`/api/v1/trainings`: register, read, correct and cancel trainings."""

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.api.answers.trainings import Training, TrainingPage, TrainingVersions
from services.gateway.api.as_known_on import AsKnownOn
from services.gateway.api.caller import Caller, EnterpriseAccess, calling, reading_queried_enterprise
from services.gateway.api.description.bodies import TrainingRegistrations
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.submitted import CHANGING, MANY, ONE
from services.gateway.api.list_pages import PAGE_SIZE, PageNumber, PageSize, page_of_answer
from services.gateway.api.people import with_people
from services.gateway.api.preconditions import only_its_own, precondition
from services.gateway.api.problems import language_of, not_found
from services.gateway.api.route_parameters import Id, Text
from services.gateway.api.submit import read_object, submit_many, submit_one
from services.gateway.api.training_query import Sort, TrainingQuery, checked_query
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import TrainingCancellation, TrainingCorrection, TrainingRegistration
from services.gateway.wiring import gateway_of
from shared.clock import end_of_day
from shared.contracts.answers.registration import TrainingHistory, TrainingVersion
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/trainings", tags=["trainings"])

READ, WRITE = "trainings:read", "trainings:write"
MayRead = Annotated[Caller, Depends(calling(READ))]
ReadAccess = Annotated[EnterpriseAccess, Depends(reading_queried_enterprise(READ))]
MayWrite = Annotated[Caller, Depends(calling(WRITE))]

LOCATION = "/api/v1/trainings/{id}"
EXAMPLE = {
    "reference": "2024-001",
    "ssin": "80011197789",
    "enterpriseNumber": "1999010345",
    "title": "naam opleiding",
    "startDate": "2024-06-16",
    "endDate": "2024-06-19",
    "duration": "PT15H12M",
}


@router.post("", **operation("registerTraining", ONE, scope=WRITE, body=TrainingRegistration, example=EXAMPLE,
                             problems=(409,), submits=True))  # fmt: skip
async def register(request: Request, caller: MayWrite) -> JSONResponse:
    """Register one training of one person. `Prefer: wait=5` gives the outcome in the same answer."""
    fields, body = await read_object(request)
    return await submit_one(request, caller, DeclarationKind.TRAINING_REGISTRATION, fields, body, location=LOCATION)


@router.post("/bulk", **operation("registerTrainings", MANY, scope=WRITE, body=TrainingRegistrations, problems=(409,),
                                 submits=True))  # fmt: skip
async def register_many(request: Request, caller: MayWrite) -> JSONResponse:
    """Register up to 1,000 trainings; each item has its own outcome, and a bad one harms no other."""
    content, body = await read_object(request)
    return await submit_many(request, caller, DeclarationKind.TRAINING_REGISTRATION, content, body)


@router.post("/query", **operation("queryTrainings", {200: Answer("A page of trainings.", TrainingPage)}, scope=READ,
                                  body=TrainingQuery, problems=(404,)))  # fmt: skip
async def find(request: Request, caller: MayRead) -> dict[str, Any]:
    """Trainings of an enterprise, optionally of one person: `{enterpriseNumber, ssin?, status?, from?, …}`."""
    content, _ = await read_object(request)
    asked = checked_query(content, language_of(request))
    number, ssin = asked.pop("enterpriseNumber"), asked.pop("ssin", None)
    enterprise = caller.enterprise(number)
    if ssin is None:
        return await _list(request, enterprise, asked)
    async with transaction(gateway_of(request).engine) as connection:
        person = (await gateway_of(request).persons.resolve(driver(connection), {ssin}, ()))[ssin]
    # Of a number that nobody knows there is nothing, and that is found out as it is of any other.
    return await _list(request, enterprise, asked | {"person": person})


@router.get("", **operation("listTrainings", {200: Answer("A page of trainings.", TrainingPage)}, scope=READ,
                            problems=(404,)))  # fmt: skip
async def read_all(
    request: Request,
    enterprise: ReadAccess,
    status: TrainingStatus | None = None,
    kind: TrainingKind | None = None,
    first: Annotated[date | None, Query(alias="from", description="First day on or after.")] = None,
    last: Annotated[date | None, Query(alias="until", description="First day on or before.")] = None,
    text: Text | None = None,
    page: PageNumber = 1,
    page_size: PageSize = PAGE_SIZE,
    sort: Sort = "-startDate",
) -> dict[str, Any]:
    """Trainings of an enterprise, newest first; for one person use `POST /trainings/query`."""
    period = {"from": first, "until": last}
    filters = {"status": status, "kind": kind, "text": text, **period}
    return await _list(request, enterprise, {"page": page, "pageSize": page_size, "sort": sort, **filters})


async def _list(request: Request, enterprise: EnterpriseAccess, asked: dict[str, Any]) -> dict[str, Any]:
    found = await gateway_of(request).questions.dashboard.trainings(
        enterprise.scope,
        enterprise.number,
        page=asked["page"],
        page_size=asked["pageSize"],
        sort=asked["sort"],
        person=asked.get("person"),
        first=asked.get("from"),
        last=asked.get("until"),
        status=asked.get("status"),
        kind=asked.get("kind"),
        text=asked.get("text"),
    )
    if found is None:
        raise not_found("enterprise")
    return page_of_answer(request, found, await with_people(request, enterprise.number, found.items))


@router.get("/{training}", **operation("readTraining", {200: Answer("The training.", Training, ("ETag",))}, scope=READ,
                                      problems=(404,)))  # fmt: skip
async def read(
    request: Request, response: Response, caller: MayRead, training: Id, as_known_on: AsKnownOn
) -> dict[str, Any]:
    """A training as it is, or as it was known on an earlier day; its `ETag` is the version to give to a correction."""
    if as_known_on is None:
        known = (await _training(request, caller, training)).training
    else:
        known = await _known_then(request, caller, training, as_known_on)
    response.headers["ETag"] = f'"{known.version}"'
    return (await with_people(request, known.enterprise, [known]))[0]


async def _known_then(request: Request, caller: Caller, training: Id, day: date) -> TrainingVersion:
    moment = end_of_day(day) - timedelta(microseconds=1)
    found = await gateway_of(request).questions.registration.trainings(caller.scope, [str(training)], moment)
    if found is None or not found.items:
        raise not_found("training")
    return found.items[0]


@router.get("/{training}/versions", **operation("listTrainingVersions", {200: Answer("All.", TrainingVersions)},
                                               scope=READ, problems=(404,)))  # fmt: skip
async def versions(request: Request, caller: MayRead, training: Id) -> dict[str, Any]:
    """Everything that was ever known of a training, newest first: who, when, why."""
    found = await _training(request, caller, training)
    items = await with_people(request, found.training.enterprise, found.versions)
    return {"self": request.url.path, "items": items}


async def _training(request: Request, caller: Caller, training: Id) -> TrainingHistory:
    found = await gateway_of(request).questions.registration.training(caller.scope, training)
    if found is None:
        raise not_found("training")
    return found


@router.put("/{training}", **operation("correctTraining", ONE, scope=WRITE, body=TrainingCorrection, problems=CHANGING,
                                      changes=True, submits=True))  # fmt: skip
async def correct(request: Request, caller: MayWrite, training: Id) -> JSONResponse:
    """Correct a training: the whole new content and a `reason`. `If-Match` refuses it when someone was first."""
    fields, body = await read_object(request)
    return await _change(request, caller, DeclarationKind.TRAINING_CORRECTION, training, fields, body)


@router.post("/{training}/cancel", **operation("cancelTraining", ONE, scope=WRITE, body=TrainingCancellation,
                                              problems=CHANGING, changes=True, submits=True))  # fmt: skip
async def cancel(request: Request, caller: MayWrite, training: Id) -> JSONResponse:
    """Cancel a training with a `reason`; it stays visible."""
    fields, body = await read_object(request)
    return await _change(request, caller, DeclarationKind.TRAINING_CANCELLATION, training, fields, body)


async def _change(
    request: Request, caller: Caller, kind: DeclarationKind, training: Id, fields: dict[str, Any], body: bytes
) -> JSONResponse:
    current = (await _training(request, caller, training)).training
    person = current.person
    own = {"trainingId": str(training), "enterpriseNumber": current.enterprise, "ssin": person}
    fields = await only_its_own(request, fields, own)
    version = await precondition(request, caller, current.version)
    if version is not None:
        fields["expectedVersion"] = version
    return await submit_one(request, caller, kind, fields, body, location=LOCATION, person=person)
