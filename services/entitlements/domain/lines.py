"""Ledger lines: append-only, and the only place figures come from.

An amount is signed by its effect on what is available: a grant is positive, a charge, a reservation, an expiry and a
loss are negative, a give-back is positive. So a balance is the plain sum of a year's lines without the reservations,
and what is available is the sum of all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from services.entitlements.domain.arrangements.rows import RightType
from shared.contracts.ledger_inputs import LedgerInputs, Withdrawn

Key: TypeAlias = tuple[str, int, str, str, date]


class Kind(StrEnum):
    """What a line is to its reader."""

    GRANT = "grant"
    RECALCULATION = "recalculation"
    OVERRIDE = "override"
    CARRY_OVER = "carryOver"
    RESERVE = "reserve"
    CHARGE = "charge"
    GIVE_BACK = "giveBack"
    EXPIRY = "expiry"
    LOSS = "loss"


class Figure(StrEnum):
    """The figure of a year that a line is a part of."""

    ENTITLEMENT = "entitlement"
    CARRIED_OVER = "carriedOver"
    CHARGED = "charged"
    RESERVED = "reserved"
    EXPIRED = "expired"
    LOST = "lost"


class Rule(StrEnum):
    """The rule that made a line. What each says is in `docs/calculation.md`."""

    GRANT_BY_MONTHS = "grant.byMonths"
    OVERRIDE_FULL_TIME_DAYS = "override.fullTimeDays"
    OVERRIDE_RESULTING_DAYS = "override.resultingDays"
    CARRY_OVER_AT_YEAR_END = "carryOver.atYearEnd"
    CHARGE_OF_TRAINING = "charge.ofTraining"
    RESERVE_FOR_TRAINING = "reserve.forTraining"
    EXPIRY_OF_FIVE_YEAR_PERIOD = "expiry.fiveYearPeriod"
    EXPIRY_OF_FIVE_YEAR_OLD_RIGHT = "expiry.fiveYearOldRight"
    LOSS_AT_END_OF_CONTRACT = "loss.atEndOfContract"


RULE_VERSION: Final[Mapping[Rule, int]] = dict.fromkeys(Rule, 1)
"""The version of each rule that this code applies: raise it when a rule changes what it would have booked."""

WITHDRAWN: Final = Withdrawn()


@dataclass(frozen=True, slots=True)
class Line:
    """One booking. `date` is the day it is about (a delta has the date of the line it corrects).

    `about` says what it is about within the year and figure: `grant:sectoral`, `override:<id>`, a training's id, the
    first day after a five-year period, or nothing. `inputs` explain the amount. `cause` is
    the id of the event that made it; the moment of recording is the store's to add.
    """

    employment_id: str
    year: int
    figure: Figure
    about: str
    date: date
    kind: Kind
    amount: Decimal
    rule: Rule
    rule_version: int
    inputs: LedgerInputs
    cause: str = ""
    training_id: str | None = None
    right_type: RightType | None = None

    @property
    def key(self) -> Key:
        """Get what the line is about; deltas bring the sum over a key to its target."""
        return (self.employment_id, self.year, self.figure.value, self.about, self.date)

    @property
    def key_text(self) -> str:
        """Write the key as text: together with the cause it names one line."""
        return f"{self.employment_id}/{self.year}/{self.figure.value}/{self.about}/{self.date.isoformat()}"
