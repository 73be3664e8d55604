"""The service for claims to represent an enterprise: they are taken in, granted, refused and withdrawn."""

import json
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.access import registered_enterprises, rights_and_mandates
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.submission_writer import SubmissionReceipt, SubmissionRequest, SubmissionWriter
from services.gateway.representation import claims
from services.gateway.representation.claim_decision import ClaimDecision, ClaimState, decide
from services.gateway.representation.claims import Claim
from services.gateway.representation.enterprise_offers import Offers
from services.gateway.sources.representation import RepresentationSource, RepresentationStatus
from services.gateway.vault.persons import Persons
from shared.access.scope import Role
from shared.clock import brussels_today
from shared.database.engine import driver, transaction

BY_SOURCE = "source:representation"
"""Who decided on a claim that the authentic source proved."""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of a claim at once. `claim` is None where none was taken in."""

    decision: ClaimDecision
    claim: Claim | None = None


@dataclass(slots=True)
class ClaimService:
    """Takes claims in, grants, refuses and withdraws them; `offers`: what can be claimed."""

    engine: AsyncEngine
    persons: Persons
    source: RepresentationSource
    writer: SubmissionWriter
    offers: Offers = field(init=False)

    def __post_init__(self) -> None:
        self.offers = Offers(self.source)

    async def ask(self, person: str, fields: dict[str, Any]) -> ClaimResult:
        """Take a claim in, for the enterprise that a valid declaration describes; proven, it is granted at once.

        The source is asked anew for every claim, before the transaction: an offer shown earlier proves nothing.
        """
        number, name = fields["enterpriseNumber"], fields["name"]
        answer = await self.source.represents(await self.ssin_of(person), number)
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            await claims.one_by_one(raw, number)
            await raw.execute(claims.LOCK_ASKER, person)
            decision = decide(
                answer.said,
                await raw.fetchval(claims.WAITING, person, number),
                being_cleared=await raw.fetchval(claims.BEING_CLEARED, number),
            )
            if decision in (ClaimDecision.TOO_MANY, ClaimDecision.BEING_CLEARED):
                return ClaimResult(decision)
            id_ = await claims.add(raw, person, number, name, fields, answer.as_evidence())
            claim = await _found(raw, id_)
            await claims.audit(raw, f"person:{person}", claim, "representation claimed", said=answer.said)
            if decision is ClaimDecision.GRANT:
                await grant(raw, claim, BY_SOURCE, None)
                await raw.execute(claims.CLOSE, id_, person)
            claim = await _found(raw, id_)
        self.offers.forget(person)
        return ClaimResult(decision, claim)

    async def ask_source_again(self, claim: str) -> None:
        """Ask the source again about a claim that waits, perhaps because it was away; a proof grants the claim."""
        async with transaction(self.engine) as connection:
            waiting = await claims.find(driver(connection), claim)
        if waiting is None or waiting.state is not ClaimState.PENDING:
            return
        answer = await self.source.represents(await self.ssin_of(waiting.person), waiting.enterprise)
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            await claims.one_by_one(raw, waiting.enterprise)
            await raw.execute(claims.EVIDENCE, claim, json.dumps(answer.as_evidence()))
            being_cleared = await raw.fetchval(claims.BEING_CLEARED, waiting.enterprise)
            if answer.said is RepresentationStatus.REPRESENTS and not being_cleared:
                await grant(raw, await _found(raw, claim), BY_SOURCE, None)

    async def approve(self, claim: str, operator: str, reason: str) -> bool:
        """Grant a waiting claim by the operator's decision; False when it cannot be done now."""
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            waiting = await claims.find(raw, claim)
            if waiting is None or waiting.person == operator:
                return False
            await claims.one_by_one(raw, waiting.enterprise)
            if await raw.fetchval(claims.BEING_CLEARED, waiting.enterprise):
                return False
            return await grant(raw, waiting, f"person:{operator}", reason)

    async def refuse(self, claim: str, operator: str, reason: str) -> bool:
        """Refuse a waiting claim, with a reason that the asker reads."""
        actor = f"person:{operator}"
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            waiting = await claims.find(raw, claim)
            if waiting is None or not await raw.fetchval(claims.REFUSE, claim, actor, reason):
                return False
            await claims.audit(raw, actor, waiting, "representation refused", reason=reason)
        return True

    async def withdraw(self, claim: str, person: str) -> bool:
        """Withdraw a waiting claim, at its asker's wish."""
        async with transaction(self.engine) as connection:
            raw = driver(connection)
            waiting = await claims.find(raw, claim)
            if waiting is None or not await raw.fetchval(claims.WITHDRAW, claim, person):
                return False
            await claims.audit(raw, f"person:{person}", waiting, "representation withdrawn")
        return True

    async def close(self, claim: str, person: str) -> bool:
        """Close the notice of a decision that the asker read."""
        async with transaction(self.engine) as connection:
            return bool(await driver(connection).fetchval(claims.CLOSE, claim, person))

    async def register(self, claim: Claim) -> SubmissionReceipt:
        """Submit the declaration of the enterprise that a granted claim brought.

        However often: its key is the claim's, so the second time gives the first one's receipt.
        """
        number = claim.enterprise
        sender = Sender(number, f"person:{claim.person}", frozenset({number}))
        declared = Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, claim.fields)
        receipt = await self.writer.submit(SubmissionRequest(sender, "web", "single", [declared], f"claim {claim.id}"))
        async with transaction(self.engine) as connection:
            await driver(connection).execute(claims.SUBMITTED, claim.id)
        return receipt

    async def ssin_of(self, person: str) -> str:
        """Decrypt a person's national number, for the source."""
        async with transaction(self.engine) as connection:
            return (await self.persons.ssins(driver(connection), [person]))[person]


async def grant(connection: asyncpg.Connection, claim: Claim, by: str, reason: str | None) -> bool:
    """Make a waiting claim's asker the legal representative, and the enterprise known here if it is not yet.

    All in the caller's transaction, after `claims.one_by_one`; False when the claim does not wait any more.
    """
    actor = claim.granted_by
    if not await connection.fetchval(claims.GRANT, claim.id, by, reason):
        return False
    if await registered_enterprises.add(connection, claim.enterprise, claim.name, actor):
        await connection.execute(claims.REGISTERS, claim.id)
    today = brussels_today()
    await rights_and_mandates.grant(connection, claim.person, Role.LEGAL_REPRESENTATIVE, claim.enterprise, actor, today)
    await claims.audit(connection, by, claim, "representation granted", reason=reason, evidence=claim.evidence)
    return True


async def _found(connection: asyncpg.Connection, id_: str) -> Claim:
    claim = await claims.find(connection, id_)
    assert claim is not None
    return claim
