"""An entitlement that the employer set in the place of the arrangement's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Override:
    """An own figure of an employer for one year; `until` and `since` only where it is not the whole year's."""

    entitlement: str
    year: int
    basis: str
    days: Decimal
    since: date | None
    until: date | None
    reason: str
    collective_agreement: str | None
    cancelled: bool


def override_of(item: Mapping[str, Any]) -> Override:
    """An employer's own figure; its period only where it is not the whole year."""
    since, until = date.fromisoformat(item["validFrom"]), date.fromisoformat(item["validUntil"])
    year = item["year"]
    whole = (since, until) == (date(year, 1, 1), date(year, 12, 31))
    return Override(
        entitlement=item["entitlement"],
        year=year,
        basis=item["basis"],
        days=Decimal(item["days"]),
        since=None if whole else since,
        until=None if whole else until,
        reason=item.get("reason", ""),
        collective_agreement=item.get("collectiveAgreement"),
        cancelled=item["cancelled"],
    )
