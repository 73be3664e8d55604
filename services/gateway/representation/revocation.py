"""The revocation of a claim that was wrong, with all it brought.

The rights go in one transaction. What was declared for an enterprise that now nobody represents is taken back by
ordinary cancellations, a few hundred at a time. Nothing remembers how far that has come but the declarations
themselves: each step looks at what still stands and cancels the next of it under a key that these very records decide,
so that a restart repeats nothing. When nothing stands any more the enterprise itself is withdrawn: its name, its joint
committees and its sizes. It is done when that is decided and read.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.submission_writer import SubmissionRequest, SubmissionWriter
from services.gateway.questions import Questions
from services.gateway.representation import claims, enterprise_withdrawal
from services.gateway.representation.claims import Claim, ground
from shared.access.scope import system_scope
from shared.database.engine import driver, transaction
from shared.messaging.relay import Relay

CHUNK: Final = 200
_PAGE: Final = 500
_SCOPE: Final = system_scope("representation")
Kind = DeclarationKind

# The right itself, and what its holder gave to others, and they to others: but not through somebody who represents the
# enterprise on another ground.
_FALLEN = """
with recursive fallen (id, person) as (
  select id, person from access_right
  where enterprise = $1 and withdrawn_at is null
    and (granted_by = $2 or person = $3::uuid and role = 'legalRepresentative')
  union
  select r.id, r.person from access_right r join fallen f on r.granted_by = 'person:' || f.person
  where r.enterprise = $1 and r.withdrawn_at is null and (f.person = $3::uuid or not exists (
    select from access_right o
    where o.person = f.person and o.enterprise = $1 and o.role = 'legalRepresentative' and o.withdrawn_at is null
      and o.granted_by not like 'person:%'))
)
"""
EFFECT = f"""{_FALLEN}
select exists (
  select from access_right r where r.enterprise = $1 and r.role = 'legalRepresentative' and r.withdrawn_at is null
    and (r.valid_until is null or r.valid_until >= (now() at time zone 'Europe/Brussels')::date)
    and r.id not in (select id from fallen)
) as others,
exists (select from enterprise where number = $1 and registered_by like 'claim:%') as claimed,
(select count(*) from fallen) as fallen,
(select count(*) from access_right where enterprise = $1 and withdrawn_at is null) as every,
(select count(*) from employment where enterprise = $1 and not cancelled) as employments
"""  # noqa: S608 - the common table is above
WITHDRAW_FALLEN = f"""{_FALLEN}
update access_right set withdrawn_at = now() where id in (select id from fallen) returning person::text
"""  # noqa: S608
WITHDRAW_ALL = """
update access_right set withdrawn_at = now() where enterprise = $1 and withdrawn_at is null returning person::text
"""
WITHDRAW_CLIENTS = "update api_client set withdrawn_at = now() where organisation = $1 and withdrawn_at is null"
WITHDRAW_MANDATES = "update mandate set withdrawn_at = now() where enterprise = $1 and withdrawn_at is null"
# Whoever was acting for it is asked again for whom to act; only those who may not any more.
FORGET_SESSIONS = """
update session s set acting_for = null where s.acting_for = $1 and s.person = any($2::uuid[])
  and not exists (select from access_right r where r.person = s.person and r.enterprise = $1 and r.withdrawn_at is null)
"""
REVOKE = """
update representation_claim set state = $2, revoked_by = $3, revoked_at = now(), revoke_reason = $4, seen_at = null
where id = $1::uuid and state = 'granted' returning true
"""
FINISH = "update representation_claim set state = 'revoked' where id = $1::uuid and state = 'revoking' returning true"
# What the false representative sent is kept under the claim: the true one finds none of its files and outcomes, and
# its keys are not taken.
SET_APART = """
with moved as (update batch set sender = $2 where sender = $1)
update submission set sender = $2 where sender = $1
"""
FREE = "delete from enterprise where number = $1 and registered_by like 'claim:%'"

UNDER_WAY = "select count(*) from submission where sender in ($1, $2) and completed_at is null"
STANDING = """
select id::text, person::text from employment where enterprise = $1 and not cancelled order by id limit $2
"""
TAKEN_BACK = """
select split_part(idempotency_key, ' ', 3) as kind, sum(accepted + warned + unchanged)::int as done,
       sum(refused)::int as refused
from submission where sender in ($1, $3) and idempotency_key like $2 group by 1
"""


@dataclass(frozen=True, slots=True)
class RevocationEffect:
    """What revoking a claim would do. `everything`: nobody else represents the enterprise, which a claim brought."""

    everything: bool
    others: bool
    rights: int
    employments: int


async def effect_of(connection: asyncpg.Connection, claim: Claim) -> RevocationEffect:
    """Find what revoking this claim would do now."""
    row = await connection.fetchrow(EFFECT, claim.enterprise, ground(claim.id), claim.person)
    assert row is not None
    everything = row["claimed"] and not row["others"]
    rights = row["every"] if everything else row["fallen"]
    return RevocationEffect(everything, row["others"], rights, row["employments"])


async def revoke(engine: AsyncEngine, claim_id: str, operator: str, reason: str) -> RevocationEffect | None:
    """Withdraw the rights of a granted claim; None when there is none any more.

    With nobody else to represent the enterprise all rights on it go, with its software and its mandates, and the claim
    stays `revoking` until `take_back` finds nothing that stands.
    """
    actor = f"person:{operator}"
    async with transaction(engine) as connection:
        raw = driver(connection)
        claim = await claims.find(raw, claim_id)
        if claim is None:
            return None
        number = claim.enterprise
        await claims.one_by_one(raw, number)
        found = await effect_of(raw, claim)
        if not await raw.fetchval(REVOKE, claim_id, "revoking" if found.everything else "revoked", actor, reason):
            return None
        if found.everything:
            fallen = await raw.fetch(WITHDRAW_ALL, number)
            await raw.execute(WITHDRAW_CLIENTS, number)
            await raw.execute(WITHDRAW_MANDATES, number)
        else:
            fallen = await raw.fetch(WITHDRAW_FALLEN, number, ground(claim_id), claim.person)
        people = [row["person"] for row in fallen]
        await raw.execute(FORGET_SESSIONS, number, people)
        await claims.audit(
            raw, actor, claim, "representation revoked", reason=reason, everything=found.everything, rights=len(fallen)
        )
    return found


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How far it is: declarations that are void by now, and those that were refused, which a person must look at."""

    done: dict[str, int]
    refused: int


async def taken_back(connection: asyncpg.Connection, claim: Claim) -> TakenBack:
    """Count what the revocation of this claim has taken back so far, by kind."""
    rows = await connection.fetch(TAKEN_BACK, claim.enterprise, f"revoke {claim.id} %", ground(claim.id))
    return TakenBack({row["kind"]: row["done"] for row in rows}, sum(row["refused"] for row in rows))


@dataclass(frozen=True, slots=True)
class EnterpriseClearing:
    """Cancels what was declared for an enterprise that nobody represents any more."""

    engine: AsyncEngine
    writer: SubmissionWriter
    questions: Questions
    relay: Relay

    async def step(self, claim: Claim, quiet_seconds: float) -> bool | None:
        """Do one step: None while earlier declarations are being decided, False after something, True when all is done.

        `quiet_seconds`: for how long nothing of this enterprise has been under way; the dashboard must have read all
        that is older. Raises UnavailableError while a service does not answer.
        """
        number = claim.enterprise
        async with transaction(self.engine) as connection:
            if await driver(connection).fetchval(UNDER_WAY, number, ground(claim.id)):
                return None
            withdrawn = await enterprise_withdrawal.is_decided(driver(connection), claim)
        for kind, listed in (
            (Kind.ENTITLEMENT_CANCELLATION, self._overrides),
            (Kind.TRAINING_CANCELLATION, self._trainings),
            (Kind.EMPLOYMENT_CANCELLATION, self._employments),
        ):
            if standing := await listed(number):
                await self._cancel(claim, kind, standing)
                return False
        if not await self._dashboard_has_read(quiet_seconds):
            return False
        if not withdrawn:
            await self._withdraw(claim)
            return False
        await self._finish(claim)
        return True

    async def _cancel(self, claim: Claim, kind: DeclarationKind, standing: Sequence[tuple[str, str]]) -> None:
        """Submit the cancellation of these (id, person). The same ones again are the same submission."""
        named = _NAMED[kind]
        shared = {"enterpriseNumber": claim.enterprise, "reason": claim.revoke_reason or ""}
        declared = [Declared(n, kind, {named: id_, **shared}, person) for n, (id_, person) in enumerate(standing, 1)]
        # With the moment of the revocation: no key that could be known, and taken, before the right was gone.
        decisive = [str(claim.revoked_at), *(id_ for id_, _ in standing)]
        digest = hashlib.sha256(" ".join(decisive).encode()).hexdigest()[:24]
        sender = Sender(claim.enterprise, claim.revoked_by or "service:gateway", frozenset({claim.enterprise}))
        await self.writer.submit(
            SubmissionRequest(sender, "web", "bulk", declared, f"revoke {claim.id} {named} {digest}")
        )

    async def _withdraw(self, claim: Claim) -> None:
        """Submit the withdrawal of the enterprise, if no other gateway just did."""
        async with transaction(self.engine) as connection:
            leaving = await enterprise_withdrawal.submit(driver(connection), claim)
        if leaving is not None:
            self.relay.offer(*leaving)

    async def _overrides(self, number: str) -> list[tuple[str, str]]:
        page, read = 1, 0
        while True:
            found = await self.questions.entitlements.overrides(_SCOPE, number, page=page, page_size=_PAGE)
            if found is None:
                return []
            if standing := [(one.entitlement, one.person) for one in found.items if not one.cancelled]:
                return standing[:CHUNK]
            read, page = read + len(found.items), page + 1
            if not found.items or read >= found.total:
                return []

    async def _trainings(self, number: str) -> list[tuple[str, str]]:
        found = await self.questions.dashboard.trainings(
            _SCOPE, number, status=["planned", "completed", "notFollowed"], sort="recordedAt", page_size=CHUNK
        )
        return [] if found is None else [(line.training, line.person) for line in found.items]

    async def _employments(self, number: str) -> list[tuple[str, str]]:
        async with transaction(self.engine) as connection:
            rows = await driver(connection).fetch(STANDING, number, CHUNK)
        return [(row["id"], row["person"]) for row in rows]

    async def _dashboard_has_read(self, quiet_seconds: float) -> bool:
        status = await self.questions.dashboard.status(_SCOPE)
        topics = [] if status is None else status.topics
        return all(topic.oldest_seconds < quiet_seconds for topic in topics if topic.lag)

    async def _finish(self, claim: Claim) -> None:
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            await claims.one_by_one(raw, claim.enterprise)
            if await raw.fetchval(FINISH, claim.id):
                await raw.execute(SET_APART, claim.enterprise, ground(claim.id))
                await raw.execute(FREE, claim.enterprise)
                await claims.audit(raw, "service:gateway", claim, "enterprise freed")


_NAMED: Final = {
    Kind.ENTITLEMENT_CANCELLATION: "entitlementId",
    Kind.TRAINING_CANCELLATION: "trainingId",
    Kind.EMPLOYMENT_CANCELLATION: "employmentId",
}
