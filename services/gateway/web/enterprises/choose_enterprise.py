"""Choosing for which enterprise to act: `/parties`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.claims.own_claims import Offer, OwnClaim, offers, own_claims
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.enterprises.found_enterprises import find_enterprises
from services.gateway.web.kit import sessions
from services.gateway.web.kit.access import SignedIn, access_to, may_claim
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.frame import ActingFor
from services.gateway.web.kit.list_pages import PAGE_SIZE, Listing, PageNumber
from services.gateway.web.kit.search import Searched
from services.gateway.wiring import gateway_of
from shared.access.scope import Role
from shared.database.engine import driver, transaction

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class PartiesView:
    """`/parties`: choose for whom you act. Each choice is posted as `enterprise` to the same address.

    `search` is the `q` of the address. `own_account` and `operations` say which other doors this reader has.
    `offers` are enterprises that the authentic source says the reader represents, `claims` what the reader asked for.
    """

    template: ClassVar[str] = "enterprises/choose_enterprise.html"

    parties: Listing[ActingFor]
    search: str = ""
    own_account: bool = False
    operations: bool = False
    may_register: bool = False
    claims: Sequence[OwnClaim] = ()
    offers: Sequence[Offer] = ()


@router.get("/parties", response_class=HTMLResponse)
async def parties(request: Request, visitor: SignedIn, q: Searched, at: PageNumber = 1) -> Response:
    """Choose for whom to act."""
    found = await find_enterprises(request, visitor, q, limit=PAGE_SIZE, offset=(at - 1) * PAGE_SIZE)
    view = PartiesView(
        Listing(tuple(one.acting for one in found.opened), found.total, at, PAGE_SIZE),
        search=q,
        own_account=True,
        operations=visitor.has(Role.OPERATOR),
        may_register=may_claim(visitor),
        claims=await own_claims(request, visitor),
        offers=await offers(request, visitor),
    )
    return page(request, visitor.frame(request), view)


@router.post("/parties")
async def act_for(request: Request, visitor: SignedIn, form: PostedForm) -> Response:
    """Remember the choice and go there."""
    enterprise = str(form.get("enterprise", ""))
    chosen = await access_to(request, visitor, enterprise)
    assert visitor.session is not None
    async with transaction(gateway_of(request).engine) as connection:
        await sessions.act_for(driver(connection), visitor.session, chosen.number)
    return see_other(request, dashboard_addresses.dashboard(chosen.number))
