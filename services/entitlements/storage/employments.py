"""Writing employments with all their versions, and the employer's overrides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg
import orjson

from services.entitlements.bookkeeping.account import KnownEmployment, KnownOverride, opt_out_states
from shared.database.copying import as_day, as_json, as_text, copy
from shared.database.ended_access import LAST_DAY, refresh, refreshing

_COLUMNS = (
    "id", "version", "person", "enterprise", "sender", "reference", "start_date", "end_date", "end_reason", "terms",
    "cancelled", "recorded_at", "cause", "next_turn", "rest_agreed", "opt_outs",
)  # fmt: skip
_VERSION_COLUMNS = ("employment", "version", "person", "enterprise", "state", "reason", "actor", "recorded_at")
_OVERRIDE_COLUMNS = (
    "id", "version", "employment", "person", "enterprise", "basis", "days", "right_type", "valid_from", "valid_until",
    "reason", "collective_agreement", "registered_at", "cause", "cancelled", "line",
)  # fmt: skip
_CHANGE = """
update employment e set version = n.version, start_date = n.start_date, end_date = n.end_date,
       end_reason = n.end_reason, terms = n.terms::json, cancelled = n.cancelled, recorded_at = $9,
       cause = n.cause, next_turn = n.next_turn, rest_agreed = n.rest_agreed, opt_outs = n.opt_outs::json
from unnest($1::text[]::uuid[], $2::int[], $3::date[], $4::date[], $5::text[], $6::text[], $7::bool[],
            $8::text[]::uuid[], $10::date[], $11::text[], $12::text[])
  as n(id, version, start_date, end_date, end_reason, terms, cancelled, cause, next_turn, rest_agreed, opt_outs)
where e.id = n.id
"""
_SET_NEXT_CALENDAR_CHANGE = """
update employment e set next_turn = n.next_turn
from unnest($1::text[]::uuid[], $2::date[]) as n(id, next_turn)
where e.id = n.id and e.next_turn is distinct from n.next_turn
"""
_ENTERPRISE_OVERRIDE_COLUMNS = (
    "id", "version", "enterprise", "basis", "days", "right_type", "valid_from", "valid_until", "reason",
    "collective_agreement", "registered_at", "cause", "cancelled", "line",
)  # fmt: skip
_REPLACE = """
update {table} o set replaced_at = $3
from unnest($1::text[]::uuid[], $2::int[]) as n(id, version) where o.id = n.id and o.version < n.version
  and o.replaced_at is null
"""
_REPLACE_OVERRIDES = _REPLACE.format(table="entitlement_override")
_REPLACE_ENTERPRISE_OVERRIDES = _REPLACE.format(table="enterprise_override")


_ENDED = refreshing(LAST_DAY)


@dataclass(frozen=True, slots=True)
class EmploymentVersion:
    """A new version of an employment and how it came about. `state` as in `fla.employments.v1`."""

    known: KnownEmployment
    state: dict[str, Any]
    reason: str | None
    actor: str
    cause: str


@dataclass(frozen=True, slots=True)
class OverrideVersion:
    """A new version of an employer's override, whose it is (None: everybody's), and the item that caused it."""

    known: KnownOverride
    person: str | None
    enterprise: str
    cause: str


async def store(
    connection: asyncpg.Connection, changed: Sequence[tuple[EmploymentVersion, bool]], now: datetime
) -> None:
    """Write employments, each with whether it is new, as they stand after the batch, and to whom access ends by it.

    UniqueViolationError if one that should be new is there: then another transaction was faster.
    """
    moment = now.isoformat()
    await copy(connection, "employment", _COLUMNS, [_row(version, moment) for version, new in changed if new])
    known = [version for version, new in changed if not new]
    if known:
        rows = [version.known for version in known]
        await connection.execute(
            _CHANGE,
            [row.employment.id for row in rows],
            [row.version for row in rows],
            [row.employment.start for row in rows],
            [row.employment.end for row in rows],
            [_reason(row) for row in rows],
            [row.terms for row in rows],
            [row.cancelled for row in rows],
            [version.cause for version in known],
            now,
            [row.next_calendar_change for row in rows],
            [_rest_agreed(row) for row in rows],
            [_opt_outs(row) for row in rows],
        )
    employments = [version.known.employment for version, _ in changed]
    await refresh(connection, _ENDED, {(one.enterprise, one.person_id) for one in employments})


async def keep_versions(connection: asyncpg.Connection, versions: Sequence[EmploymentVersion], now: datetime) -> None:
    """Add these versions to the history."""
    rows = [
        f"{one.known.employment.id}\t{one.known.version}\t{one.known.employment.person_id}\t"
        f"{one.known.employment.enterprise}\t{as_json(one.state)}\t{as_text(one.reason)}\t{as_text(one.actor)}\t"
        f"{now.isoformat()}"
        for one in versions
    ]
    await copy(connection, "employment_version", _VERSION_COLUMNS, rows)


async def set_next_calendar_changes(connection: asyncpg.Connection, days: Sequence[tuple[str, date | None]]) -> None:
    """Write on which day the calendar changes each of these employments next."""
    if days:
        await connection.execute(_SET_NEXT_CALENDAR_CHANGE, [id_ for id_, _ in days], [day for _, day in days])


async def store_overrides(connection: asyncpg.Connection, new: Sequence[OverrideVersion], now: datetime) -> None:
    """Store these versions; those before them no longer hold."""
    of_employments = [one for one in new if one.person is not None]
    for_all = [one for one in new if one.person is None]
    if of_employments:
        await copy(
            connection, "entitlement_override", _OVERRIDE_COLUMNS, [_override_row(one) for one in of_employments]
        )
        await _replace(connection, _REPLACE_OVERRIDES, of_employments, now)
    if for_all:
        rows = [_enterprise_override_row(one) for one in for_all]
        await copy(connection, "enterprise_override", _ENTERPRISE_OVERRIDE_COLUMNS, rows)
        await _replace(connection, _REPLACE_ENTERPRISE_OVERRIDES, for_all, now)


async def _replace(
    connection: asyncpg.Connection, statement: str, new: Sequence[OverrideVersion], now: datetime
) -> None:
    """Mark the versions before these as replaced."""
    later = [one for one in new if one.known.version > 1]
    if later:
        ids, versions = [one.known.override.id for one in later], [one.known.version for one in later]
        await connection.execute(statement, ids, versions, now)


def _row(version: EmploymentVersion, moment: str) -> str:
    known, employment = version.known, version.known.employment
    terms = known.terms.replace("\\", "\\\\")
    return (
        f"{employment.id}\t{known.version}\t{employment.person_id}\t{employment.enterprise}\t{as_text(known.sender)}\t"
        f"{as_text(known.reference)}\t{employment.start}\t{as_day(employment.end)}\t{as_text(_reason(known))}\t{terms}\t"
        f"{'t' if known.cancelled else 'f'}\t{moment}\t{version.cause}\t{as_day(known.next_calendar_change)}\t"
        f"{as_text(_rest_agreed(known))}\t{_opt_outs(known)}"
    )


def _reason(known: KnownEmployment) -> str | None:
    reason = known.employment.end_reason
    return None if reason is None else reason.value


def _rest_agreed(known: KnownEmployment) -> str | None:
    agreed = known.employment.rest_agreed
    return None if agreed is None else agreed.value


def _opt_outs(known: KnownEmployment) -> str:
    return orjson.dumps(opt_out_states(known.opt_outs)).decode()


def _override_row(one: OverrideVersion) -> str:
    known = one.known
    return (
        f"{known.override.id}\t{known.version}\t{known.employment}\t{one.person}\t{one.enterprise}\t"
        f"{_override_content(one)}"
    )


def _enterprise_override_row(one: OverrideVersion) -> str:
    return f"{one.known.override.id}\t{one.known.version}\t{one.enterprise}\t{_override_content(one)}"


def _override_content(one: OverrideVersion) -> str:
    known, override = one.known, one.known.override
    return (
        f"{override.kind.value}\t{override.days}\t{override.right_type.value}\t{override.start}\t{as_day(override.end)}\t"
        f"{as_text(override.reason)}\t{as_text(override.agreement)}\t{override.registered_at.isoformat()}\t{one.cause}\t"
        f"{'t' if known.cancelled else 'f'}\t{override.line}"
    )
