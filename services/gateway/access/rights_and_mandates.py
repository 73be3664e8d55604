"""Who may act for which enterprise, and as what: access rights, mandates and API clients.

What is in force is said once, in `_in_force`; every statement that reads a right, a client or a mandate says it with
these words (docs/decisions/rights-in-force.md). Days are local days in Brussels.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import asyncpg

from shared.access.scope import Role
from shared.identifiers import new_id

WRITERS = frozenset({Role.LEGAL_REPRESENTATIVE, Role.ACCESS_MANAGER, Role.EMPLOYER_WRITE})
READERS = WRITERS | {Role.EMPLOYER_READ}


def _not_over(of: str, on: str) -> str:
    """Write the condition that a row is not withdrawn and does not end before a day; it may still have to begin."""
    return f"({of}.withdrawn_at is null and coalesce({of}.valid_until >= {on}, true))"


def _in_force(of: str, on: str, *, confirmed: bool = False) -> str:
    """Write the condition that a row is in force on a day. `confirmed`: of mandates, that the mandatary said yes.

    What is withdrawn is closed at once, also for days before.
    """
    asked = f" and {of}.confirmed_at is not null" if confirmed else ""
    return f"({_not_over(of, on)} and coalesce({of}.valid_from <= {on}, true){asked})"


def _mandated(mandatary: str, on: str) -> str:
    """Write the selection of an organisation's mandates (as `m`) in force."""
    return f"mandate m where m.mandatary = {mandatary} and {_in_force('m', on, confirmed=True)}"


def _open_to(organisation: str, on: str) -> str:
    """Write the query of the enterprises open to an organisation: registered, and its own or mandated to it."""
    return f"""
select e.number, e.name from enterprise e where e.number = {organisation}
union
select e.number, e.name from enterprise e where e.number in (select m.enterprise from {_mandated(organisation, on)})
"""  # noqa: S608 - conditions of this module, never what somebody sent


# A person's rights in force, and for those that open enterprises each of these: a row for every one.
GRANTS = f"""
select r.role, r.enterprise, r.joint_committees, o.number, o.name
from access_right r left join lateral ({_open_to("r.enterprise", "$2")}) o on r.role = any($3::text[])
where r.person = $1::uuid and {_in_force("r", "$2")}
order by r.granted_at, r.id, o.number
"""  # noqa: S608
ENTERPRISES = _open_to("$1", "$2")
MANDATED = f"select exists (select from {_mandated('$1', '$2')} and m.enterprise = $3)"  # noqa: S608
CLIENT = f"""
select c.organisation, c.scopes, array(select o.number from ({_open_to("c.organisation", "$2")}) o) as enterprises
from api_client c where c.client_id = $1 and {_in_force("c", "$2")}
"""  # noqa: S608
NAMES = "select number, name from enterprise where number = any($1::text[])"
# From its day on, so that it is not the same right as one that the person had before.
GRANT = """
insert into access_right (id, person, role, enterprise, granted_by, valid_from)
values ($1, $2, $3, $4, $5, $6) on conflict do nothing
"""


@dataclass(frozen=True, slots=True)
class Grant:
    """One access right of a person, in force.

    `enterprise` is whose right it is, None for inspectors and operators. `opens`: number -> name of the enterprises
    that the right opens.
    """

    role: Role
    enterprise: str | None
    joint_committees: tuple[str, ...] = ()
    opens: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Software of an organisation, the scopes it was given here, and the enterprises it may act for."""

    client_id: str
    organisation: str
    scopes: frozenset[str]
    enterprises: frozenset[str]


async def grants_of(connection: asyncpg.Connection, person: str, on: date) -> list[Grant]:
    """Read a person's rights in force on a day with the enterprises they open, mandates included: one query."""
    rows = await connection.fetch(GRANTS, person, on, sorted(READERS))
    opened: dict[tuple[Role, str | None, tuple[str, ...]], dict[str, str]] = {}
    for row in rows:
        right = (Role(row["role"]), row["enterprise"], tuple(row["joint_committees"]))
        enterprises = opened.setdefault(right, {})
        if row["number"] is not None:
            enterprises[row["number"]] = row["name"]
    return [Grant(*right, enterprises) for right, enterprises in opened.items()]


async def enterprises_of(connection: asyncpg.Connection, organisation: str, on: date) -> frozenset[str]:
    """Find the registered enterprises that an organisation may act for on a day: itself, and those that mandated it."""
    return frozenset(row["number"] for row in await connection.fetch(ENTERPRISES, organisation, on))


async def may_register(connection: asyncpg.Connection, organisation: str, enterprise: str, on: date) -> bool:
    """Check whether an organisation may register an enterprise: its own number, or a mandate of it."""
    return enterprise == organisation or bool(await connection.fetchval(MANDATED, organisation, on, enterprise))


async def client(connection: asyncpg.Connection, client_id: str, on: date) -> ApiClient | None:
    """Find an API client with the enterprises it may act for; None unless it is in force on a day."""
    row = await connection.fetchrow(CLIENT, client_id, on)
    if row is None:
        return None
    return ApiClient(client_id, row["organisation"], frozenset(row["scopes"]), frozenset(row["enterprises"]))


async def enterprise_names(connection: asyncpg.Connection, numbers: Collection[str]) -> dict[str, str]:
    """Get the names of registered enterprises: dict[number, name]."""
    return {row["number"]: row["name"] for row in await connection.fetch(NAMES, list(numbers))}


async def grant(connection: asyncpg.Connection, person: str, role: Role, enterprise: str, by: str, since: date) -> None:
    """Give a person a role from a day on; having it already changes nothing."""
    await connection.execute(GRANT, new_id(), person, role.value, enterprise, by, since)
