"""Credit and the ledger lines that explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from shared.contracts.ledger_inputs import LedgerInputs


@dataclass(frozen=True)
class Credit:
    """Days of one balance, or the sum of several: each the exact sum of ledger lines, all but balances positive.

    `granted` is the year's right, `carried_over` what earlier years left, `lost` what expired or was lost at the end of
    the contract. `incomplete`: some month of this year, or of one before it, could not be decided.
    """

    granted: Decimal
    carried_over: Decimal
    charged: Decimal
    reserved: Decimal
    lost: Decimal
    balance: Decimal
    available: Decimal
    incomplete: bool

    @property
    def total(self) -> Decimal:
        """All that could be used: the year's right and what was carried over."""
        return self.granted + self.carried_over

    @property
    def usable(self) -> Decimal:
        """What could be used and was not lost."""
        return self.total - self.lost

    @property
    def overspent(self) -> Decimal:
        """How much was charged above what could be used."""
        return max(self.charged - max(self.usable, Decimal(0)), Decimal(0))


@dataclass(frozen=True)
class LedgerLine:
    """One booking of the ledger as the entitlements service answers it: `inputs` are the rule's own, None
    for a rule that only a newer release knows.

    `amount` is signed by its effect on what is available. `date` is the day it is about. `training_title` names the
    training of a charge or reservation, and `training` is its id. `before` is what earlier lines had booked about the
    same thing, None where there are none: the line is then the difference with what `inputs` explain.
    """

    date: date
    recorded_at: datetime
    kind: str
    rule: str
    rule_version: int
    amount: Decimal
    inputs: LedgerInputs | None
    training: str | None = None
    training_title: str | None = None
    before: Decimal | None = None


@dataclass(frozen=True)
class UnknownMonths:
    """Months of a year, from `first` to `last`, that grant nothing because something is not known: `reason`."""

    year: int
    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class YearOfCredit:
    """One year of one employment: its figures, and every line they are the sum of, in order of date.

    `unknown`: the months that make it incomplete, its own and those of the years before it. `rest_at_end`: in the year
    in which the contract ends, what becomes of what is left (`lost`, `openCredit`, `undecided`).
    """

    year: int
    credit: Credit
    lines: Sequence[LedgerLine]
    unknown: Sequence[UnknownMonths] = ()
    rest_at_end: str | None = None

    @property
    def has_unknown_months(self) -> bool:
        """Whether months of the year itself grant nothing for now, and not only those of earlier years."""
        return any(months.year == self.year for months in self.unknown)
