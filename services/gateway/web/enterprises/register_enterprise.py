"""The form that registers an enterprise: `/enterprises/new`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.access import registered_enterprises
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.limits import MOST_PENDING_CLAIMS
from services.gateway.representation.claim_decision import ClaimDecision
from services.gateway.web.claims import addresses as claims_addresses
from services.gateway.web.claims.own_claims import offers
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.enterprises.enterprise_fields import committee_codes, committees_asked, enterprise_fields
from services.gateway.web.kit.access import Claimant
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import FieldError, FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Party
from services.gateway.web.kit.joint_committees import asked_about
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.submit import Result, check, result_of, submit
from services.gateway.web.kit.visitor import Visitor
from services.gateway.wiring import gateway_of
from shared.access.scope import Role
from shared.clock import brussels_today
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate

router = APIRouter(include_in_schema=False)
_NOT_TAKEN = {
    ClaimDecision.TOO_MANY: N_(
        "You have %(most)s requests that wait for the operator. Withdraw one, or wait for the answers."
    ),
    ClaimDecision.BEING_CLEARED: N_(
        "What was wrongly declared for this enterprise is being taken back. Try again later."
    ),
}


@dataclass(frozen=True)
class NewEnterpriseView:
    """`/enterprises/new`. `jointCommittees` is typed as codes with commas; a size is optional.

    `own` are enterprises the reader represents, as the authentic source says, and has not registered yet. `doubted` are
    the codes that nobody knows and that are asked about.
    """

    template: ClassVar[str] = "enterprises/register_enterprise.html"
    fields: ClassVar[tuple[str, ...]] = (
        "enterpriseNumber",
        "name",
        "jointCommittees",
        "sizes.workers",
        "sizes.basis",
        "sizes.validFrom",
    )

    form: FormState
    own: Sequence[Party] = ()
    doubted: str = ""

    def own_options(self, formatter: Formatter) -> list[tuple[str, str]]:
        """List the visitor's own enterprises to choose from."""
        return [(party.number, f"{party.name} ({formatter.enterprise_number(party.number)})") for party in self.own]


@router.get("/enterprises/new", response_class=HTMLResponse)
async def new(request: Request, visitor: Claimant, enterprise: str = "", other: bool = False) -> Response:
    """Show an empty form, with the enterprises that the visitor represents and that are not registered yet.

    `enterprise`: one of these, chosen on the page before. `other`: none of these is meant.
    """
    today = brussels_today()
    values = {"sizes.validFrom": f"{today.year}-01-01", "sizes.basis": "stated"}
    own = () if other else await _to_register(request, visitor)
    chosen = next((party for party in own if party.number == enterprise), own[0] if len(own) == 1 else None)
    if chosen is not None:
        values |= {"enterpriseNumber": chosen.number, "name": chosen.name}
    return _page(request, visitor, new_form(values), own)


@router.post("/enterprises/new", response_class=HTMLResponse)
async def register(request: Request, visitor: Claimant, form: PostedForm) -> Response:
    """Register it as its legal representative: proven by the authentic source, else once the operator agrees."""
    fields = enterprise_fields(form, visitor.language)
    number = str(fields.get("enterpriseNumber", ""))
    # The authentic source's name goes before what was typed, perhaps for another enterprise of the list.
    offered = {party.number: party.name for party in await _to_register(request, visitor)}
    fields |= {"name": offered[number]} if offered.get(number) else {}
    errors = errors_of(check(_declared(fields)), visitor.language)
    errors += committees_asked(form, fields, visitor.language, (), errors)
    if errors:
        return await _again(request, visitor, form, number, errors)
    if any(grant.enterprise == number and grant.role is Role.LEGAL_REPRESENTATIVE for grant in visitor.grants):
        return await _register_own(request, visitor, form, fields)
    asked = await gateway_of(request).claim_service.ask(visitor.person, fields)
    if asked.claim is None:
        text = translate(visitor.language, _NOT_TAKEN[asked.decision], most=MOST_PENDING_CLAIMS)
        return await _again(request, visitor, form, number, (FieldError("enterpriseNumber", text),))
    if asked.decision is ClaimDecision.QUEUE:
        return see_other(request, with_notice(claims_addresses.claim(asked.claim.id), "claimQueued"))
    if not asked.claim.registers:
        return see_other(request, with_notice(dashboard_addresses.dashboard(number), "represented"))
    receipt = await gateway_of(request).claim_service.register(asked.claim)
    return await _registered(request, visitor, form, number, await result_of(gateway_of(request), receipt))


async def _register_own(request: Request, visitor: Visitor, form: FormData, fields: dict[str, Any]) -> Response:
    """Register an enterprise for a representative in force: proven before, so that nothing is asked again."""
    number, actor = fields["enterpriseNumber"], f"person:{visitor.person}"
    async with transaction(gateway_of(request).engine) as connection:
        await registered_enterprises.add(driver(connection), number, fields["name"], actor)
    sender = Sender(number, actor, frozenset({number}))
    result = await submit(gateway_of(request), sender, [_declared(fields)], typed_text(form, "submission_key"))
    return await _registered(request, visitor, form, number, result)


async def _registered(request: Request, visitor: Visitor, form: FormData, number: str, result: Result) -> Response:
    if result.refused:
        errors = errors_of(result.refused[1], visitor.language)
        return await _again(request, visitor, form, number, errors)
    return see_other(
        request,
        with_notice(dashboard_addresses.dashboard(number), "pending" if result.pending else "enterpriseRegistered"),
    )


def _declared(fields: dict[str, Any]) -> Declared:
    return Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields)


async def _to_register(request: Request, visitor: Visitor) -> tuple[Party, ...]:
    """List the enterprises that the visitor represents, by the source or by a right, and nobody registered yet."""
    represented = {g.enterprise for g in visitor.grants if g.role is Role.LEGAL_REPRESENTATIVE and g.enterprise}
    given = {number: Party(number, "") for number in sorted(represented - visitor.enterprises.keys())}
    offered = {offer.party.number: offer.party for offer in await offers(request, visitor) if not offer.registered}
    return tuple((given | offered).values())


async def _again(
    request: Request, visitor: Visitor, form: FormData, number: str, errors: tuple[FieldError, ...]
) -> HTMLResponse:
    """Show the form as it was sent, with what is wrong; offered enterprises only if one of them was meant."""
    own = await _to_register(request, visitor)
    if number not in {party.number for party in own}:
        own = ()
    return _page(request, visitor, state_of(form, NewEnterpriseView.fields, errors=errors), own, 422)


def _page(
    request: Request, visitor: Visitor, form: FormState, own: tuple[Party, ...], status: int = 200
) -> HTMLResponse:
    doubted = asked_about(form, committee_codes(form.value("jointCommittees")), ())
    return page(request, visitor.frame(request), NewEnterpriseView(form, own, doubted), status)
