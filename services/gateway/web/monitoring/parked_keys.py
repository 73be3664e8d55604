"""Releasing or dropping a parked key."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from services.gateway.web.kit.access import Operator, OperatorAccess
from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import typed_text
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.web.monitoring import addresses
from services.gateway.web.monitoring.monitoring import SERVICES
from services.gateway.wiring import gateway_of
from shared.reasons import ReasonRefusedError, checked_reason

router = APIRouter(prefix="/operator/parked", include_in_schema=False)


@router.post("/release")
async def release(request: Request, operator: OperatorAccess, form: PostedForm) -> Response:
    """Try a parked key again."""
    return await _act(request, operator, form, "release")


@router.post("/drop")
async def drop(request: Request, operator: OperatorAccess, form: PostedForm) -> Response:
    """Give up the first record of a parked key, with a reason that is kept."""
    return await _act(request, operator, form, "drop")


async def _act(request: Request, operator: Operator, form: FormData, action: str) -> Response:
    service, reason = typed_text(form, "service"), typed_text(form, "reason")
    if service not in SERVICES:
        raise ForbiddenError
    questions = gateway_of(request).questions.services[service]
    topic, key = typed_text(form, "topic"), typed_text(form, "key")
    if action == "drop":
        try:
            kept = checked_reason(reason)
        except ReasonRefusedError:
            return see_other(request, with_notice(addresses.OPERATOR, "reasonRefused"))
        done, notice = await questions.drop(operator.scope, topic, key, kept), "dropped"
    else:
        done, notice = await questions.release(operator.scope, topic, key), "released"
    # Somebody else was quicker, or it went through by itself.
    return see_other(request, with_notice(addresses.OPERATOR, notice if done is not None else "notParked"))
