"""If this failed, somebody would represent an enterprise without any proof, or could not ask for it at all."""

from itertools import combinations, product

import pytest

from services.gateway.limits import MOST_PENDING_CLAIMS
from services.gateway.representation.claim_decision import OFFICES, ClaimDecision, decide, may_ask
from services.gateway.sources.representation import RepresentationStatus
from shared.access.scope import Role

EVERY_SET = [frozenset(some) for count in range(4) for some in combinations(Role, count)]


@pytest.mark.parametrize(
    ("said", "waiting", "cleared"), list(product(RepresentationStatus, range(MOST_PENDING_CLAIMS + 2), (False, True)))
)
def test_only_what_the_source_says_of_this_enterprise_grants(
    said: RepresentationStatus, waiting: int, cleared: bool
) -> None:
    decision = decide(said, waiting, being_cleared=cleared)
    assert (decision is ClaimDecision.GRANT) == (said is RepresentationStatus.REPRESENTS and not cleared)
    assert (decision is ClaimDecision.BEING_CLEARED) == cleared
    if decision is ClaimDecision.QUEUE:
        assert waiting < MOST_PENDING_CLAIMS
    if decision is ClaimDecision.TOO_MANY:
        assert waiting >= MOST_PENDING_CLAIMS


@pytest.mark.parametrize("roles", EVERY_SET, ids=lambda roles: "+".join(sorted(roles)) or "none")
def test_everybody_may_ask_but_who_holds_nothing_but_an_office(roles: frozenset[Role]) -> None:
    assert may_ask(roles) == (not roles or bool(roles - OFFICES))
