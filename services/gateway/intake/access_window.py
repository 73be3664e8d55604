"""Declarations that are refused because the employer's access to the person has ended.

Judged by the day the declaration was received: sent again later it is decided alike. Only an employer that once had the
person employed is told so; for everyone else the person is as unknown as ever.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import asyncpg

from services.gateway.access import former_employees
from services.gateway.intake.declared import DeclarationKind
from shared.access.scope import pair
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly

Key = tuple[str, str]
"""(enterprise, person)."""

# Cancelled ones too: they tell who once had the person employed, and until when.
_LAST_DAYS: Final = """
select e.enterprise, e.person::text,
       case when e.cancelled then least(e.end_date, e.cancelled_on) else e.end_date end as last_day
from unnest($1::text[], $2::uuid[]) as w(enterprise, person)
join employment e on e.enterprise = w.enterprise and e.person = w.person
"""
_TELL_AN_END: Final = frozenset({DeclarationKind.EMPLOYMENT_REGISTRATION, DeclarationKind.EMPLOYMENT_CHANGE})


@dataclass(frozen=True, slots=True)
class AccessWindow:
    """The day of judgement: whoever left before `since` is closed, `days` days after the end."""

    since: date
    days: int
    today: date

    @classmethod
    def on(cls, today: date, days: int) -> "AccessWindow":
        """Make the window of a day in Brussels."""
        return cls(former_employees.open_since(today, days), days, today)

    @property
    def refusal(self) -> Anomaly:
        """Why a declaration about somebody who is closed is refused."""
        return anomaly("accessClosed", "ssin", days=self.days)

    def warnings(self, kind: DeclarationKind, fields: Mapping[str, Any]) -> list[Anomaly]:
        """Warn of an employment to which access is closed as soon as it is known: its end lies too far back."""
        end = fields.get("endDate")
        if kind not in _TELL_AN_END or end is None or date.fromisoformat(end) >= self.since:
            return []
        return [anomaly("closedFromTheStart", "endDate", days=self.days)]

    async def closed(self, connection: asyncpg.Connection, keys: Collection[Key]) -> frozenset[Key]:
        """Find those of these people to whom access has ended. Employments just registered, in the same file or request
        too, open them again; one that is known already does not when it is sent once more.
        """
        if not keys:
            return frozenset()
        last_days: dict[Key, list[date | None]] = defaultdict(list)
        rows = await connection.fetch(_LAST_DAYS, [e for e, _ in keys], [p for _, p in keys])
        for enterprise, person, last_day in rows:
            last_days[enterprise, person].append(last_day)
        left = [key for key, days in last_days.items() if has_left(days, self.since)]
        if not left:
            return frozenset()
        reopened = await former_employees.reopened(connection, {enterprise for enterprise, _ in left}, self.today)
        return frozenset(key for key in left if pair(*key) not in reopened)


def has_left(last_days: Sequence[date | None], since: date) -> bool:
    """Check whether the last of somebody's employments (None: it lasts) ended before a day."""
    return all(day is not None and day < since for day in last_days)
