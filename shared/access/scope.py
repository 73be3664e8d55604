"""The scope of a request: who acts, and which data that actor may see or change.

The gateway works it out from access rights and mandates (domain.md section 7); the services only apply it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, Literal, Self


class ActorKind(StrEnum):
    """What kind of actor stands behind a request."""

    PERSON = "person"
    CLIENT = "client"
    SYSTEM = "system"


class Role(StrEnum):
    """A role of domain.md section 7, as it is written in `access.json` and in the internal token.

    A mandatary has no role of its own: it is an employer user of the mandatary's enterprise, and the mandates widen
    the enterprises that the scope allows.
    """

    LEGAL_REPRESENTATIVE = "legalRepresentative"
    ACCESS_MANAGER = "accessManager"
    EMPLOYER_WRITE = "employerWrite"
    EMPLOYER_READ = "employerRead"
    PROVIDER = "provider"
    SECTOR_FUND = "sectorFund"
    CITIZEN = "citizen"
    INSPECTOR = "inspector"
    OPERATOR = "operator"


AllEnterprises = Literal["all"]
ALL_ENTERPRISES: Final = "all"
"""Every enterprise, known or still to come: inspectors, operators and the system itself."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts and what is allowed; hashable, so that it can key a cache.

    `enterprises`: enterprise numbers (10 digits) whose data is open, or ALL_ENTERPRISES.
    `person`: the id (UUID, never a national number) of the person whose own account is open, or None.
    `joint_committees`: what a sector fund's role is limited to; empty for everyone else.
    `open_since`: at an enterprise, whoever's last employment there ended before this day is closed to the actor; None:
    nobody is (inspectors, operators, the system). It never closes a person's own account.
    `reopened`: those of them that an operator opened again, each as `pair` writes it.
    """

    actor_kind: ActorKind
    actor_id: str
    enterprises: frozenset[str] | AllEnterprises = frozenset()
    person: str | None = None
    roles: frozenset[Role] = frozenset()
    joint_committees: frozenset[str] = field(default=frozenset())
    open_since: date | None = None
    reopened: frozenset[str] = field(default=frozenset())

    def allows_enterprise(self, number: str) -> bool:
        """Check whether data of the enterprise with this number is open to the actor."""
        return self.enterprises == ALL_ENTERPRISES or number in self.enterprises

    def allows_person(self, person_id: str) -> bool:
        """Check whether this person's own account is open to the actor."""
        return self.person is not None and self.person == person_id

    def has_role(self, *roles: Role) -> bool:
        """Check whether the actor has at least one of these roles."""
        return not self.roles.isdisjoint(roles)

    def narrowed_to(self, enterprises: Iterable[str]) -> Self:
        """Get the same actor, for these enterprises only; never more than was allowed before."""
        wanted = frozenset(enterprises)
        allowed = wanted if self.enterprises == ALL_ENTERPRISES else wanted & self.enterprises
        return replace(self, enterprises=allowed)

    def as_claims(self) -> dict[str, Any]:
        """Get the scope as claims of a token; sets are sorted so that equal scopes give equal claims."""
        return {
            "actor": {"kind": self.actor_kind.value, "id": self.actor_id},
            "enterprises": ALL_ENTERPRISES if self.enterprises == ALL_ENTERPRISES else sorted(self.enterprises),
            "person": self.person,
            "roles": sorted(role.value for role in self.roles),
            "jointCommittees": sorted(self.joint_committees),
            "openSince": None if self.open_since is None else self.open_since.isoformat(),
            "reopened": sorted(self.reopened),
        }

    @classmethod
    def from_claims(cls, claims: dict[str, Any]) -> Self:
        """Get the scope that `as_claims` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        enterprises = claims["enterprises"]
        return cls(
            actor_kind=ActorKind(claims["actor"]["kind"]),
            actor_id=_text(claims["actor"]["id"]),
            enterprises=ALL_ENTERPRISES if enterprises == ALL_ENTERPRISES else _texts(enterprises),
            person=None if claims["person"] is None else _text(claims["person"]),
            roles=frozenset(Role(role) for role in claims["roles"]),
            joint_committees=_texts(claims["jointCommittees"]),
            # A gateway of an earlier release, which knows no end of access, says nothing of it.
            open_since=None if claims.get("openSince") is None else date.fromisoformat(claims["openSince"]),
            reopened=_texts(claims.get("reopened", [])),
        )


def pair(enterprise: str, person: str) -> str:
    """Name a person at an enterprise, as `Scope.reopened` does."""
    return f"{enterprise}:{person}"


def system_scope(name: str) -> Scope:
    """Get the scope in which the product itself asks a question, for instance a rebuild or a health check."""
    return Scope(ActorKind.SYSTEM, name, enterprises=ALL_ENTERPRISES, roles=frozenset({Role.OPERATOR}))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _texts(values: object) -> frozenset[str]:
    if not isinstance(values, list):
        raise TypeError(f"list expected, not {type(values).__name__}")
    return frozenset(_text(value) for value in values)
