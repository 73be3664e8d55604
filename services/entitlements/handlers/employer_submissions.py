"""A batch of declarations by employers: look up once, decide one by one, recalculate, store, publish."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.entitlements.bookkeeping.recalculate_ledgers import Booking, recalculate_each
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.cancel_employment import cancel_employment
from services.entitlements.handlers.cancel_override import cancel_override
from services.entitlements.handlers.change_employment import change_employment
from services.entitlements.handlers.decision_batch import DecisionBatch, Verdict
from services.entitlements.handlers.publish_events import (
    SOURCE,
    publish_balances,
    publish_employment,
    publish_enterprise,
)
from services.entitlements.handlers.register_employment import register_employment
from services.entitlements.handlers.register_enterprise import register_enterprise
from services.entitlements.handlers.register_enterprise_override import (
    cancel_enterprise_override,
    register_enterprise_override,
)
from services.entitlements.handlers.register_override import register_override
from services.entitlements.handlers.withdraw_enterprise import withdraw_enterprise
from services.entitlements.storage import accounts, decisions, employments, enterprises, ledger, recalculations
from services.entitlements.storage.employments import EmploymentVersion
from shared.clock import brussels_day
from shared.contracts.outcomes import ItemOutcome
from shared.messaging.outcomes import Origin, publish_outcomes
from shared.messaging.records import Work

OF_ENTERPRISES: Mapping[str, Callable[[DecisionBatch, Any], Verdict]] = {
    "be.fla.enterprise.registration-submitted.v1": register_enterprise,
    "be.fla.enterprise.withdrawal-submitted.v1": withdraw_enterprise,
    "be.fla.enterprise-entitlement.registration-submitted.v1": register_enterprise_override,
    "be.fla.enterprise-entitlement.cancellation-submitted.v1": cancel_enterprise_override,
}
_TURN = {type_: int(type_.startswith("be.fla.enterprise-entitlement.")) for type_ in OF_ENTERPRISES}
USE_CASES: Mapping[str, Callable[[DecisionBatch, Any], Verdict]] = {
    **OF_ENTERPRISES,
    "be.fla.employment.registration-submitted.v1": register_employment,
    "be.fla.employment.change-submitted.v1": change_employment,
    "be.fla.employment.cancellation-submitted.v1": cancel_employment,
    "be.fla.entitlement.registration-submitted.v1": register_override,
    "be.fla.entitlement.cancellation-submitted.v1": cancel_override,
}


async def decide_on_submissions(rules: Rules, work: Work, events: Sequence[Any]) -> None:
    """Decide on every item that was not decided before, and publish each outcome exactly once.

    What is for a whole enterprise goes first, an enterprise itself before its own figures: it has keys of its own, so
    nothing orders it among the others, and a size that came with the employees is known when their rights are
    calculated.
    """
    already_decided = await decisions.decided(work.connection, [event["data"]["item"]["id"] for event in events])
    fresh = []
    for event in events:
        if event["data"]["item"]["id"] not in already_decided:
            already_decided.add(event["data"]["item"]["id"])
            fresh.append(event)
    if not fresh:
        return
    fresh.sort(key=lambda event: _TURN.get(event["type"], len(OF_ENTERPRISES)))
    batch = await _lay_out(rules, work, fresh)
    decided: list[tuple[Origin, ItemOutcome]] = []
    for event in fresh:
        verdict, origin = USE_CASES[event["type"]](batch, event), Origin.of(event)
        verdict = verdict.warned(event["data"].get("warnings", []))
        decided.append((origin, {"line": origin.line, "status": verdict.status, "anomalies": verdict.anomalies}))
    new = {id_ for one in batch.accounts.values() for id_ in one.employments} - batch.stored
    facts = {enterprise: batch.facts(enterprise) for enterprise, _ in batch.touched}
    touched = [(batch.accounts[pair], facts[pair[0]], cause) for pair, cause in batch.touched.items()]
    bookings = await recalculate_each(touched, rules, batch.today)
    await _store(work, batch, bookings, new)
    await decisions.decide(work.connection, [origin.item for origin, _ in decided], work.now)
    for enterprise, cause, _ in batch.registered.values():
        publish_enterprise(work, enterprise, cause)
    for _, state, change, cause in batch.versions:
        publish_employment(work, change, state, cause)
    publish_balances(work, bookings)
    publish_outcomes(work, SOURCE, decided)


async def _lay_out(rules: Rules, work: Work, events: Sequence[Any]) -> DecisionBatch:
    """Lock and load all that these declarations are about."""
    connection = work.connection
    registering = {event["data"]["enterprise"] for event in events if event["type"] in OF_ENTERPRISES}
    personal = [event["data"] for event in events if event["type"] not in OF_ENTERPRISES]
    pairs = {(data["enterprise"], data["person"]) for data in personal}
    await enterprises.lock_to_change(connection, registering)
    await enterprises.lock_against_changes(connection, {enterprise for enterprise, _ in pairs} - registering)
    await accounts.lock(connection, pairs)
    found = await accounts.load(connection, pairs)
    named = {data["employment"] for data in personal if "employment" in data}
    overrides = {data["entitlement"] for data in personal if "entitlement" in data}
    here = {id_ for account in found.values() for id_ in account.employments}
    return DecisionBatch(
        rules,
        work.now,
        brussels_day(work.now),
        await enterprises.load(connection, registering | {enterprise for enterprise, _ in pairs}),
        found,
        await accounts.owners(connection, named),
        await accounts.employments_of_overrides(connection, overrides),
        frozenset(here),
    )


async def _store(work: Work, batch: DecisionBatch, bookings: Sequence[Booking], new: set[str]) -> None:
    connection = work.connection
    await enterprises.store(
        connection,
        [(known, item) for known, _, item in batch.registered.values()],
        batch.replaced_sizes,
        batch.replaced_quarters,
        work.now,
    )
    # Asked before the new employments are there: those are calculated with the new facts already.
    for reason, enterprises_ in batch.recalculated.items():
        await recalculations.request(connection, enterprises_, reason, work.now)
    versions = [version for version, *_ in batch.versions]
    last = {version.known.employment.id: version for version in versions}
    await employments.store(
        connection, [(_as_recalculated(batch, version), id_ in new) for id_, version in last.items()], work.now
    )
    await employments.keep_versions(connection, versions, work.now)
    await employments.store_overrides(connection, batch.overrides, work.now)
    await employments.set_next_calendar_changes(connection, _calendar_changes(batch, last))
    await ledger.write(connection, bookings, work.now)


def _as_recalculated(batch: DecisionBatch, version: EmploymentVersion) -> EmploymentVersion:
    """Give the version the day of the employment's next calendar change, as recalculating found it."""
    employment = version.known.employment
    known = batch.accounts[employment.enterprise, employment.person_id].employments[employment.id]
    return EmploymentVersion(known, version.state, version.reason, version.actor, version.cause)


def _calendar_changes(batch: DecisionBatch, stored: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """List the next calendar changes of employments that were recalculated along with others of the account."""
    return [
        (id_, known.next_calendar_change)
        for pair in batch.touched
        for id_, known in batch.accounts[pair].employments.items()
        if id_ not in stored
    ]
