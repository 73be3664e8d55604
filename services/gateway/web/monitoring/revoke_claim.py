"""The form that revokes a claim that was granted."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.caller import forget_callers
from services.gateway.representation import claims
from services.gateway.representation.claim_decision import ClaimState
from services.gateway.representation.revocation import effect_of, revoke
from services.gateway.web.kit.access import Operator, OperatorAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FieldError, FormState, new_form, state_of
from services.gateway.web.kit.notices import REASON_NEEDED, with_notice
from services.gateway.web.kit.people import actors_named
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.web.monitoring import addresses
from services.gateway.web.monitoring.decide_claims import GrantedClaim, granted_claim, reason_of
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import translate

router = APIRouter(prefix="/operator/representation", include_in_schema=False)


@dataclass(frozen=True)
class RevokeView:
    """`/operator/representation/{id}/revoke`: what would be lost, before it is. `everything`: nobody else represents
    the enterprise; `others`: somebody does, and only rights go."""

    template: ClassVar[str] = "monitoring/revoke_claim.html"
    fields: ClassVar[tuple[str, ...]] = ("reason",)

    claim: GrantedClaim
    everything: bool
    others: bool
    rights: int
    employments: int
    form: FormState


@router.get("/{claim}/revoke", response_class=HTMLResponse)
async def ask_to_revoke(request: Request, operator: OperatorAccess, claim: UUID) -> Response:
    """Tell what would be lost, before it is."""
    return await _revoke_page(request, operator, claim, new_form())


@router.post("/{claim}/revoke", response_class=HTMLResponse)
async def revoke_it(request: Request, operator: OperatorAccess, claim: UUID, form: PostedForm) -> Response:
    """Withdraw the right now; what it brought is taken back from here on."""
    reason = reason_of(form)
    if reason is None:
        wrong = FieldError("reason", translate(operator.language, REASON_NEEDED))
        state = state_of(form, RevokeView.fields, errors=(wrong,))
        return await _revoke_page(request, operator, claim, state, 422)
    gateway = gateway_of(request)
    done = await revoke(gateway.engine, str(claim), operator.person, reason)
    forget_callers()
    gateway.claims_worker.wake()
    return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "claimRevoked" if done else "claimNotNow"))


async def _revoke_page(
    request: Request, operator: Operator, identifier: UUID, form: FormState, status: int = 200
) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        claim = await claims.find(raw, str(identifier))
        if claim is None or claim.state is not ClaimState.GRANTED:
            raise ForbiddenError
        found = await effect_of(raw, claim)
    names = await actors_named(request, [claim.person])
    view = RevokeView(
        granted_claim((0, 0, 0), claim, names), found.everything, found.others, found.rights, found.employments, form
    )
    return page(request, operator.frame(request), view, status)
