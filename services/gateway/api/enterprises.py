"""`/api/v1/enterprises` and the public look-up `/api/v1/arrangements`."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from msgspec import to_builtins

from services.gateway.access import registered_enterprises, rights_and_mandates
from services.gateway.api.answers.enterprises import ArrangementLookUp, Enterprise, EnterprisePage, EnterpriseSummary
from services.gateway.api.caller import Caller, EnterpriseAccess, calling, forget_callers, reading_enterprise
from services.gateway.api.description.operations import Answer, operation
from services.gateway.api.description.submitted import ONE
from services.gateway.api.list_pages import PAGE_SIZE, EnterprisePageSize, PageNumber, page_of_answer
from services.gateway.api.problems import bad_request, issue, language_of, not_found
from services.gateway.api.submit import read_object, submit_one
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.models import EnterpriseRegistration
from services.gateway.intake.validation import validate
from services.gateway.wiring import gateway_of
from shared.access.scope import ActorKind, Scope
from shared.anomalies import anomaly
from shared.clock import brussels_today
from shared.database.engine import driver, transaction

router = APIRouter()

READ, WRITE = "enterprises:read", "enterprises:write"
MayRead = Annotated[Caller, Depends(calling(READ))]
ReadAccess = Annotated[EnterpriseAccess, Depends(reading_enterprise(READ))]
MayWrite = Annotated[Caller, Depends(calling(WRITE))]

PUBLIC = Scope(ActorKind.SYSTEM, "public")


@router.post("/enterprises", tags=["enterprises"],
             **operation("registerEnterprise", ONE, scope=WRITE, body=EnterpriseRegistration, problems=(409,),
                         submits=True))  # fmt: skip
async def register(request: Request, caller: MayWrite) -> JSONResponse:
    """Register an enterprise (your own, or one that mandated you), or change its name, committees and sizes."""
    fields, body = await read_object(request)
    gateway, today = gateway_of(request), brussels_today()
    checked, found = validate(Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields), today.isoformat())
    if checked is None:
        raise bad_request([issue(one, language_of(request), fields=fields) for one in found])
    number = checked["enterpriseNumber"]
    async with transaction(gateway.engine) as connection:
        raw = driver(connection)
        if not await rights_and_mandates.may_register(raw, caller.organisation, number, today):
            raise bad_request([issue(anomaly("enterpriseNotFound", "enterpriseNumber"), language_of(request))])
        if await registered_enterprises.add(raw, number, checked["name"], f"client:{caller.client_id}"):
            forget_callers()
    sender = Sender(caller.organisation, caller.sender.actor, caller.enterprises | {number})
    return await submit_one(
        request,
        caller,
        DeclarationKind.ENTERPRISE_REGISTRATION,
        fields,
        body,
        location=f"/api/v1/enterprises/{number}",
        sender=sender,
    )


@router.get("/enterprises", tags=["enterprises"],
            **operation("listEnterprises", {200: Answer("A page of enterprises.", EnterprisePage)}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def read_all(
    request: Request,
    caller: MayRead,
    page: PageNumber = 1,
    page_size: EnterprisePageSize = PAGE_SIZE,
) -> dict[str, Any]:
    """The enterprises you may act for, with how they stand."""
    found = await gateway_of(request).questions.dashboard.enterprises(
        caller.scope, brussels_today().year, page=page, page_size=page_size
    )
    if found is None:
        raise not_found("enterprise")
    return page_of_answer(request, found, to_builtins(found.items))


@router.get("/enterprises/{number}", tags=["enterprises"],
            **operation("readEnterprise", {200: Answer("The enterprise.", Enterprise)}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def read(request: Request, enterprise: ReadAccess) -> dict[str, Any]:
    """An enterprise: committees, sizes, and the arrangement in force for each committee."""
    found = await gateway_of(request).questions.entitlements.enterprise(enterprise.scope, enterprise.number)
    if found is None:
        raise not_found("enterprise")
    return {"self": request.url.path, **to_builtins(found)}


@router.get("/enterprises/{number}/summary", tags=["enterprises"],
            **operation("readEnterpriseSummary", {200: Answer("Its figures.", EnterpriseSummary)}, scope=READ,
                        problems=(404,)))  # fmt: skip
async def summary(
    request: Request, enterprise: ReadAccess, year: Annotated[int | None, Query(ge=2000, le=2100)] = None
) -> dict[str, Any]:
    """The dashboard's figures: trainings and credit, in total and by month, kind, provider, theme and status."""
    found = await gateway_of(request).questions.dashboard.summary(
        enterprise.scope, enterprise.number, year or brussels_today().year
    )
    if found is None:
        raise not_found("enterprise")
    return {"self": request.url.path, **to_builtins(found)}


@router.get("/arrangements", tags=["arrangements"],
            **operation("findArrangement", {200: Answer("What applies.", ArrangementLookUp)},
                        problems=(404,)))  # fmt: skip
async def arrangement(
    request: Request,
    joint_committee: Annotated[str, Query(alias="jointCommittee", pattern=r"^[0-9]{3}(\.?[0-9]{2}){0,2}$")],
    size: Annotated[str, Query(pattern=r"^[0-9]{1,8}([.][0-9]{1,4})?$")],
    on: date | None = None,
) -> dict[str, Any]:
    """Public: which arrangement applies to a joint committee and a size on a date, with its source and why."""
    found = await gateway_of(request).questions.entitlements.arrangement(
        PUBLIC, joint_committee=joint_committee, size=size, on=on or brussels_today()
    )
    if found is None:
        raise not_found("arrangement")
    public: dict[str, Any] = to_builtins(found)
    return public
