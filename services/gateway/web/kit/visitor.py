"""Who visits a page: the session, the rights behind it, and what follows for the page and for the services asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.access import former_employees, rights_and_mandates
from services.gateway.access.rights_and_mandates import READERS, WRITERS, Grant
from services.gateway.rate_limits import Limited
from services.gateway.web.kit import sessions
from services.gateway.web.kit.cookies import cookie
from services.gateway.web.kit.frame import Access, ActingFor, Area, Capacity, Frame, Notice, Party
from services.gateway.web.kit.masking import masked
from services.gateway.web.kit.notices import notices as told_notices
from services.gateway.web.kit.sessions import Session
from services.gateway.wiring import count_request, gateway_of
from shared.access.scope import ActorKind, Role, Scope
from shared.clock import brussels_today
from shared.database.engine import driver, transaction
from shared.i18n import Language, negotiate

LANGUAGE_COOKIE = "fla_language"
INSPECTED = ""
_NOT_KEPT = frozenset({"lang"})


class SignInNeededError(Exception):
    """The page is for people who signed in."""


class ForbiddenError(Exception):
    """The visitor may not see or do this; whether it exists is not said."""


@dataclass(frozen=True, slots=True)
class OpenEnterprise:
    """An enterprise open to the visitor, and through which organisation's right (INSPECTED: no organisation's)."""

    acting: ActingFor
    organisation: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone in front of a page. Without a session: a passer-by, who sees the public pages.

    `enterprises`: dict[enterprise number, OpenEnterprise], by name: those that own rights and mandates open. To an
    inspector every enterprise is open; only those that the request is about are among them.
    """

    language: Language
    session: Session | None = None
    grants: tuple[Grant, ...] = ()
    enterprises: dict[str, OpenEnterprise] = field(default_factory=dict)
    open_to_employers: former_employees.Window = former_employees.EVERYONE

    def check_signed_in(self) -> None:
        """Raise SignInNeededError for a passer-by."""
        if self.session is None:
            raise SignInNeededError

    @property
    def person(self) -> str:
        """The visitor's own id. SignInNeededError for a passer-by."""
        if self.session is None:
            raise SignInNeededError
        return self.session.person

    def has(self, role: Role) -> bool:
        """Check whether the visitor has a role, for whatever enterprise."""
        return any(grant.role is role for grant in self.grants)

    @property
    def inspects(self) -> bool:
        """Whether every enterprise is open to the visitor for reading."""
        return self.has(Role.INSPECTOR)

    @property
    def may_act(self) -> bool:
        """Whether there is an enterprise to act for."""
        return self.inspects or bool(self.enterprises)

    @property
    def only_enterprise(self) -> str | None:
        """The number of the enterprise, where there is only one."""
        return next(iter(self.enterprises)) if len(self.enterprises) == 1 and not self.inspects else None

    def inspecting(self, names: Mapping[str, str]) -> "Visitor":
        """Open enterprises (dict[number, name]) to an inspector, unless a right of the visitor opens them wider."""
        inspected = {
            number: OpenEnterprise(ActingFor(Party(number, name), Capacity.INSPECTOR, Access.READ), INSPECTED)
            for number, name in names.items()
        }
        return replace(self, enterprises=inspected | self.enterprises)

    def scope(self, *enterprises: str) -> Scope:
        """Make the scope of a question about these enterprises. ForbiddenError when one is not open to the visitor."""
        through = {self._opened(enterprise).organisation for enterprise in enterprises}
        roles = {grant.role for grant in self.grants if grant.role in READERS and grant.enterprise in through}
        if INSPECTED in through:
            roles.add(Role.INSPECTOR)
        window = self.window(*enterprises)
        return Scope(
            ActorKind.PERSON,
            self.person,
            enterprises=frozenset(enterprises),
            roles=frozenset(roles),
            open_since=window.since,
            reopened=window.reopened,
        )

    def window(self, *enterprises: str) -> former_employees.Window:
        """Give whose data is open at these enterprises: to an inspector everyone's, to employers their employees'."""
        if all(self._opened(enterprise).acting.capacity is Capacity.INSPECTOR for enterprise in enterprises):
            return former_employees.EVERYONE
        return self.open_to_employers.at(enterprises)

    def _opened(self, enterprise: str) -> OpenEnterprise:
        if enterprise not in self.enterprises:
            raise ForbiddenError
        return self.enterprises[enterprise]

    @property
    def own_scope(self) -> Scope:
        """The scope of a question about the visitor's own account: a citizen's."""
        return Scope(ActorKind.PERSON, self.person, person=self.person, roles=frozenset({Role.CITIZEN}))

    def frame(
        self,
        request: Request,
        *,
        area: Area | None = None,
        acting_for: ActingFor | None = None,
        notices: tuple[Notice, ...] = (),
    ) -> Frame:
        """Build what every page shows around its content."""
        acting = acting_for or self._acting_for()
        return Frame(
            language=self.language,
            path=request.url.path,
            query=tuple((name, value) for name, value in request.query_params.multi_items() if name not in _NOT_KEPT),
            csrf_token=masked(self.session.csrf_token) if self.session else "",
            now=datetime.now(UTC),
            user_name=self.session.name if self.session else None,
            acting_for=acting,
            may_act=self.may_act,
            may_switch=self.may_act and self.only_enterprise is None,
            areas=self._areas(acting is not None),
            area=area,
            notices=notices or told_notices(request, self.language),
            rounding=gateway_of(request).settings.day_rounding,
        )

    def _acting_for(self) -> ActingFor | None:
        """Find the enterprise chosen, or the only one there is."""
        opened = self.enterprises.get((self.session.acting_for if self.session else None) or "")
        if opened is None and self.only_enterprise is not None:
            opened = self.enterprises[self.only_enterprise]
        return opened.acting if opened else None

    def _areas(self, acting: bool) -> tuple[Area, ...]:
        if self.session is None:
            return ()
        areas: list[Area] = []
        if self.may_act and self.only_enterprise is None:
            areas.append(Area.ENTERPRISES)
        if acting:
            areas += [Area.DASHBOARD, Area.EMPLOYEES, Area.TRAININGS, Area.BATCHES]
        areas.append(Area.ME)
        if self.has(Role.OPERATOR):
            areas.append(Area.OPERATOR)
        return tuple(areas)


def language_of(request: Request) -> Language:
    """Negotiate the language of a page, whoever reads it."""
    return negotiate(
        request.query_params.get("lang"),
        cookie(request, LANGUAGE_COOKIE),
        request.headers.get("accept-language"),
    )


async def visitor_of(request: Request) -> Visitor:
    """Find who visits, by the session cookie, with the rights in force today.

    A passer-by only where there is no session: while the database does not answer nobody is signed out, its error goes
    on to whoever asked.
    """
    language = language_of(request)
    token = cookie(request, sessions.COOKIE)
    if not token:
        return Visitor(language)
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        session = await sessions.find(raw, token)
        if session is None:
            return Visitor(language)
        today = brussels_today()
        grants = await rights_and_mandates.grants_of(raw, session.person, today)
        opened: dict[str, OpenEnterprise] = {}
        for grant in grants:
            for number, name in grant.opens.items():
                _open(opened, number, name, grant)
        days = gateway_of(request).settings.access_days_after_end
        open_to_employers = await former_employees.window(raw, list(opened), today, days)
        by_name = dict(sorted(opened.items(), key=lambda entry: entry[1].acting.party.name))
        visitor = Visitor(language, session, tuple(grants), by_name, open_to_employers)
        if visitor.inspects and session.acting_for and session.acting_for not in opened:
            visitor = visitor.inspecting(await rights_and_mandates.enterprise_names(raw, [session.acting_for]))
    return visitor


def _open(opened: dict[str, OpenEnterprise], number: str, name: str, grant: Grant) -> None:
    """Add an open enterprise, unless a wider right to it is there: writing before reading, own before mandate."""
    assert grant.enterprise is not None
    access = Access.WRITE if grant.role in WRITERS else Access.READ
    capacity = Capacity.OWN if number == grant.enterprise else Capacity.MANDATARY
    known = opened.get(number)
    if known is not None:
        width = (known.acting.access is Access.WRITE, known.acting.capacity is Capacity.OWN)
        if width >= (access is Access.WRITE, capacity is Capacity.OWN):
            return
    opened[number] = OpenEnterprise(ActingFor(Party(number, name), capacity, access), grant.enterprise)


async def counted_visitor(request: Request) -> Visitor:
    """Find who visits, and count the request: of the person, or of the address where nobody is signed in."""
    visitor = await visitor_of(request)
    if visitor.session is None:
        count_request(request, Limited.ADDRESS)
    else:
        count_request(request, Limited.PERSON, visitor.session.person)
    return visitor


CurrentVisitor = Annotated[Visitor, Depends(counted_visitor)]
"""A route parameter of this type is open to anyone: it says who visits, perhaps a passer-by (see `kit/access.py`)."""
