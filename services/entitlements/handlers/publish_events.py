"""Publish what others read: enterprises, employments and balances."""

from collections.abc import Iterable
from typing import Any

from services.entitlements.bookkeeping.account import (
    Cause,
    KnownEmployment,
    KnownEnterprise,
    opt_out_states,
    quarter_state,
    size_state,
)
from services.entitlements.bookkeeping.recalculate_ledgers import Booking
from shared.contracts import employments, entitlements
from shared.contracts.employments import EmploymentState, EnterpriseState
from shared.contracts.envelope import event
from shared.identifiers import derived_id
from shared.messaging.records import Work

SOURCE = "urn:fla:entitlements"


def employment_state(known: KnownEmployment, terms: list[Any], recorded_at: str) -> EmploymentState:
    """Build a version as `fla.employments.v1` has it. `terms` as they were declared."""
    employment = known.employment
    state: EmploymentState = {
        "employment": employment.id,
        "version": known.version,
        "person": employment.person_id,
        "enterprise": employment.enterprise,
        "startDate": employment.start.isoformat(),
        "terms": terms,
        "cancelled": known.cancelled,
        "recordedAt": recorded_at,
    }
    if employment.end is not None:
        state["endDate"] = employment.end.isoformat()
    if employment.end_reason is not None:
        state["endReason"] = employment.end_reason.value  # type: ignore[typeddict-item]
    if employment.rest_agreed is not None:
        state["restAgreed"] = employment.rest_agreed.value  # type: ignore[typeddict-item]
    if known.opt_outs:
        state["optOuts"] = opt_out_states(known.opt_outs)
    return state


def publish_enterprise(work: Work, known: KnownEnterprise, cause: Cause) -> None:
    """Publish an enterprise as it stands now."""
    now = work.moment
    state: EnterpriseState = {
        "enterprise": known.number,
        "version": known.version,
        "name": known.name,
        "jointCommittees": list(known.joint_committees),
        "sizes": [size_state(size) for size in known.sizes],
        "recordedAt": now,
    }
    if known.quarters:
        state["quarters"] = [quarter_state(quarter) for quarter in known.quarters]
    if known.opt_outs:
        state["optOuts"] = opt_out_states(known.opt_outs)
    id_ = derived_id(cause.id, "enterprise", known.version)
    published = _event("be.fla.enterprise.registered.v1", state, id_=id_, subject=known.number, cause=cause, now=now)
    work.emit(employments.TOPIC, known.number, published)


def publish_employment(work: Work, change: str, state: EmploymentState, cause: Cause) -> None:
    """Publish an employment's new version. `change`: registered, changed or cancelled."""
    id_ = derived_id(cause.id, "employment", state["version"])
    published = _event(
        f"be.fla.employment.{change}.v1",
        state,
        id_=id_,
        subject=state["employment"],
        cause=cause,
        now=work.moment,
    )
    work.emit(employments.TOPIC, state["person"], published)


def publish_balances(work: Work, bookings: Iterable[Booking]) -> None:
    """Publish the years that changed, one event for each employment."""
    for booking in bookings:
        publish_balance(work, booking)


def publish_balance(work: Work, booking: Booking) -> None:
    """Publish the years that changed of an employment, if any did."""
    if not booking.changed:
        return
    employment, now = booking.employment, work.moment
    state = {
        "employment": employment.id,
        "version": booking.version,
        "person": employment.person_id,
        "enterprise": employment.enterprise,
        "years": booking.changed,
        "recordedAt": now,
    }
    id_ = derived_id(employment.id, "balance", booking.version)
    published = _event(
        "be.fla.entitlement.balance-changed.v1", state, id_=id_, subject=employment.id, cause=booking.cause, now=now
    )
    work.emit(entitlements.TOPIC, employment.person_id, published)


def _event(type_: str, data: Any, *, id_: str, subject: str, cause: Cause, now: str) -> dict[str, Any]:
    return event(
        type_,
        data,
        id_=id_,
        source=SOURCE,
        subject=subject,
        actor=cause.actor,
        party=cause.party,
        time=now,
        submission=cause.submission,
        traceparent=cause.traceparent,
    )
