"""An entitlement that the employer set in the place of the arrangement's."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.contracts.answers import entitlements as answers


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


def override_of(answered: answers.Override) -> Override:
    """Make the view of an override; its period only where it is not the whole year."""
    year, since, until = answered.year, answered.valid_from, answered.valid_until
    whole = (since, until) == (date(year, 1, 1), date(year, 12, 31))
    return Override(
        entitlement=answered.entitlement,
        year=year,
        basis=answered.basis,
        days=answered.days,
        since=None if whole else since,
        until=None if whole else until,
        reason=answered.reason or "",
        collective_agreement=answered.collective_agreement,
        cancelled=answered.cancelled,
    )
