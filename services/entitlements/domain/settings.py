"""The choices no source settles (domain.md: *chosen*), as settings with their defaults."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.entitlements.domain.employments import RestAtEnd


class ExpiryRule(StrEnum):
    """How rights expire after five years."""

    PERIODS = "fiveYearPeriods"
    PER_RIGHT = "fiveYearsPerRight"


LEDGER_BEGINS = date(2023, 1, 1)
FIRST_PERIOD_BEGINS = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Settings:
    """`rest_for_other_reasons`: what becomes of the rest when a contract ends by mutual agreement or another known
    reason and nothing was agreed. The base set is chosen where the arrangements are loaded, which of a stated and a
    measured size goes first where an enterprise's sizes are.
    """

    expiry: ExpiryRule = ExpiryRule.PERIODS
    rest_for_other_reasons: RestAtEnd = RestAtEnd.LOST


DEFAULTS = Settings()
