"""`/api/v1/entitlements`: the employer's own figures, where a right deviates from what is calculated."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from services.gateway.api.answers.entitlements import Entitlement, EntitlementPage, EntitlementVersions
from services.gateway.api.caller import Caller, EnterpriseAccess, calling, reading_queried_enterprise
from services.gateway.api.description.bodies import EntitlementRegistrations
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.submitted import CHANGING, MANY, ONE
from services.gateway.api.list_pages import PAGE_SIZE, PageNumber, PageSize, page_of_answer
from services.gateway.api.people import with_people
from services.gateway.api.preconditions import only_its_own, precondition
from services.gateway.api.problems import not_found
from services.gateway.api.route_parameters import Id
from services.gateway.api.submit import read_object, submit_many, submit_one
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import EntitlementCancellation, EntitlementRegistration
from services.gateway.wiring import gateway_of
from shared.contracts.answers.entitlements import OverrideVersions

router = APIRouter(prefix="/entitlements", tags=["entitlements"])

READ, WRITE = "entitlements:read", "entitlements:write"
MayRead = Annotated[Caller, Depends(calling(READ))]
ReadAccess = Annotated[EnterpriseAccess, Depends(reading_queried_enterprise(READ))]
MayWrite = Annotated[Caller, Depends(calling(WRITE))]

LOCATION = "/api/v1/entitlements/{id}"


@router.post("", **operation("registerEntitlement", ONE, scope=WRITE, body=EntitlementRegistration, problems=(409,),
                             submits=True))  # fmt: skip
async def entitle(request: Request, caller: MayWrite) -> JSONResponse:
    """Register or modify a person's right of a year, with the reason why it deviates."""
    fields, body = await read_object(request)
    return await submit_one(request, caller, DeclarationKind.ENTITLEMENT_REGISTRATION, fields, body, location=LOCATION)


@router.post("/bulk", **operation("registerEntitlements", MANY, scope=WRITE, body=EntitlementRegistrations,
                                 problems=(409,), submits=True))  # fmt: skip
async def entitle_many(request: Request, caller: MayWrite) -> JSONResponse:
    """The same for up to 1,000 people at once."""
    content, body = await read_object(request)
    return await submit_many(request, caller, DeclarationKind.ENTITLEMENT_REGISTRATION, content, body)


@router.get("", **operation("listEntitlements", {200: Answer("A page of own figures.", EntitlementPage)}, scope=READ,
                            problems=(404,)))  # fmt: skip
async def read_all(
    request: Request,
    enterprise: ReadAccess,
    employment: Annotated[UUID | None, Query(alias="employmentId")] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page: PageNumber = 1,
    page_size: PageSize = PAGE_SIZE,
) -> dict[str, Any]:
    """The own figures of an enterprise, the last registered first, those taken back among them."""
    found = await gateway_of(request).questions.entitlements.overrides(
        enterprise.scope, enterprise.number, employment=employment, year=year, page=page, page_size=page_size
    )
    assert found is not None
    return page_of_answer(request, found, await with_people(request, enterprise.number, found.items))


@router.get("/{entitlement}", **operation("readEntitlement", {200: Answer("The own figure.", Entitlement, ("ETag",))},
                                         scope=READ, problems=(404,)))  # fmt: skip
async def read(request: Request, response: Response, caller: MayRead, entitlement: Id) -> dict[str, Any]:
    """An own figure as it stands; its `ETag` is the version to give to a cancellation."""
    found = (await _known(request, caller, entitlement)).entitlement
    response.headers["ETag"] = f'"{found.version}"'
    return (await with_people(request, found.enterprise, [found]))[0]


@router.get("/{entitlement}/versions", **operation("listEntitlementVersions",
                                                  {200: Answer("Its versions.", EntitlementVersions)}, scope=READ,
                                                  problems=(404,)))  # fmt: skip
async def versions(request: Request, caller: MayRead, entitlement: Id) -> dict[str, Any]:
    """Every version of an own figure, newest first."""
    found = await _known(request, caller, entitlement)
    return {
        "self": request.url.path,
        "items": await with_people(request, found.entitlement.enterprise, found.versions),
    }


@router.post("/{entitlement}/cancel", **operation("cancelEntitlement", ONE, scope=WRITE, body=EntitlementCancellation,
                                                 problems=CHANGING, changes=True, submits=True))  # fmt: skip
async def cancel(request: Request, caller: MayWrite, entitlement: Id) -> JSONResponse:
    """Take an own figure back: what the arrangement gives counts again."""
    fields, body = await read_object(request)
    current = (await _known(request, caller, entitlement)).entitlement
    person = current.person
    own = {"entitlementId": str(entitlement), "ssin": person, "enterpriseNumber": current.enterprise}
    fields = await only_its_own(request, fields, own)
    await precondition(request, caller, current.version)
    kind = DeclarationKind.ENTITLEMENT_CANCELLATION
    return await submit_one(request, caller, kind, fields, body, location=LOCATION, person=person)


async def _known(request: Request, caller: Caller, entitlement: UUID) -> OverrideVersions:
    found = await gateway_of(request).questions.entitlements.override(caller.scope, entitlement)
    if found is None:
        raise not_found("entitlement")
    return found
