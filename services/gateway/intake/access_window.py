"""Whose declarations are refused because the employer's access to the person has ended, and what closes by itself.

Judged by the day the declaration was received: sent again later it is decided alike. Only an employer that once had the
person employed is told; for everyone else the person is as unknown as ever.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from services.gateway.access import ended
from services.gateway.intake.declared import DeclarationKind
from shared.access.scope import pair
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly

Key = tuple[str, str]
"""(enterprise, person)."""

# Cancelled ones too: they tell who once had the person employed, and until when.
_LAST_DAYS = """
select e.enterprise, e.person::text, e.id::text,
       case when e.cancelled then least(e.end_date, e.cancelled_on) else e.end_date end as last_day
from unnest($1::text[], $2::uuid[]) as w(enterprise, person)
join employment e on e.enterprise = w.enterprise and e.person = w.person
"""

_ENDS = frozenset({DeclarationKind.EMPLOYMENT_REGISTRATION, DeclarationKind.EMPLOYMENT_CHANGE})


@dataclass(frozen=True, slots=True)
class AccessWindow:
    """Who is closed on the day of judgement. `since`: whoever left before it is; `days`: how long after the end."""

    since: date
    days: int
    closed: frozenset[Key] = frozenset()

    def refusal(self, kind: DeclarationKind, key: Key) -> Anomaly | None:
        """Why a declaration about this person at this enterprise is refused. A new employment opens them again."""
        if key not in self.closed or kind is DeclarationKind.EMPLOYMENT_REGISTRATION:
            return None
        return anomaly("accessClosed", "ssin", days=self.days)

    def warning(self, kind: DeclarationKind, fields: Mapping[str, Any]) -> Anomaly | None:
        """What to tell of an employment that is closed as soon as it is known."""
        if kind not in _ENDS or not self.ends_before(fields):
            return None
        return anomaly("closedFromTheStart", "endDate", days=self.days)

    def ends_before(self, fields: Mapping[str, Any]) -> bool:
        """Whether the declared employment ended longer ago than access lasts."""
        end = fields.get("endDate")
        return end is not None and date.fromisoformat(end) < self.since


def closed(
    last_days: Mapping[Key, Sequence[date | None]], since: date, reopened: Collection[str], hired: Collection[Key]
) -> frozenset[Key]:
    """Of the people whose employments' last days these are (None: it lasts), those who are closed.

    `hired`: who is employed anew by the same submissions.
    """
    return frozenset(
        key
        for key, days in last_days.items()
        if all(day is not None and day < since for day in days) and key not in hired and pair(*key) not in reopened
    )


async def window(
    connection: asyncpg.Connection,
    keys: Collection[Key],
    today: date,
    days: int,
    hirings: Collection[tuple[str, Key, Mapping[str, Any]]],
) -> AccessWindow:
    """The window for these people on a day.

    `hirings`: the employments that the same submissions register, each with its id. One that is known already opens
    nothing: what ended does not begin again because it is sent again.
    """
    bare = AccessWindow(ended.open_since(today, days), days)
    if not keys:
        return bare
    last_days: dict[Key, list[date | None]] = defaultdict(list)
    known: set[str] = set()
    rows = await connection.fetch(_LAST_DAYS, [e for e, _ in keys], [p for _, p in keys])
    for enterprise, person, employment, last_day in rows:
        last_days[enterprise, person].append(last_day)
        known.add(employment)
    hired = {key for id_, key, fields in hirings if id_ not in known and not bare.ends_before(fields)}
    reopened = await ended.reopened(connection, {enterprise for enterprise, _ in last_days}, today)
    return AccessWindow(bare.since, days, closed(last_days, bare.since, reopened, hired))
