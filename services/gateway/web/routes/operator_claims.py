"""The operator's decisions: who represents an enterprise, and what becomes of a contested employer."""

from datetime import datetime
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.access.rights import enterprise_names
from services.gateway.api.caller import forget_callers
from services.gateway.representation import announcements, claims
from services.gateway.representation.announcements import Contest
from services.gateway.representation.claims import Claim
from services.gateway.representation.deciding import State
from services.gateway.representation.desk import BY_SOURCE
from services.gateway.representation.revoking import consequence, revoke, taken_back
from services.gateway.web import links
from services.gateway.web.notices import REASON_NEEDED, told
from services.gateway.web.pages import form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.people import actors_named
from services.gateway.web.reader import ForbiddenError, Reader, Reading
from services.gateway.web.views.frame import Area, FieldError, FormState, Party
from services.gateway.web.views.operator_claims import (
    GrantedClaim,
    OperatorClaimsView,
    RevokeView,
    WaitingClaim,
    WaitingContest,
)
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import translate
from shared.reasons import ReasonRefusedError, checked_reason

router = APIRouter(prefix="/operator/representation", include_in_schema=False)

MOST = 50
_HELD = (State.GRANTED, State.REVOKING, State.REVOKED)


@router.get("", response_class=HTMLResponse)
async def overview(request: Request, reader: Reading) -> Response:
    """What waits for a decision, and what was granted."""
    _ = reader.operator_scope
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        counted = await claims.counts(raw)
        waiting = await claims.oldest(raw, (State.PENDING,), MOST)
        held = await claims.newest(raw, _HELD, MOST)
        contests = await announcements.contests(raw, MOST)
        contests_total = await announcements.count(raw)
        registered = await enterprise_names(raw, [claim.enterprise for claim in (*waiting, *held)])
        granted = [await _granted(raw, claim) for claim in held]
    names = await actors_named(request, {*(c.person for c in (*waiting, *held)), *(c.person for c in contests)})
    view = OperatorClaimsView(
        [_waiting(claim, names, registered, reader.person) for claim in waiting],
        counted.get(State.PENDING, 0),
        [_contest(contest, names) for contest in contests],
        contests_total,
        [_named(row, claim, names) for row, claim in zip(granted, held, strict=True)],
        sum(counted.get(state, 0) for state in _HELD),
    )
    return page(request, reader.frame(request, area=Area.OPERATOR), view)


@router.post("/{claim}/ask")
async def ask_again(request: Request, reader: Reading, claim: UUID) -> Response:
    """Ask the source once more; a proof grants the claim."""
    _ = reader.operator_scope
    await form_of(request, reader)
    gateway = gateway_of(request)
    await gateway.representation.ask_source_again(str(claim))
    gateway.claims_work.wake()
    return see_other(told(links.OPERATOR_CLAIMS, "sourceAsked"))


@router.post("/{claim}/grant")
async def approve(request: Request, reader: Reading, claim: UUID) -> Response:
    """Grant it; what proves it is kept, and read by the asker."""
    _ = reader.operator_scope
    reason = _reason(await form_of(request, reader))
    if reason is None:
        return see_other(told(links.OPERATOR_CLAIMS, "reasonNeeded"))
    gateway = gateway_of(request)
    done = await gateway.representation.approve(str(claim), reader.person, reason)
    gateway.claims_work.wake()
    return see_other(told(links.OPERATOR_CLAIMS, "claimGranted" if done else "claimNotNow"))


@router.post("/{claim}/refuse")
async def refuse(request: Request, reader: Reading, claim: UUID) -> Response:
    """Refuse it, with a reason that the asker reads."""
    _ = reader.operator_scope
    reason = _reason(await form_of(request, reader))
    if reason is None:
        return see_other(told(links.OPERATOR_CLAIMS, "reasonNeeded"))
    done = await gateway_of(request).representation.refuse(str(claim), reader.person, reason)
    return see_other(told(links.OPERATOR_CLAIMS, "claimRefused" if done else "claimNotNow"))


@router.get("/{claim}/revoke", response_class=HTMLResponse)
async def ask_to_revoke(request: Request, reader: Reading, claim: UUID) -> Response:
    """Tell what would be lost, before it is."""
    _ = reader.operator_scope
    return await _revoke_page(request, reader, claim, new_form())


@router.post("/{claim}/revoke", response_class=HTMLResponse)
async def revoke_it(request: Request, reader: Reading, claim: UUID) -> Response:
    """Withdraw the right now; what it brought is taken back from here on."""
    _ = reader.operator_scope
    form = await form_of(request, reader)
    reason = _reason(form)
    if reason is None:
        wrong = FieldError("reason", translate(reader.language, REASON_NEEDED))
        state = state_of(form, RevokeView.fields, errors=(wrong,))
        return await _revoke_page(request, reader, claim, state, 422)
    gateway = gateway_of(request)
    done = await revoke(gateway.engine, str(claim), reader.person, reason)
    forget_callers()
    gateway.claims_work.wake()
    return see_other(told(links.OPERATOR_CLAIMS, "claimRevoked" if done else "claimNotNow"))


@router.post("/contests/{employment}/resolve")
async def resolve(request: Request, reader: Reading, employment: UUID) -> Response:
    """Say how a contest ended; the employee reads it."""
    _ = reader.operator_scope
    reason = _reason(await form_of(request, reader))
    if reason is None:
        return see_other(told(links.OPERATOR_CLAIMS, "reasonNeeded"))
    async with transaction(gateway_of(request).engine) as connection:
        done = await announcements.resolve(driver(connection), str(employment), reader.person, reason)
    return see_other(told(links.OPERATOR_CLAIMS, "contestResolved" if done else "claimNotNow"))


def _reason(form: FormData) -> str | None:
    """What was typed, if it says anything and can be carried on."""
    try:
        return checked_reason(typed(form, "reason"))
    except ReasonRefusedError:
        return None


def _waiting(claim: Claim, names: dict[str, str], registered: dict[str, str], operator: str) -> WaitingClaim:
    at = claim.evidence.get("at")
    return WaitingClaim(
        claim.id,
        names.get(claim.person, "—"),
        Party(claim.enterprise, claim.name),
        claim.asked_at,
        claims.said(claim),
        datetime.fromisoformat(at) if at else None,
        claim.enterprise in registered,
        claim.person == operator,
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
    """What a revocation took back, what is left, and what it could not take back."""
    if claim.state is State.GRANTED:
        return (0, 0, 0)
    done = await taken_back(connection, claim)
    left = (await consequence(connection, claim)).employments if claim.state is State.REVOKING else 0
    return (sum(done.done.values()), left, done.refused)


def _named(progress: tuple[int, int, int], claim: Claim, names: dict[str, str]) -> GrantedClaim:
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


async def _revoke_page(
    request: Request, reader: Reader, identifier: UUID, form: FormState, status: int = 200
) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        claim = await claims.find(raw, str(identifier))
        if claim is None or claim.state is not State.GRANTED:
            raise ForbiddenError
        found = await consequence(raw, claim)
    names = await actors_named(request, [claim.person])
    view = RevokeView(
        _named((0, 0, 0), claim, names), found.everything, found.others, found.rights, found.employments, form
    )
    return page(request, reader.frame(request, area=Area.OPERATOR), view, status)
