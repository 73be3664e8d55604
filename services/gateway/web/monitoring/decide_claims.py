"""The operator's decisions: who represents an enterprise, and what becomes of a contested employer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.representation import claims, employer_announcements
from services.gateway.representation.claim_decision import ClaimState
from services.gateway.representation.claim_service import BY_SOURCE
from services.gateway.representation.claims import Claim
from services.gateway.representation.employer_announcements import Contest
from services.gateway.representation.revocation import effect_of, taken_back
from services.gateway.web.kit.access import OperatorAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import typed_text
from services.gateway.web.kit.frame import Party
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.people import actors_named
from services.gateway.web.monitoring import addresses
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.reasons import ReasonRefusedError, checked_reason

router = APIRouter(prefix="/operator/representation", include_in_schema=False)
MOST = 50
_HELD = (ClaimState.GRANTED, ClaimState.REVOKING, ClaimState.REVOKED)


@dataclass(frozen=True)
class WaitingClaim:
    """A claim that waits. `said` is the label's code of what the source said, at `said_at`; `registered`: the
    enterprise is registered here already. `own`: the operator's own claim, on which somebody else decides."""

    id: str
    asker: str
    party: Party
    asked_at: datetime
    said: str
    said_at: datetime | None
    registered: bool
    own: bool = False


@dataclass(frozen=True)
class GrantedClaim:
    """A claim that was granted. While it is `revoking`, `taken_back` counts what is void by now by kind of record,
    `left` the employments that still stand, and `failed` what was refused and needs a person. `proof`: what the
    operator who granted it saw."""

    id: str
    asker: str
    party: Party
    state: str
    decided_at: datetime | None
    by_source: bool
    said: str
    revoke_reason: str | None = None
    taken_back: int = 0
    left: int = 0
    failed: int = 0
    proof: str | None = None


@dataclass(frozen=True)
class WaitingContest:
    """An employee says not to work at an enterprise; `text` is for the operator alone."""

    employment: str
    person: str
    party: Party
    start_date: date
    contested_at: datetime
    text: str


@dataclass(frozen=True)
class OperatorClaimsView:
    """The queue, the contests and the granted claims. A decision posts `reason` to the claim's own addresses."""

    template: ClassVar[str] = "monitoring/decide_claims.html"

    waiting: Sequence[WaitingClaim]
    waiting_total: int
    contests: Sequence[WaitingContest]
    contests_total: int
    granted: Sequence[GrantedClaim]
    granted_total: int


@router.get("", response_class=HTMLResponse)
async def overview(request: Request, operator: OperatorAccess) -> Response:
    """Show what waits for a decision, and what was granted."""
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        counted = await claims.counts(raw)
        waiting = await claims.oldest(raw, (ClaimState.PENDING,), MOST)
        held = await claims.newest(raw, _HELD, MOST)
        contests = await employer_announcements.contests(raw, MOST)
        contests_total = await employer_announcements.count(raw)
        registered = await enterprise_names(raw, [claim.enterprise for claim in (*waiting, *held)])
        granted = [await _granted(raw, claim) for claim in held]
    names = await actors_named(request, {*(c.person for c in (*waiting, *held)), *(c.person for c in contests)})
    view = OperatorClaimsView(
        [_waiting(claim, names, registered, operator.person) for claim in waiting],
        counted.get(ClaimState.PENDING, 0),
        [_contest(contest, names) for contest in contests],
        contests_total,
        [granted_claim(row, claim, names) for row, claim in zip(granted, held, strict=True)],
        sum(counted.get(state, 0) for state in _HELD),
    )
    return page(request, operator.frame(request), view)


@router.post("/{claim}/ask")
async def ask_again(request: Request, operator: OperatorAccess, claim: UUID, _: PostedForm) -> Response:
    """Ask the source once more; a proof grants the claim."""
    gateway = gateway_of(request)
    await gateway.claim_service.ask_source_again(str(claim))
    gateway.claims_worker.wake()
    return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "sourceAsked"))


@router.post("/{claim}/grant")
async def approve(request: Request, operator: OperatorAccess, claim: UUID, form: PostedForm) -> Response:
    """Grant it; what proves it is kept, and read by the asker."""
    reason = reason_of(form)
    if reason is None:
        return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "reasonNeeded"))
    gateway = gateway_of(request)
    done = await gateway.claim_service.approve(str(claim), operator.person, reason)
    gateway.claims_worker.wake()
    return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "claimGranted" if done else "claimNotNow"))


@router.post("/{claim}/refuse")
async def refuse(request: Request, operator: OperatorAccess, claim: UUID, form: PostedForm) -> Response:
    """Refuse it, with a reason that the asker reads."""
    reason = reason_of(form)
    if reason is None:
        return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "reasonNeeded"))
    done = await gateway_of(request).claim_service.refuse(str(claim), operator.person, reason)
    return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "claimRefused" if done else "claimNotNow"))


@router.post("/contests/{employment}/resolve")
async def resolve(request: Request, operator: OperatorAccess, employment: UUID, form: PostedForm) -> Response:
    """Say how a contest ended; the employee reads it."""
    reason = reason_of(form)
    if reason is None:
        return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "reasonNeeded"))
    async with transaction(gateway_of(request).engine) as connection:
        done = await employer_announcements.resolve(driver(connection), str(employment), operator.person, reason)
    return see_other(request, with_notice(addresses.OPERATOR_CLAIMS, "contestResolved" if done else "claimNotNow"))


def reason_of(form: FormData) -> str | None:
    """Read the reason typed; None where it says nothing or cannot be kept."""
    try:
        return checked_reason(typed_text(form, "reason"))
    except ReasonRefusedError:
        return None


def _waiting(claim: Claim, names: dict[str, str], registered: dict[str, str], decider: str) -> WaitingClaim:
    at = claim.evidence.get("at")
    return WaitingClaim(
        claim.id,
        names.get(claim.person, "—"),
        Party(claim.enterprise, claim.name),
        claim.asked_at,
        claims.said(claim),
        datetime.fromisoformat(at) if at else None,
        claim.enterprise in registered,
        claim.person == decider,
    )


def _contest(contest: Contest, names: dict[str, str]) -> WaitingContest:
    return WaitingContest(
        contest.employment,
        names.get(contest.person, "—"),
        Party(contest.enterprise, contest.name),
        contest.start_date,
        contest.contested_at,
        contest.text,
    )


async def _granted(connection: asyncpg.Connection, claim: Claim) -> tuple[int, int, int]:
    """Count what a revocation took back, what is left, and what it could not take back."""
    if claim.state is ClaimState.GRANTED:
        return (0, 0, 0)
    done = await taken_back(connection, claim)
    left = (await effect_of(connection, claim)).employments if claim.state is ClaimState.REVOKING else 0
    return (sum(done.done.values()), left, done.refused)


def granted_claim(progress: tuple[int, int, int], claim: Claim, names: dict[str, str]) -> GrantedClaim:
    return GrantedClaim(
        claim.id,
        names.get(claim.person, "—"),
        Party(claim.enterprise, claim.name),
        claim.state,
        claim.decided_at,
        claim.decided_by == BY_SOURCE,
        claims.said(claim),
        claim.revoke_reason,
        *progress,
        proof=claim.reason,
    )
