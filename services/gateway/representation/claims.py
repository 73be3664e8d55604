"""The statements on claims to represent an enterprise. Each runs in its caller's transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.gateway.representation.claim_decision import ClaimState
from services.gateway.sources.representation import RepresentationStatus
from shared.identifiers import new_id

_COLUMNS = """
c.id::text, c.enterprise, c.person::text, c.name, c.fields, c.asked_at, c.state, c.evidence, c.decided_by, c.decided_at,
c.reason, c.registers, c.submitted_at, c.revoked_by, c.revoked_at, c.revoke_reason, c.seen_at
"""

# Whatever changes who represents an enterprise goes one after another, also where nothing of it is stored yet.
ONE_BY_ONE = "select pg_advisory_xact_lock(hashtextextended('representation ' || $1, 0))"
# Not `for update`: that would wait for everything that refers to this person.
LOCK_ASKER = "select id from person where id = $1::uuid for no key update"
BEING_CLEARED = "select exists (select from representation_claim where enterprise = $1 and state = 'revoking')"
WAITING = """
select count(*) from representation_claim where person = $1::uuid and enterprise <> $2 and state = 'pending'
"""
# Asked again while it waits: the last form and the last answer of the source count.
ADD = """
insert into representation_claim as known (id, enterprise, person, name, fields, state, evidence)
values ($1::uuid, $2, $3::uuid, $4, $5::jsonb, 'pending', $6::jsonb)
on conflict (person, enterprise) where state = 'pending'
do update set name = excluded.name, fields = excluded.fields, evidence = excluded.evidence
returning known.id::text
"""
EVIDENCE = "update representation_claim set evidence = $2::jsonb where id = $1::uuid and state = 'pending'"
FIND = f"select {_COLUMNS} from representation_claim c where c.id = $1::uuid"  # noqa: S608 - the columns are above
OF_PERSON = f"""
select {_COLUMNS} from representation_claim c
where c.person = $1::uuid and c.seen_at is null and c.state <> 'withdrawn' order by c.asked_at
"""  # noqa: S608
IN_STATES = f"""
select {_COLUMNS} from representation_claim c where c.state = any($1::text[]) order by c.asked_at limit $2
"""  # noqa: S608
NEWEST_IN_STATES = f"""
select {_COLUMNS} from representation_claim c
where c.state = any($1::text[]) order by c.asked_at desc limit $2 offset $3
"""  # noqa: S608
UNFINISHED = f"""
select {_COLUMNS} from representation_claim c
where c.state = 'revoking' or c.state = 'granted' and c.registers and c.submitted_at is null order by c.id limit 100
"""  # noqa: S608
COUNTS = "select state, count(*) from representation_claim group by state"
REGISTERED = "select number from enterprise where number = any($1::text[])"

GRANT = """
update representation_claim set state = 'granted', decided_by = $2, decided_at = now(), reason = $3
where id = $1::uuid and state = 'pending' returning true
"""
REGISTERS = "update representation_claim set registers = true where id = $1::uuid"
REFUSE = """
update representation_claim set state = 'refused', decided_by = $2, decided_at = now(), reason = $3
where id = $1::uuid and state = 'pending' returning true
"""
WITHDRAW = """
update representation_claim set state = 'withdrawn', decided_by = 'person:' || person, decided_at = now()
where id = $1::uuid and person = $2::uuid and state = 'pending' returning true
"""
CLOSE = """
update representation_claim set seen_at = now()
where id = $1::uuid and person = $2::uuid and state in ('granted', 'refused', 'revoking', 'revoked') returning true
"""
SUBMITTED = "update representation_claim set submitted_at = now() where id = $1::uuid and submitted_at is null"

AUDIT = "insert into audit_log (actor, party, action, subject, details) values ($1, $2, $3, $4, $5::jsonb)"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it stands. `fields`: the enterprise's declaration; `evidence`: what the source said, and when."""

    id: str
    enterprise: str
    person: str
    name: str
    fields: dict[str, Any]
    asked_at: datetime
    state: ClaimState
    evidence: dict[str, Any]
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    registers: bool
    submitted_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None
    revoke_reason: str | None
    seen_at: datetime | None

    @property
    def granted_by(self) -> str:
        """As rights and enterprises name this claim as their ground."""
        return ground(self.id)


def ground(claim: str) -> str:
    """Write what `granted_by` of a right and `registered_by` of an enterprise say of the claim they rest on."""
    return f"claim:{claim}"


async def one_by_one(connection: asyncpg.Connection, enterprise: str) -> None:
    """Wait until nobody else changes who represents this enterprise."""
    await connection.execute(ONE_BY_ONE, enterprise)


async def add(
    connection: asyncpg.Connection,
    person: str,
    enterprise: str,
    name: str,
    fields: dict[str, Any],
    evidence: dict[str, Any],
) -> str:
    """Add a pending claim, or bring the asker's pending one up to date; its id."""
    id_: str = await connection.fetchval(
        ADD, new_id(), enterprise, person, name, json.dumps(fields), json.dumps(evidence)
    )
    return id_


async def find(connection: asyncpg.Connection, id_: str) -> Claim | None:
    """Find a claim by its id, or None."""
    row = await connection.fetchrow(FIND, id_)
    return _claim(row) if row else None


async def unseen_of(connection: asyncpg.Connection, person: str) -> list[Claim]:
    """List a person's claims that wait, or whose decision was not closed yet; oldest first."""
    return [_claim(row) for row in await connection.fetch(OF_PERSON, person)]


async def oldest(connection: asyncpg.Connection, states: Sequence[ClaimState], most: int) -> list[Claim]:
    """List claims in these states, those that wait longest first."""
    return [_claim(row) for row in await connection.fetch(IN_STATES, [*states], most)]


async def newest(connection: asyncpg.Connection, states: Sequence[ClaimState], most: int, skip: int = 0) -> list[Claim]:
    """List claims in these states, the last asked first."""
    return [_claim(row) for row in await connection.fetch(NEWEST_IN_STATES, [*states], most, skip)]


async def unfinished(connection: asyncpg.Connection) -> list[Claim]:
    """List claims of which something is still to be done: a registration to submit, or a revocation."""
    return [_claim(row) for row in await connection.fetch(UNFINISHED)]


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    """Count claims: dict[state, number of claims]."""
    return dict(await connection.fetch(COUNTS))


async def audit(connection: asyncpg.Connection, actor: str, claim: Claim, action: str, **details: Any) -> None:
    """Write to the audit log who did what about a claim, and why."""
    await connection.execute(AUDIT, actor, claim.enterprise, action, claim.id, json.dumps(details))


def said(claim: Claim) -> str:
    """Read what the source said of a claim, as a label's code; `neverAsked` of claims older than the source."""
    code = str(claim.evidence.get("said", ""))
    return code if code in set(RepresentationStatus) else "neverAsked"


def _claim(row: asyncpg.Record) -> Claim:
    values = dict(row)
    for name in ("fields", "evidence"):
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    return Claim(**values | {"state": ClaimState(values["state"])})
