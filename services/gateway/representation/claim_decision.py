"""The decision on a claim: pure, from what the authentic source said and who asks."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from services.gateway.limits import MOST_PENDING_CLAIMS
from services.gateway.sources.representation import RepresentationStatus
from shared.access.scope import Role

OFFICES: Final = frozenset({Role.INSPECTOR, Role.OPERATOR})
"""Who controls or decides gets no right over an enterprise in the same capacity."""


class ClaimState(StrEnum):
    """Where a claim stands."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    REVOKING = "revoking"
    REVOKED = "revoked"


class ClaimDecision(StrEnum):
    """What is done with a claim at once."""

    GRANT = "grant"
    QUEUE = "queue"
    TOO_MANY = "tooMany"
    BEING_CLEARED = "beingCleared"


def may_ask(roles: Collection[Role]) -> bool:
    """Check whether somebody with these roles can be offered an enterprise to represent; a plain citizen has none."""
    return not roles or not OFFICES.issuperset(roles)


def decide(said: RepresentationStatus, waiting: int, *, being_cleared: bool = False) -> ClaimDecision:
    """Decide what to do with a claim. `waiting`: the asker's other claims that wait for the operator.

    `being_cleared`: what an earlier, revoked claim on this enterprise brought is still being taken back, and what a new
    representative declared meanwhile would be taken back with it.
    """
    if being_cleared:
        return ClaimDecision.BEING_CLEARED
    if said is RepresentationStatus.REPRESENTS:
        return ClaimDecision.GRANT
    return ClaimDecision.TOO_MANY if waiting >= MOST_PENDING_CLAIMS else ClaimDecision.QUEUE
