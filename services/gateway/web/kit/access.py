"""Who may have a page or send a form: each route says it in its signature, by one of these types.

    async def cancel(request: Request, enterprise: WriteAccess, training: UUID, form: PostedForm) -> Response: ...

They refuse before the route begins: a passer-by with SignInNeededError, whoever has no right with ForbiddenError.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.access import former_employees
from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.intake.declared import Sender
from services.gateway.representation.claim_decision import may_ask
from services.gateway.web.kit.frame import Access, ActingFor, Area, Capacity, Frame, Party
from services.gateway.web.kit.visitor import CurrentVisitor, ForbiddenError, OpenEnterprise, Visitor
from services.gateway.wiring import gateway_of
from shared.access.scope import ActorKind, Role, Scope
from shared.database.engine import driver, transaction
from shared.http.route_parameters import EnterpriseNumber
from shared.i18n import Language


@dataclass(frozen=True, slots=True)
class EnterpriseAccess:
    """An enterprise that is open to the visitor: for which organisation, how wide, and as who services are asked."""

    visitor: Visitor
    opened: OpenEnterprise

    @property
    def acting(self) -> ActingFor:
        """The enterprise, and by what right the visitor acts for it."""
        return self.opened.acting

    @property
    def party(self) -> Party:
        """The enterprise's number and name."""
        return self.acting.party

    @property
    def number(self) -> str:
        """The enterprise's number."""
        return self.party.number

    @property
    def organisation(self) -> str:
        """The organisation through whose right it is open; INSPECTED for an inspector."""
        return self.opened.organisation

    @property
    def language(self) -> Language:
        """The visitor's language."""
        return self.visitor.language

    @property
    def scope(self) -> Scope:
        """The scope of a question about this enterprise, and about nothing else."""
        return self.visitor.scope(self.number)

    @property
    def window(self) -> former_employees.Window:
        """Which people of the enterprise are open: to an inspector everyone, to employers who works or worked there."""
        return self.visitor.window(self.number)

    @property
    def sender(self) -> Sender:
        """As who the visitor submits something about the enterprise. ForbiddenError for who may only read."""
        if self.acting.access is not Access.WRITE:
            raise ForbiddenError
        together = {n for n, other in self.visitor.enterprises.items() if other.organisation == self.organisation}
        return Sender(self.organisation, f"person:{self.visitor.person}", frozenset(together))

    def frame(self, request: Request, area: Area | None = None) -> Frame:
        """Build what a page about this enterprise shows around its content."""
        return self.visitor.frame(request, area=area, acting_for=self.acting)


@dataclass(frozen=True, slots=True)
class Operator:
    """A visitor with the role of operator, and as who the services are asked."""

    visitor: Visitor

    @property
    def person(self) -> str:
        """The operator's own id."""
        return self.visitor.person

    @property
    def language(self) -> Language:
        """The operator's language."""
        return self.visitor.language

    @property
    def scope(self) -> Scope:
        """The scope of an operator's question: for no enterprise and no person."""
        return Scope(ActorKind.PERSON, self.person, roles=frozenset({Role.OPERATOR}))

    def frame(self, request: Request) -> Frame:
        """Build what an operator's page shows around its content."""
        return self.visitor.frame(request, area=Area.OPERATOR)


async def read_access(request: Request, visitor: CurrentVisitor, number: EnterpriseNumber) -> EnterpriseAccess:
    """Open the enterprise of the address for reading."""
    return await access_to(request, visitor, number)


async def write_access(request: Request, visitor: CurrentVisitor, number: EnterpriseNumber) -> EnterpriseAccess:
    """Open the enterprise of the address for declarations."""
    return _for_writing(await access_to(request, visitor, number))


async def acting_read_access(request: Request, visitor: CurrentVisitor) -> EnterpriseAccess:
    """Open the enterprise acted for at this moment."""
    return await access_to(request, visitor, _acted_for(visitor))


async def acting_write_access(request: Request, visitor: CurrentVisitor) -> EnterpriseAccess:
    """Open the enterprise acted for at this moment for declarations."""
    return _for_writing(await access_to(request, visitor, _acted_for(visitor)))


def signed_in(visitor: CurrentVisitor) -> Visitor:
    """Refuse a passer-by."""
    visitor.check_signed_in()
    return visitor


def claimant(visitor: CurrentVisitor) -> Visitor:
    """Refuse who holds an office only: an enterprise is not theirs to ask for."""
    visitor.check_signed_in()
    if not may_claim(visitor):
        raise ForbiddenError
    return visitor


def operator(visitor: CurrentVisitor) -> Operator:
    """Refuse everyone but operators."""
    visitor.check_signed_in()
    if not visitor.has(Role.OPERATOR):
        raise ForbiddenError
    return Operator(visitor)


def may_claim(visitor: Visitor) -> bool:
    """Check whether the visitor can be offered an enterprise to represent."""
    return visitor.session is not None and may_ask({grant.role for grant in visitor.grants})


async def access_to(request: Request, visitor: Visitor, enterprise: str) -> EnterpriseAccess:
    """Open an enterprise for reading. SignInNeededError or ForbiddenError where it is not open to the visitor."""
    visitor.check_signed_in()
    if enterprise not in visitor.enterprises and visitor.inspects:
        async with transaction(gateway_of(request).engine) as connection:
            visitor = visitor.inspecting(await enterprise_names(driver(connection), [enterprise]))
    opened = visitor.enterprises.get(enterprise)
    if opened is None:
        raise ForbiddenError
    return EnterpriseAccess(visitor, opened)


def _for_writing(enterprise: EnterpriseAccess) -> EnterpriseAccess:
    if enterprise.acting.access is not Access.WRITE:
        raise ForbiddenError
    return enterprise


def _acted_for(visitor: Visitor) -> str:
    """Find the number of the enterprise acted for; empty when none is chosen."""
    chosen = visitor.session.acting_for if visitor.session else None
    if chosen not in visitor.enterprises:
        # Whoever has one organisation need not choose before sending a file for all of its enterprises.
        own = {n: one for n, one in visitor.enterprises.items() if one.acting.capacity is not Capacity.INSPECTOR}
        if len({one.organisation for one in own.values()}) == 1:
            return next(iter(own))
    return chosen or ""


ReadAccess = Annotated[EnterpriseAccess, Depends(read_access)]
WriteAccess = Annotated[EnterpriseAccess, Depends(write_access)]
ActingReadAccess = Annotated[EnterpriseAccess, Depends(acting_read_access)]
ActingWriteAccess = Annotated[EnterpriseAccess, Depends(acting_write_access)]
SignedIn = Annotated[Visitor, Depends(signed_in)]
Claimant = Annotated[Visitor, Depends(claimant)]
OperatorAccess = Annotated[Operator, Depends(operator)]
