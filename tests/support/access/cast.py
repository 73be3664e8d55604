"""Everybody who may come to the gateway's pages, and what each may do: said here without a line of SQL.

A person has rights at three places: the `TARGET` (the enterprise that the pages are about), the `MANDATARY` (an
organisation that the target mandated, or once did) and `ELSEWHERE` (an enterprise that has nothing to do with it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum, auto

from shared.access.scope import Role


class Force(StrEnum):
    """Whether something is in force, or why not."""

    IN_FORCE = "in force"
    FOR_A_TIME = "for a time"
    NOT_YET = "not yet"
    NO_LONGER = "no longer"
    WITHDRAWN = "withdrawn"
    UNCONFIRMED = "unconfirmed"

    @property
    def holds(self) -> bool:
        return self in (Force.IN_FORCE, Force.FOR_A_TIME)

    def period(self, today: date) -> tuple[date | None, date | None]:
        """First and last day."""
        week = timedelta(days=7)
        return {
            Force.FOR_A_TIME: (today - week, today + week),
            Force.NOT_YET: (today + timedelta(days=2), None),
            Force.NO_LONGER: (today - timedelta(days=400), today - timedelta(days=1)),
        }.get(self, (None, None))


NOT_OF_A_RIGHT = (Force.NOT_YET, Force.NO_LONGER, Force.WITHDRAWN)
NOT_OF_A_MANDATE = (*NOT_OF_A_RIGHT, Force.UNCONFIRMED)


class At(Enum):
    """Whose right it is."""

    TARGET = auto()
    MANDATARY = auto()
    ELSEWHERE = auto()
    NOBODY = auto()


@dataclass(frozen=True)
class Right:
    role: Role
    at: At
    force: Force = Force.IN_FORCE


class SessionIs(StrEnum):
    """What the browser shows as its session."""

    GOOD = "good"
    NONE = "none"
    EXPIRED = "expired"
    ENDED = "ended"
    TAMPERED = "tampered"


class Way(Enum):
    """How far someone comes with the target."""

    CLOSED = 0
    READ = 1
    WRITE = 2


_WRITING = frozenset({Role.LEGAL_REPRESENTATIVE, Role.ACCESS_MANAGER, Role.EMPLOYER_WRITE})
_OF_ENTERPRISES = _WRITING | {Role.EMPLOYER_READ}


@dataclass(frozen=True)
class Someone:
    """A person in front of a browser. `mandates`: those of the target to the mandatary."""

    name: str
    rights: tuple[Right, ...] = ()
    mandates: tuple[Force, ...] = ()
    session: SessionIs = SessionIs.GOOD

    @property
    def signed_in(self) -> bool:
        return self.session is SessionIs.GOOD

    def has(self, role: Role) -> bool:
        return self.signed_in and any(right.role is role and right.force.holds for right in self.rights)

    @property
    def held(self) -> frozenset[Role]:
        """Every role in force, wherever."""
        return frozenset(right.role for right in self.rights if right.force.holds)

    def _open(self, right: Right) -> bool:
        mandated = right.at is At.MANDATARY and any(force.holds for force in self.mandates)
        return (
            self.signed_in
            and right.force.holds
            and right.role in _OF_ENTERPRISES
            and (mandated or right.at is At.TARGET)
        )

    @property
    def way(self) -> Way:
        """Into the target."""
        opening = [right for right in self.rights if self._open(right)]
        if any(right.role in _WRITING for right in opening):
            return Way.WRITE
        return Way.READ if opening or self.has(Role.INSPECTOR) else Way.CLOSED

    @property
    def through(self) -> At | None:
        """As whom the target is acted for: writing before reading, one's own before a mandate."""
        opening = [right for right in self.rights if self._open(right)]
        if opening:
            return min(opening, key=lambda r: (r.role not in _WRITING, r.at is not At.TARGET)).at
        return At.NOBODY if self.has(Role.INSPECTOR) else None

    @property
    def roles(self) -> frozenset[Role]:
        """As what the services are asked about the target."""
        at = self.through
        if at is At.NOBODY:
            return frozenset({Role.INSPECTOR})
        held = (right for right in self.rights if right.at is at and right.force.holds)
        return frozenset(right.role for right in held if right.role in _OF_ENTERPRISES)

    @property
    def files(self) -> tuple[At | None, bool]:
        """Whose files are shown after the target was chosen, and whether one may be sent. None: nobody's."""
        if self.way is not Way.CLOSED:
            return self.through, self.way is Way.WRITE
        held = [r for r in self.rights if self.signed_in and r.force.holds and r.role in _OF_ENTERPRISES]
        at = {right.at for right in held}
        if len(at) != 1:
            return None, False
        return at.pop(), any(right.role in _WRITING for right in held)


def everybody() -> Iterator[Someone]:
    """Every role, at every place, in every force; then people with several rights, and sessions that are none."""
    yield Someone("nobody's rights")
    for role in Role:
        if role in (Role.INSPECTOR, Role.OPERATOR):
            for force in (Force.IN_FORCE, Force.FOR_A_TIME, *NOT_OF_A_RIGHT):
                yield Someone(f"{role.value}, {force}", (Right(role, At.NOBODY, force),))
        else:
            yield from _of_role(role)
    yield from _with_several()
    for session in SessionIs:
        if session is not SessionIs.GOOD:
            rights = (Right(Role.EMPLOYER_WRITE, At.TARGET), Right(Role.OPERATOR, At.NOBODY))
            yield Someone(f"session {session}", rights, session=session)


def _of_role(role: Role) -> Iterator[Someone]:
    for force in (Force.IN_FORCE, Force.FOR_A_TIME, *NOT_OF_A_RIGHT):
        yield Someone(f"{role.value} of its own, {force}", (Right(role, At.TARGET, force),))
    for mandate in (Force.IN_FORCE, Force.FOR_A_TIME, *NOT_OF_A_MANDATE):
        yield Someone(f"{role.value} of a mandatary, mandate {mandate}", (Right(role, At.MANDATARY),), (mandate,))
    for force in NOT_OF_A_RIGHT:
        rights = (Right(role, At.MANDATARY, force),)
        yield Someone(f"{role.value} of a mandatary, right {force}", rights, (Force.IN_FORCE,))
    yield Someone(f"{role.value} elsewhere", (Right(role, At.ELSEWHERE),))


def _with_several() -> Iterator[Someone]:
    write, read = Role.EMPLOYER_WRITE, Role.EMPLOYER_READ
    inspector, operator = Right(Role.INSPECTOR, At.NOBODY), Right(Role.OPERATOR, At.NOBODY)
    yield Someone("writes elsewhere, reads here", (Right(write, At.ELSEWHERE), Right(read, At.TARGET)))
    yield Someone("reads elsewhere, writes here", (Right(read, At.ELSEWHERE), Right(write, At.TARGET)))
    yield Someone("wrote here, reads here", (Right(write, At.TARGET, Force.WITHDRAWN), Right(read, At.TARGET)))
    yield Someone("will write here, reads here", (Right(write, At.TARGET, Force.NOT_YET), Right(read, At.TARGET)))
    yield Someone("wrote here once, and again", (Right(write, At.TARGET, Force.NO_LONGER), Right(write, At.TARGET)))
    both = (Right(read, At.TARGET), Right(write, At.MANDATARY))
    yield Someone("reads here, writes as mandatary", both, (Force.IN_FORCE,))
    yield Someone("reads here, wrote as mandatary", both, (Force.WITHDRAWN,))
    both = (Right(write, At.TARGET), Right(read, At.MANDATARY))
    yield Someone("writes here, reads as mandatary", both, (Force.IN_FORCE,))
    again = (Force.WITHDRAWN, Force.IN_FORCE)
    yield Someone("mandated once, and again", (Right(write, At.MANDATARY),), again)
    twice = (Force.NO_LONGER, Force.UNCONFIRMED)
    yield Someone("mandated once, and asked again", (Right(write, At.MANDATARY),), twice)
    yield Someone("inspector who writes elsewhere", (inspector, Right(write, At.ELSEWHERE)))
    yield Someone("inspector who writes here", (inspector, Right(write, At.TARGET)))
    yield Someone("inspector who reads here", (inspector, Right(read, At.TARGET)))
    yield Someone("operator who reads here", (operator, Right(read, At.TARGET)))
    yield Someone("operator who writes elsewhere", (operator, Right(write, At.ELSEWHERE)))
