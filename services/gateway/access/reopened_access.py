"""Access to a person that an operator opened again to a former employer, for a correction that came late.

It holds until a day, with a reason that is kept, and can be withdrawn; every step stands in the audit log. From then on
the scope of whoever acts for the enterprise names the person (`former_employees.window`), and intake takes
declarations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg
import orjson

from shared.identifiers import new_id

_EVER_EMPLOYED = "select exists (select from employment where enterprise = $1 and person = $2::uuid)"
_OPEN = """
insert into reopened_access (id, enterprise, person, until, reason, opened_by) values ($1, $2, $3, $4, $5, $6)
"""
_WITHDRAW = """
update reopened_access set withdrawn_by = $2, withdrawn_at = now()
where id = $1::uuid and withdrawn_at is null returning enterprise, person::text
"""
_LISTED = """
select id::text, enterprise, person::text, until, reason, opened_by, opened_at, withdrawn_by, withdrawn_at
from reopened_access order by opened_at desc, id limit $1
"""
_AUDIT = "insert into audit_log (actor, party, action, subject, details) values ($1, $2, $3, $4, $5::jsonb)"


@dataclass(frozen=True, slots=True)
class Reopened:
    """A person who was opened again at an enterprise: until when, by whom and why, and whether it was withdrawn."""

    id: str
    enterprise: str
    person: str
    until: date
    reason: str
    opened_by: str
    opened_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


async def ever_employed(connection: asyncpg.Connection, enterprise: str, person: str) -> bool:
    """Check whether an enterprise ever declared that it employed a person."""
    return bool(await connection.fetchval(_EVER_EMPLOYED, enterprise, person))


async def reopen(
    connection: asyncpg.Connection, enterprise: str, person: str, until: date, reason: str, by: str
) -> None:
    """Open a person again, up to and including a day."""
    await connection.execute(_OPEN, new_id(), enterprise, person, until, reason, by)
    details = orjson.dumps({"until": until, "reason": reason}).decode()
    await connection.execute(_AUDIT, by, enterprise, "access opened again", person, details)


async def withdraw(connection: asyncpg.Connection, id_: str, by: str) -> None:
    """Withdraw a reopening at once; once more changes nothing."""
    row = await connection.fetchrow(_WITHDRAW, id_, by)
    if row is not None:
        await connection.execute(_AUDIT, by, row["enterprise"], "access closed again", row["person"], "{}")


async def listed(connection: asyncpg.Connection, most: int) -> Sequence[Reopened]:
    """List the last reopenings, newest first."""
    return [Reopened(*row) for row in await connection.fetch(_LISTED, most)]
