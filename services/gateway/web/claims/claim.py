"""One's own claims to represent an enterprise."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.representation import claims
from services.gateway.representation.claim_decision import ClaimDecision
from services.gateway.representation.claims import Claim
from services.gateway.web.claims import addresses
from services.gateway.web.claims.own_claims import OwnClaim, offers, shown
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.kit.access import Claimant, SignedIn
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import typed_text
from services.gateway.web.kit.frame import Area
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.visitor import ForbiddenError, Visitor
from services.gateway.web.my_account import addresses as my_account_addresses
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/claims", include_in_schema=False)


@dataclass(frozen=True)
class ClaimView:
    """`/claims/{id}`: how one's own claim stands. `withdraw` and `close` are posted below it."""

    template: ClassVar[str] = "claims/claim.html"

    claim: OwnClaim


@router.post("")
async def take_up(request: Request, visitor: Claimant, form: PostedForm) -> Response:
    """Ask for the right over an enterprise that is registered already and that the source says one represents."""
    number = typed_text(form, "enterprise")
    if number not in {offer.party.number for offer in await offers(request, visitor) if offer.registered}:
        raise ForbiddenError
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        name = (await enterprise_names(driver(connection), [number]))[number]
    asked = await gateway.claim_service.ask(visitor.person, {"enterpriseNumber": number, "name": name})
    if asked.decision is ClaimDecision.GRANT:
        return see_other(request, with_notice(dashboard_addresses.dashboard(number), "represented"))
    if asked.claim is None:
        return see_other(request, with_notice(my_account_addresses.ME, "claimNotNow"))
    return see_other(request, with_notice(addresses.claim(asked.claim.id), "claimQueued"))


@router.get("/{claim}", response_class=HTMLResponse)
async def one(request: Request, visitor: SignedIn, claim: UUID) -> Response:
    """Show how a claim stands."""
    view = ClaimView(shown(await _own(request, visitor, claim)))
    return page(request, visitor.frame(request, area=Area.ME), view)


@router.post("/{claim}/withdraw")
async def withdraw(request: Request, visitor: SignedIn, claim: UUID, _: PostedForm) -> Response:
    """Take back what waits."""
    known = await _own(request, visitor, claim)
    done = await gateway_of(request).claim_service.withdraw(known.id, visitor.person)
    return see_other(request, with_notice(my_account_addresses.ME, "claimWithdrawn" if done else "claimNotNow"))


@router.post("/{claim}/close")
async def close(request: Request, visitor: SignedIn, claim: UUID, _: PostedForm) -> Response:
    """Close a decision that was read: it is not shown any more."""
    known = await _own(request, visitor, claim)
    await gateway_of(request).claim_service.close(known.id, visitor.person)
    return see_other(request, my_account_addresses.ME)


async def _own(request: Request, visitor: Visitor, identifier: UUID) -> Claim:
    """Find a claim of the visitor's own. ForbiddenError for anybody else's."""
    person = visitor.person
    async with transaction(gateway_of(request).engine) as connection:
        found = await claims.find(driver(connection), str(identifier))
    if found is None or found.person != person:
        raise ForbiddenError
    return found
