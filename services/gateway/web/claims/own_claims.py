"""What pages say to a visitor about own claims, offers and employers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request

from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.representation import claims, employer_announcements
from services.gateway.representation.claims import Claim
from services.gateway.sources.representation import Represented
from services.gateway.web.kit.access import may_claim
from services.gateway.web.kit.frame import Party
from services.gateway.web.kit.visitor import Visitor
from services.gateway.wiring import gateway_of
from shared.access.scope import Role
from shared.database.engine import driver, transaction


@dataclass(frozen=True)
class OwnClaim:
    """A claim of the visitor. `state` and `said` are labels' codes; `reason` is the operator's."""

    id: str
    party: Party
    state: str
    asked_at: datetime
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Offer:
    """An enterprise that the authentic source says the reader represents. `registered`: only the right is missing."""

    party: Party
    registered: bool


@dataclass(frozen=True)
class Announced:
    """What a page says of an employer: new, contested by the visitor, or dealt with (`resolution`)."""

    employment: str
    party: Party
    start_date: date
    contested_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None


def shown(claim: Claim) -> OwnClaim:
    """Turn a claim into what its asker sees."""
    revoked = claim.revoked_at is not None
    return OwnClaim(
        claim.id,
        Party(claim.enterprise, claim.name),
        claim.state,
        claim.asked_at,
        claim.revoked_at if revoked else claim.decided_at,
        claim.revoke_reason if revoked else claim.reason,
    )


async def own_claims(request: Request, visitor: Visitor) -> list[OwnClaim]:
    """List the visitor's claims that wait, and decisions not closed yet."""
    async with transaction(gateway_of(request).engine) as connection:
        return [shown(claim) for claim in await claims.unseen_of(driver(connection), visitor.person)]


async def represented(request: Request, visitor: Visitor) -> Sequence[Represented]:
    """Ask the authentic source what the visitor represents; nothing for who cannot be offered it."""
    if not may_claim(visitor):
        return ()
    service, person = gateway_of(request).claim_service, visitor.person
    known = service.offers.known(person)
    return known if known is not None else await service.offers.of(person, await service.ssin_of(person))


async def offers(request: Request, visitor: Visitor) -> list[Offer]:
    """List the enterprises to offer: those the source names, not yet represented here nor asked for."""
    held = {grant.enterprise for grant in visitor.grants if grant.role is Role.LEGAL_REPRESENTATIVE}
    named = [one for one in await represented(request, visitor) if one.enterprise not in held]
    if not named:
        return []
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        registered = await enterprise_names(raw, [one.enterprise for one in named])
        waiting = {c.enterprise for c in await claims.unseen_of(raw, visitor.person) if c.state == "pending"}
    return [
        Offer(Party(one.enterprise, registered.get(one.enterprise, one.name)), one.enterprise in registered)
        for one in named
        if one.enterprise not in waiting
    ]


async def announced(request: Request, visitor: Visitor) -> list[Announced]:
    """List what the visitor has not yet confirmed or read of employers."""
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        found = await employer_announcements.open_for(raw, visitor.person)
        names = await enterprise_names(raw, {one.enterprise for one in found}) if found else {}
    return [
        Announced(
            one.employment,
            Party(one.enterprise, names.get(one.enterprise, one.enterprise)),
            one.start_date,
            one.contested_at,
            one.resolved_at,
            one.resolution,
        )
        for one in found
    ]
