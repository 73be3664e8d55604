"""Who may act for which enterprise, and as what: access rights, mandates and API clients."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import asyncpg

from shared.access.scope import Role
from shared.identifiers import new_id

GRANTS = """
select role, enterprise, joint_committees from access_right where person = $1::uuid and withdrawn_at is null
"""

# An enterprise is open to an organisation when it is its own, or mandated to it, and registered.
ENTERPRISES = """
select e.number from enterprise e where e.number = $1
union
select e.number from mandate m join enterprise e on e.number = m.enterprise
where m.mandatary = $1 and m.valid_from <= $2 and m.confirmed_at is not null and m.withdrawn_at is null
"""

MANDATED = """
select enterprise from mandate
where mandatary = $1 and valid_from <= $2 and confirmed_at is not null and withdrawn_at is null
"""

CLIENT = "select organisation, scopes from api_client where client_id = $1 and withdrawn_at is null"
EVERY_ENTERPRISE = "select number, name from enterprise order by number"
NAMES = "select number, name from enterprise where number = any($1::text[])"

WRITERS = frozenset({Role.LEGAL_REPRESENTATIVE, Role.ACCESS_MANAGER, Role.EMPLOYER_WRITE})
READERS = WRITERS | {Role.EMPLOYER_READ}


@dataclass(frozen=True, slots=True)
class Grant:
    """One access right of a person; `enterprise` is None for inspectors and operators."""

    role: Role
    enterprise: str | None
    joint_committees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Software of an organisation, and the scopes it was given here."""

    client_id: str
    organisation: str
    scopes: frozenset[str]


async def grants_of(connection: asyncpg.Connection, person: str) -> list[Grant]:
    """A person's rights in force."""
    rows = await connection.fetch(GRANTS, person)
    return [Grant(Role(row["role"]), row["enterprise"], tuple(row["joint_committees"])) for row in rows]


async def enterprises_of(connection: asyncpg.Connection, organisation: str, today: date) -> frozenset[str]:
    """The registered enterprises an organisation may act for: itself, and those that mandated it."""
    return frozenset(row["number"] for row in await connection.fetch(ENTERPRISES, organisation, today))


async def may_register(connection: asyncpg.Connection, organisation: str, enterprise: str, today: date) -> bool:
    """Whether an organisation may register this enterprise: its own number, or a mandate of it."""
    if enterprise == organisation:
        return True
    return enterprise in {row["enterprise"] for row in await connection.fetch(MANDATED, organisation, today)}


async def client(connection: asyncpg.Connection, client_id: str) -> ApiClient | None:
    """The API client, unless unknown or withdrawn."""
    row = await connection.fetchrow(CLIENT, client_id)
    return ApiClient(client_id, row["organisation"], frozenset(row["scopes"])) if row else None


async def every_enterprise(connection: asyncpg.Connection) -> dict[str, str]:
    """Number -> name of all that are registered, for an inspector."""
    return {row["number"]: row["name"] for row in await connection.fetch(EVERY_ENTERPRISE)}


async def enterprise_names(connection: asyncpg.Connection, numbers: Collection[str]) -> dict[str, str]:
    """Number -> name of registered enterprises."""
    return {row["number"]: row["name"] for row in await connection.fetch(NAMES, list(numbers))}


GRANT = """
insert into access_right (id, person, role, enterprise, granted_by) values ($1, $2, $3, $4, $5) on conflict do nothing
"""


async def grant(connection: asyncpg.Connection, person: str, role: Role, enterprise: str, by: str) -> None:
    """Give a person a role; having it already changes nothing."""
    await connection.execute(GRANT, new_id(), person, role.value, enterprise, by)
