"""The withdrawal of an enterprise: a declaration that no sender can make.

It is none of the kinds that channels know (`intake/declared.py`), so that no form, API or file can bring it: the
revocation of a claim makes it here, once for each claim, kept under the claim with all else that was sent for it.
"""

from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from services.gateway.representation.claims import Claim, ground
from shared.contracts import employer_submissions
from shared.contracts.envelope import encode, event
from shared.identifiers import derived_id
from shared.messaging import outbox
from shared.messaging.records import Outgoing
from shared.observability import tracing

# Several gateways may do this at once, or again: the id makes it one. It needs no key, which a sender could have taken.
_ADD: Final = """
insert into submission (id, kind, channel, area, sender, actor, received_at, declared)
values ($1::uuid, 'bulk', 'web', 'enterprises', $2, $3, $4, 1)
on conflict do nothing returning true
"""
_DECIDED: Final = "select completed_at is not null from submission where id = $1::uuid"


async def is_decided(connection: asyncpg.Connection, claim: Claim) -> bool:
    """Check whether the enterprise's withdrawal for this claim was submitted, and decided."""
    return bool(await connection.fetchval(_DECIDED, _submission(claim)))


async def submit(connection: asyncpg.Connection, claim: Claim) -> tuple[int, list[Outgoing]] | None:
    """Submit the withdrawal in the open transaction: the outbox row and what is in it; None if it was submitted."""
    now = datetime.now(UTC)
    actor = claim.revoked_by or "service:gateway"
    if not await connection.fetchval(_ADD, _submission(claim), ground(claim.id), actor, now):
        return None
    leaving = [_made(claim, actor, now.isoformat(timespec="microseconds"))]
    return await outbox.write(connection, leaving), leaving


def _submission(claim: Claim) -> str:
    return derived_id("withdrawal", claim.id)


def _made(claim: Claim, actor: str, moment: str) -> Outgoing:
    number, submission = claim.enterprise, _submission(claim)
    id_ = derived_id("item", submission, 1)
    item = {"id": id_, "submission": submission, "line": 1}
    data: dict[str, Any] = {"item": item, "enterprise": number, "sender": number, "receivedAt": moment}
    if claim.revoke_reason:
        data["reason"] = claim.revoke_reason
    made = event(
        "be.fla.enterprise.withdrawal-submitted.v1",
        data,
        id_=id_,
        source="urn:fla:gateway",
        subject=derived_id("enterprise", number),
        actor=actor,
        party=number,
        time=moment,
        submission=submission,
        traceparent=tracing.of(submission),
    )
    return Outgoing(employer_submissions.TOPIC, number.encode(), encode(made))
