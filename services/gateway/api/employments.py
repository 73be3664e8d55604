"""`/api/v1/employments`: who works where, and why their balances are what they are."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from msgspec import to_builtins

from services.gateway.api.answers.employments import Employment, EmploymentPage, Ledger, WhatIf
from services.gateway.api.as_known_on import AsKnownOn
from services.gateway.api.caller import Caller, EnterpriseAccess, calling, reading_queried_enterprise
from services.gateway.api.description.bodies import EmploymentRegistrations
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.submitted import CHANGING, MANY, ONE
from services.gateway.api.list_pages import PAGE_SIZE, PageNumber, PageSize, page_of_answer
from services.gateway.api.people import with_people
from services.gateway.api.preconditions import known_request, only_its_own, precondition
from services.gateway.api.problems import bad_request, issue, language_of, not_found
from services.gateway.api.route_parameters import Id
from services.gateway.api.submit import read_object, submit_many, submit_one
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import EmploymentCancellation, EmploymentChange, EmploymentRegistration
from services.gateway.intake.supposition import Supposition, checked_supposition
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today

router = APIRouter()

READ, WRITE, READ_RIGHTS = "employments:read", "employments:write", "entitlements:read"
MayRead = Annotated[Caller, Depends(calling(READ))]
ReadAccess = Annotated[EnterpriseAccess, Depends(reading_queried_enterprise(READ))]
MayWrite = Annotated[Caller, Depends(calling(WRITE))]
MayReadRights = Annotated[Caller, Depends(calling(READ_RIGHTS))]

LOCATION = "/api/v1/employments/{id}"
_SUPPOSED = {"workingTime": "0.5", "validFrom": "2026-07-01", "asOf": "2026-12-31"}
_EMPLOYMENTS: Any = ["employments"]
_ENTITLEMENTS: Any = ["entitlements"]


@router.post("/employments", tags=_EMPLOYMENTS,
             **operation("registerEmployment", ONE, scope=WRITE, body=EmploymentRegistration, problems=(409,),
                         submits=True))  # fmt: skip
async def register(request: Request, caller: MayWrite) -> JSONResponse:
    """Register that a person works at an enterprise."""
    fields, body = await read_object(request)
    return await submit_one(request, caller, DeclarationKind.EMPLOYMENT_REGISTRATION, fields, body, location=LOCATION)


@router.post("/employments/bulk", tags=_EMPLOYMENTS,
             **operation("registerEmployments", MANY, scope=WRITE, body=EmploymentRegistrations, problems=(409,),
                         submits=True))  # fmt: skip
async def register_many(request: Request, caller: MayWrite) -> JSONResponse:
    """Register up to 1,000 employments."""
    content, body = await read_object(request)
    return await submit_many(request, caller, DeclarationKind.EMPLOYMENT_REGISTRATION, content, body)


@router.get("/employments", tags=_EMPLOYMENTS,
            **operation("listEmployments", {200: Answer("A page of employments.", EmploymentPage)}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def read_all(
    request: Request,
    enterprise: ReadAccess,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page: PageNumber = 1,
    page_size: PageSize = PAGE_SIZE,
) -> dict[str, Any]:
    """Employees of an enterprise with a year's balance; this year's when none is named."""
    found = await gateway_of(request).questions.dashboard.employees(
        enterprise.scope, enterprise.number, year or brussels_today().year, page=page, page_size=page_size
    )
    if found is None:
        raise not_found("enterprise")
    return page_of_answer(request, found, await with_people(request, enterprise.number, found.items))


@router.get("/employments/{employment}", tags=_EMPLOYMENTS,
            **operation("readEmployment", {200: Answer("The employment.", Employment, ("ETag",))}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def read(request: Request, response: Response, caller: MayRead, employment: Id) -> dict[str, Any]:
    """An employment with its terms, balances per year and trainings; its `ETag` is the version to give to a change."""
    found = await gateway_of(request).questions.dashboard.employment(caller.scope, employment)
    if found is None:
        raise not_found("employment")
    response.headers["ETag"] = f'"{found.version}"'
    own, *rest = await with_people(request, found.enterprise, [found, *found.others, *found.trainings.items])
    others, trainings = rest[: len(found.others)], rest[len(found.others) :]
    return own | {"others": others, "trainings": own["trainings"] | {"items": trainings}}


@router.put("/employments/{employment}", tags=_EMPLOYMENTS,
            **operation("changeEmployment", ONE, scope=WRITE, body=EmploymentChange, problems=CHANGING, changes=True,
                        submits=True))  # fmt: skip
async def change(request: Request, caller: MayWrite, employment: Id) -> JSONResponse:
    """Replace what is known of an employment: its period and its dated terms; correct the name. `If-Match`: unless
    someone was first.
    """
    return await _amend(request, caller, DeclarationKind.EMPLOYMENT_CHANGE, employment)


@router.post("/employments/{employment}/cancel", tags=_EMPLOYMENTS,
             **operation("cancelEmployment", ONE, scope=WRITE, body=EmploymentCancellation, problems=CHANGING,
                         changes=True, submits=True))  # fmt: skip
async def cancel(request: Request, caller: MayWrite, employment: Id) -> JSONResponse:
    """Cancel an employment that never was: what was granted and charged on it is taken back."""
    return await _amend(request, caller, DeclarationKind.EMPLOYMENT_CANCELLATION, employment)


async def _amend(request: Request, caller: Caller, kind: DeclarationKind, employment: Id) -> JSONResponse:
    fields, body = await read_object(request)
    found = await gateway_of(request).questions.dashboard.employment(caller.scope, employment)
    if found is None:
        if await known_request(request, caller):
            # It closed the employment by itself, and its answer was lost on the way: the same request, the same answer.
            return await submit_one(request, caller, kind, fields, body, location=LOCATION)
        raise not_found("employment")
    person = found.person
    own = {"employmentId": str(employment), "ssin": person, "enterpriseNumber": found.enterprise}
    fields = await only_its_own(request, fields, own)
    version = await precondition(request, caller, found.version)
    if version is not None and kind is DeclarationKind.EMPLOYMENT_CHANGE:
        fields["expectedVersion"] = version
    return await submit_one(request, caller, kind, fields, body, location=LOCATION, person=person)


@router.get("/employments/{employment}/ledger", tags=_ENTITLEMENTS,
            **operation("readLedger", {200: Answer("The ledger.", Ledger)}, scope=READ_RIGHTS,
                        problems=(404,)))  # fmt: skip
async def ledger(request: Request, caller: MayReadRights, employment: Id, as_known_on: AsKnownOn) -> dict[str, Any]:
    """Every line behind the balances: rule, inputs, cause and dates; and whether five years gave less than granted."""
    found = await gateway_of(request).questions.entitlements.ledger(caller.scope, employment, as_known_on)
    if found is None:
        raise not_found("employment")
    (employment_,) = await with_people(request, found.employment.enterprise, [found.employment])
    told = {"years": to_builtins(found.years), "periods": to_builtins(found.periods)}
    return {"self": request.url.path, "employment": employment_, **told}


@router.post("/employments/{employment}/whatIf", tags=_ENTITLEMENTS,
             **operation("supposeEmployment", {200: Answer("The years, now and then.", WhatIf)}, scope=READ_RIGHTS,
                         body=Supposition, example=_SUPPOSED, problems=(404,)))  # fmt: skip
async def what_if(request: Request, caller: MayReadRights, employment: Id) -> dict[str, Any]:
    """What the years would be with other facts, by the same calculation; nothing is recorded."""
    content, _ = await read_object(request)
    entitlements = gateway_of(request).questions.entitlements
    known = await entitlements.employment(caller.scope, employment)
    if known is None:
        raise not_found("employment")
    supposed, wrong = checked_supposition(content, known, brussels_today())
    if wrong:
        raise bad_request([issue(one, language_of(request), fields=content) for one in wrong])
    found = await entitlements.what_if(caller.scope, {"employment": str(employment), **supposed})
    if found is None:
        raise not_found("employment")
    return {"self": request.url.path, "employment": str(employment), **to_builtins(found)}
