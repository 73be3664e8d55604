"""Who visits a page: the session, the rights behind it, and what follows for the page and for the services asked."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.access import ended, rights
from services.gateway.access.rights import READERS, WRITERS, Grant
from services.gateway.intake.declared import Sender
from services.gateway.intake.writer import BRUSSELS
from services.gateway.web.kit import sessions
from services.gateway.web.kit.frame import Access, ActingFor, Area, Capacity, Frame, Notice, Party
from services.gateway.web.kit.notices import notices as told_notices
from services.gateway.web.kit.sessions import Session
from services.gateway.wiring import gateway_of
from shared.access.scope import ActorKind, Role, Scope
from shared.database.engine import driver, transaction
from shared.i18n import Language, negotiate

LANGUAGE_COOKIE = "fla_language"
INSPECTED = ""
_NOT_KEPT = frozenset({"lang", "notice", "count", "refused", "names"})


class SignInNeededError(Exception):
    """The page is for people who signed in."""


class ForbiddenError(Exception):
    """The reader may not see or do this; whether it exists is not told."""


@dataclass(frozen=True, slots=True)
class Door:
    """An enterprise open to the reader, and through which organisation's right (INSPECTED: no organisation's)."""

    acting: ActingFor
    organisation: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone in front of a page. Without a session: a passer-by, who sees the public pages."""

    language: Language
    session: Session | None = None
    grants: tuple[Grant, ...] = ()
    doors: dict[str, Door] = field(default_factory=dict)
    open_to_employers: ended.Window = ended.EVERYONE

    @property
    def person(self) -> str:
        """The reader's own id. SignInNeededError for a passer-by."""
        if self.session is None:
            raise SignInNeededError
        return self.session.person

    def has(self, role: Role) -> bool:
        """Whether the reader has a role, for whatever enterprise."""
        return any(grant.role is role for grant in self.grants)

    def door(self, enterprise: str, *, write: bool = False) -> Door:
        """The way into an enterprise's pages. ForbiddenError when there is none."""
        _ = self.person
        door = self.doors.get(enterprise)
        if door is None or (write and door.acting.access is not Access.WRITE):
            raise ForbiddenError
        return door

    def acting(self, *, write: bool = False) -> Door:
        """The door of the enterprise acted for at this moment. ForbiddenError when none is chosen or open."""
        _ = self.person
        chosen = self.session.acting_for if self.session else None
        if chosen not in self.doors and self.doors:
            # Whoever has one organisation need not choose before sending a file for all of its enterprises.
            organisations = {door.organisation for door in self.doors.values()} - {INSPECTED}
            if len(organisations) == 1:
                chosen = next(number for number, door in self.doors.items() if door.organisation in organisations)
        return self.door(chosen or "", write=write)

    def scope(self, *enterprises: str) -> Scope:
        """As who the services are asked: these enterprises, each of which must be open to the reader."""
        through = {self.door(enterprise).organisation for enterprise in enterprises}
        roles = {grant.role for grant in self.grants if grant.role in READERS and grant.enterprise in through}
        if INSPECTED in through:
            roles.add(Role.INSPECTOR)
        open_here = self.open_at(*enterprises)
        return Scope(
            ActorKind.PERSON,
            self.person,
            enterprises=frozenset(enterprises),
            roles=frozenset(roles),
            open_since=open_here.since,
            reopened=open_here.reopened,
        )

    def open_at(self, *enterprises: str) -> ended.Window:
        """Who is open to the reader at these enterprises: to an inspector everyone, to employers who works there."""
        if all(self.door(enterprise).acting.capacity is Capacity.INSPECTOR for enterprise in enterprises):
            return ended.EVERYONE
        return self.open_to_employers.at(enterprises)

    @property
    def own_scope(self) -> Scope:
        """The reader's own account, as a citizen."""
        return Scope(ActorKind.PERSON, self.person, person=self.person, roles=frozenset({Role.CITIZEN}))

    @property
    def operator_scope(self) -> Scope:
        """The machine room. ForbiddenError for everyone but operators."""
        _ = self.person
        if not self.has(Role.OPERATOR):
            raise ForbiddenError
        return Scope(ActorKind.PERSON, self.person, roles=frozenset({Role.OPERATOR}))

    def sender(self, enterprise: str) -> Sender:
        """As who the reader submits something about an enterprise."""
        door = self.door(enterprise, write=True)
        open_to_it = {number for number, other in self.doors.items() if other.organisation == door.organisation}
        return Sender(door.organisation, f"person:{self.person}", frozenset(open_to_it))

    def frame(
        self,
        request: Request,
        *,
        area: Area | None = None,
        enterprise: str | None = None,
        notices: tuple[Notice, ...] = (),
    ) -> Frame:
        """What every page shows around its content."""
        chosen = enterprise or (self.session.acting_for if self.session else None)
        door = self.doors.get(chosen) if chosen else None
        if door is None and len(self.doors) == 1:
            door = next(iter(self.doors.values()))
        return Frame(
            language=self.language,
            path=request.url.path,
            query=tuple((name, value) for name, value in request.query_params.multi_items() if name not in _NOT_KEPT),
            csrf_token=self.session.csrf_token if self.session else "",
            now=datetime.now(UTC),
            user_name=self.session.name if self.session else None,
            acting_for=door.acting if door else None,
            parties_total=len(self.doors),
            areas=self._areas(door is not None),
            area=area,
            notices=notices or told_notices(request, self.language),
            rounding=gateway_of(request).settings.day_rounding,
        )

    def _areas(self, acting: bool) -> tuple[Area, ...]:
        if self.session is None:
            return ()
        areas: list[Area] = []
        if len(self.doors) > 1:
            areas.append(Area.ENTERPRISES)
        if acting:
            areas += [Area.DASHBOARD, Area.EMPLOYEES, Area.TRAININGS, Area.BATCHES]
        areas.append(Area.ME)
        if self.has(Role.OPERATOR):
            areas.append(Area.OPERATOR)
        return tuple(areas)


def language_of(request: Request) -> Language:
    """The language of a page, whoever reads it."""
    return negotiate(
        request.query_params.get("lang"),
        request.cookies.get(LANGUAGE_COOKIE),
        request.headers.get("accept-language"),
    )


async def reader_of(request: Request) -> Reader:
    """Who reads, by the session cookie, with the rights in force today.

    A passer-by only where there is no session: while the database does not answer nobody is signed out, its error goes
    on to whoever asked.
    """
    language = language_of(request)
    token = request.cookies.get(sessions.COOKIE)
    if not token:
        return Reader(language)
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        session = await sessions.find(raw, token)
        if session is None:
            return Reader(language)
        today = datetime.now(BRUSSELS).date()
        grants = await rights.grants_of(raw, session.person, today)
        doors: dict[str, Door] = {}
        for grant in grants:
            for number, name in grant.opens.items():
                _open(doors, number, name, grant)
        if any(grant.role is Role.INSPECTOR for grant in grants):
            for number, name in (await rights.every_enterprise(raw)).items():
                acting = ActingFor(Party(number, name), Capacity.INSPECTOR, Access.READ)
                doors.setdefault(number, Door(acting, INSPECTED))
        own = [number for number, door in doors.items() if door.organisation != INSPECTED]
        open_to_employers = await ended.window(raw, own, today, gateway_of(request).settings.access_days_after_end)
    by_name = dict(sorted(doors.items(), key=lambda d: d[1].acting.party.name))
    return Reader(language, session, tuple(grants), by_name, open_to_employers)


def _open(doors: dict[str, Door], number: str, name: str, grant: Grant) -> None:
    """Add a door, unless a wider one to the same enterprise is there: writing before reading, own before mandate."""
    assert grant.enterprise is not None
    access = Access.WRITE if grant.role in WRITERS else Access.READ
    capacity = Capacity.OWN if number == grant.enterprise else Capacity.MANDATARY
    known = doors.get(number)
    if known is not None:
        width = (known.acting.access is Access.WRITE, known.acting.capacity is Capacity.OWN)
        if width >= (access is Access.WRITE, capacity is Capacity.OWN):
            return
    doors[number] = Door(ActingFor(Party(number, name), capacity, access), grant.enterprise)


Reading = Annotated[Reader, Depends(reader_of)]
"""A route parameter of this type is who reads; `reader.person`, `.door` and `.scope` refuse who may not."""
