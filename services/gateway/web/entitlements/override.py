"""An entitlement that the employer set in the place of the arrangement's."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.contracts.answers import entitlements as answers


@dataclass(frozen=True)
class Override:
    """An own figure of an employer for a year or several; `since` and `until` only where these are not whole years."""

    entitlement: str
    year: int
    until_year: int
    basis: str
    days: Decimal
    since: date | None
    until: date | None
    reason: str
    collective_agreement: str | None
    cancelled: bool

    @property
    def years(self) -> str:
        """Its year, or the first and the last one."""
        return str(self.year) if self.until_year == self.year else f"{self.year}–{self.until_year}"


def override_of(answered: answers.Override | answers.EnterpriseOverride) -> Override:
    """Make the view of an override, for one employment or for everybody."""
    year, since, until = answered.year, answered.valid_from, answered.valid_until
    whole = (since, until) == (date(year, 1, 1), date(until.year, 12, 31))
    return Override(
        entitlement=answered.entitlement,
        year=year,
        until_year=until.year,
        basis=answered.basis,
        days=answered.days,
        since=None if whole else since,
        until=None if whole else until,
        reason=answered.reason or "",
        collective_agreement=answered.collective_agreement,
        cancelled=answered.cancelled,
    )
