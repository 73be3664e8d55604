"""`/api/v1/enterpriseEntitlements`: the employer's own figures for everybody it employs, now or later."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from msgspec import to_builtins

from services.gateway.api.answers.entitlements import (
    EnterpriseEntitlement,
    EnterpriseEntitlementPage,
    EnterpriseEntitlementVersions,
)
from services.gateway.api.caller import Caller
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.submitted import CHANGING, ONE
from services.gateway.api.entitlements import READ, WRITE, MayRead, MayWrite, ReadAccess
from services.gateway.api.list_pages import PAGE_SIZE, PageNumber, PageSize, page_of_answer
from services.gateway.api.preconditions import only_its_own, precondition
from services.gateway.api.problems import not_found
from services.gateway.api.route_parameters import Id
from services.gateway.api.submit import read_object, submit_one
from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import EnterpriseEntitlementCancellation, EnterpriseEntitlementRegistration
from services.gateway.wiring import gateway_of
from shared.contracts.answers.entitlements import EnterpriseOverrideVersions

router = APIRouter(prefix="/enterpriseEntitlements", tags=["entitlements"])

LOCATION = "/api/v1/enterpriseEntitlements/{id}"


@router.post("", **operation("registerEnterpriseEntitlement", ONE, scope=WRITE, body=EnterpriseEntitlementRegistration,
                             problems=(409,), submits=True))  # fmt: skip
async def entitle(request: Request, caller: MayWrite) -> JSONResponse:
    """Register an own figure for everybody who is employed in a year or several, now or later."""
    fields, body = await read_object(request)
    kind = DeclarationKind.ENTERPRISE_ENTITLEMENT_REGISTRATION
    return await submit_one(request, caller, kind, fields, body, location=LOCATION)


@router.get("", **operation("listEnterpriseEntitlements",
                            {200: Answer("A page of own figures for everybody.", EnterpriseEntitlementPage)},
                            scope=READ, problems=(404,)))  # fmt: skip
async def read_all(
    request: Request,
    enterprise: ReadAccess,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page: PageNumber = 1,
    page_size: PageSize = PAGE_SIZE,
) -> dict[str, Any]:
    """The own figures for everybody at an enterprise, the last registered first, those taken back among them."""
    found = await gateway_of(request).questions.entitlements.enterprise_overrides(
        enterprise.scope, enterprise.number, year=year, page=page, page_size=page_size
    )
    assert found is not None
    return page_of_answer(request, found, to_builtins(found.items))


@router.get("/{enterprise_entitlement}", **operation("readEnterpriseEntitlement",
                                         {200: Answer("The own figure.", EnterpriseEntitlement, ("ETag",))},
                                         scope=READ, problems=(404,)))  # fmt: skip
async def read(request: Request, response: Response, caller: MayRead, enterprise_entitlement: Id) -> dict[str, Any]:
    """An own figure for everybody as it stands; its `ETag` is the version to give to a cancellation."""
    found = (await _known(request, caller, enterprise_entitlement)).entitlement
    response.headers["ETag"] = f'"{found.version}"'
    shown: dict[str, Any] = to_builtins(found)
    return shown


@router.get("/{enterprise_entitlement}/versions", **operation("listEnterpriseEntitlementVersions",
                                                  {200: Answer("Its versions.", EnterpriseEntitlementVersions)},
                                                  scope=READ, problems=(404,)))  # fmt: skip
async def versions(request: Request, caller: MayRead, enterprise_entitlement: Id) -> dict[str, Any]:
    """Every version of an own figure for everybody, newest first."""
    found = await _known(request, caller, enterprise_entitlement)
    return {"self": request.url.path, "items": to_builtins(found.versions)}


@router.post("/{enterprise_entitlement}/cancel", **operation("cancelEnterpriseEntitlement", ONE, scope=WRITE,
                                                 body=EnterpriseEntitlementCancellation, problems=CHANGING,
                                                 changes=True, submits=True))  # fmt: skip
async def cancel(request: Request, caller: MayWrite, enterprise_entitlement: Id) -> JSONResponse:
    """Take an own figure for everybody back: what the arrangement gives counts again."""
    fields, body = await read_object(request)
    current = (await _known(request, caller, enterprise_entitlement)).entitlement
    own = {"entitlementId": str(enterprise_entitlement), "enterpriseNumber": current.enterprise}
    fields = await only_its_own(request, fields, own)
    await precondition(request, caller, current.version)
    kind = DeclarationKind.ENTERPRISE_ENTITLEMENT_CANCELLATION
    return await submit_one(request, caller, kind, fields, body, location=LOCATION)


async def _known(request: Request, caller: Caller, entitlement: UUID) -> EnterpriseOverrideVersions:
    found = await gateway_of(request).questions.entitlements.enterprise_override(caller.scope, entitlement)
    if found is None:
        raise not_found("entitlement")
    return found
