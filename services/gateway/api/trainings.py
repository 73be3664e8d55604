"""`/api/v1/trainings`: register, read, correct and cancel trainings."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from services.gateway.api.caller import Caller, calling
from services.gateway.api.parameters import EnterpriseQuery, Id, Page, PageSize
from services.gateway.api.people import with_people
from services.gateway.api.problems import ProblemError, bad_request, not_found
from services.gateway.api.submitting import documented, read_object, submit_many, submit_one
from services.gateway.intake.declared import DeclarationKind, Sender
from services.gateway.wiring import gateway_of
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/trainings", tags=["trainings"])

Reader = Annotated[Caller, Depends(calling("trainings:read"))]
Writer = Annotated[Caller, Depends(calling("trainings:write"))]

LOCATION = "/api/v1/trainings/{id}"
Sort = Literal["startDate", "-startDate", "recordedAt", "-recordedAt", "title", "-title", "minutes", "-minutes"]
OneOrMore = Annotated[list[TrainingStatus], BeforeValidator(lambda value: [value] if type(value) is str else value)]


class Wanted(BaseModel):
    """What `POST /trainings/query` looks for; the filters are those of `GET /trainings`."""

    model_config = ConfigDict(extra="forbid")

    enterpriseNumber: str
    ssin: str | None = None
    status: OneOrMore | None = None
    kind: TrainingKind | None = None
    first: date | None = Field(None, alias="from")
    until: date | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    sort: Sort | None = None
    page: Page | None = None
    pageSize: Annotated[int, Field(ge=1, le=500)] | None = None


@router.post("", status_code=201, openapi_extra=documented(DeclarationKind.TRAINING_REGISTRATION))
async def register(request: Request, caller: Writer) -> JSONResponse:
    """Register one training of one person. `Prefer: wait=5` gives the outcome in the same answer."""
    fields, body = await read_object(request)
    return await submit_one(request, caller, DeclarationKind.TRAINING_REGISTRATION, fields, body, location=LOCATION)


@router.post("/bulk", status_code=202, openapi_extra=documented(DeclarationKind.TRAINING_REGISTRATION, bulk=True))
async def register_many(request: Request, caller: Writer) -> JSONResponse:
    """Register up to 1,000 trainings; each item has its own outcome, and a bad one harms no other."""
    content, body = await read_object(request)
    return await submit_many(request, caller, DeclarationKind.TRAINING_REGISTRATION, content, body)


@router.post("/query")
async def find(request: Request, caller: Reader) -> dict[str, Any]:
    """Trainings of an enterprise, optionally of one person: `{enterpriseNumber, ssin?, status?, from?, …}`."""
    wanted = await _wanted(request)
    if wanted.enterpriseNumber not in caller.enterprises:
        raise not_found("enterprise")
    person = None
    if wanted.ssin is not None:
        async with transaction(gateway_of(request).engine) as connection:
            found = await gateway_of(request).persons.find(driver(connection), {wanted.ssin})
        person = found.get(wanted.ssin)
        if person is None:
            return {"items": [], "page": 1, "pageSize": 0, "total": 0}
    filters = wanted.model_dump(by_alias=True, exclude={"enterpriseNumber", "ssin"})
    return await _list(request, caller, wanted.enterpriseNumber, person=person, **filters)


async def _wanted(request: Request) -> Wanted:
    """The body's question, checked here, because the service that is asked would only say that it is wrong."""
    content, _ = await read_object(request)
    try:
        return Wanted.model_validate(content)
    except ValidationError as error:
        raise RequestValidationError(
            [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        ) from error


@router.get("")
async def read_all(
    request: Request,
    caller: Reader,
    enterprise_number: EnterpriseQuery,
    status: TrainingStatus | None = None,
    kind: TrainingKind | None = None,
    first: Annotated[date | None, Query(alias="from", description="First day on or after.")] = None,
    last: Annotated[date | None, Query(alias="until", description="First day on or before.")] = None,
    text: Annotated[str | None, Query(max_length=200, description="In title, provider or reference.")] = None,
    page: Page = 1,
    page_size: PageSize = 100,
    sort: Sort = "-startDate",
) -> dict[str, Any]:
    """Trainings of an enterprise, newest first; for one person use `POST /trainings/query`."""
    if enterprise_number not in caller.enterprises:
        raise not_found("enterprise")
    period = {"from": first, "until": last}
    filters = {"status": status, "kind": kind, "text": text, **period}
    return await _list(request, caller, enterprise_number, page=page, pageSize=page_size, sort=sort, **filters)


async def _list(request: Request, caller: Caller, enterprise: str, **query: Any) -> dict[str, Any]:
    scope = caller.scope.narrowed_to([enterprise])
    found = await gateway_of(request).questions.ask(
        "dashboard", f"/internal/enterprises/{enterprise}/trainings", scope, **query
    )
    if found is None:
        raise not_found("enterprise")
    return {"self": str(request.url.path), **found, "items": await with_people(request, found["items"])}


@router.get("/{training}")
async def read(request: Request, response: Response, caller: Reader, training: Id) -> dict[str, Any]:
    """A training as it is now; its `ETag` is the version to give to a correction."""
    found = await _training(request, caller, training)
    response.headers["ETag"] = f'"{found["training"]["version"]}"'
    return (await with_people(request, [found["training"]]))[0]


@router.get("/{training}/versions")
async def versions(request: Request, caller: Reader, training: Id) -> dict[str, Any]:
    """Everything that was ever known of a training, newest first: who, when, why."""
    found = await _training(request, caller, training)
    return {"self": request.url.path, "items": await with_people(request, found["versions"])}


async def _training(request: Request, caller: Caller, training: Id) -> dict[str, Any]:
    found: dict[str, Any] | None = await gateway_of(request).questions.ask(
        "registration", f"/internal/trainings/{training}", caller.scope
    )
    if found is None:
        raise not_found("training")
    return found


@router.put("/{training}", openapi_extra=documented(DeclarationKind.TRAINING_CORRECTION))
async def correct(request: Request, caller: Writer, training: Id) -> JSONResponse:
    """Correct a training: the whole new content and a `reason`. `If-Match` refuses it when someone was first."""
    fields, body = await read_object(request)
    return await _change(request, caller, DeclarationKind.TRAINING_CORRECTION, training, fields, body)


@router.post("/{training}/cancel")
async def cancel(request: Request, caller: Writer, training: Id) -> JSONResponse:
    """Cancel a training with a `reason`; it stays visible."""
    fields, body = await read_object(request)
    return await _change(request, caller, DeclarationKind.TRAINING_CANCELLATION, training, fields, body)


async def _change(
    request: Request, caller: Caller, kind: DeclarationKind, training: Id, fields: dict[str, Any], body: bytes
) -> JSONResponse:
    current = (await _training(request, caller, training))["training"]
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        ssins = await gateway.persons.ssins(driver(connection), [current["person"]])
    fields = {
        **fields,
        "trainingId": str(training),
        "ssin": fields.get("ssin", ssins[current["person"]]),
        "enterpriseNumber": current["enterprise"],
    }
    match = request.headers.get("if-match")
    if match is not None:
        if not match.strip('"').isdecimal() or len(match) > 12:
            raise bad_request([], 'If-Match must be the ETag of the training, like "3"')
        fields["expectedVersion"] = int(match.strip('"'))
        if fields["expectedVersion"] != current["version"]:
            raise ProblemError(412, "preconditionFailed", f"The training is at version {current['version']} now")
    sender = Sender(caller.organisation, caller.sender.actor, caller.enterprises)
    return await submit_one(request, caller, kind, fields, body, location=LOCATION, sender=sender)
