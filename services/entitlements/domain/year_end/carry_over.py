"""What the end of a year, of five years and of a contract do: lines that follow from the years' sums alone.

Apart from grants and charges, so that a late charge in a year that has ended needs the years' sums, not every fact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.employments import Employment, RestAtEnd
from services.entitlements.domain.lines import RULE_VERSION, Figure, Kind, Line, Rule
from services.entitlements.domain.settings import DEFAULTS, LEDGER_BEGINS, ExpiryRule, Settings
from services.entitlements.domain.year_end.end_of_contract import rest_at_end
from services.entitlements.domain.year_end.five_years import YEARS, expiry_day_in
from shared.contracts.ledger_inputs import (
    CarryOverAtYearEnd,
    ExpiryOfFiveYearOldRight,
    ExpiryOfFiveYearPeriod,
    LedgerInputs,
    LossAtEndOfContract,
)


@dataclass(frozen=True, slots=True)
class YearSums:
    """One year of one employment, in days, both positive: entitlement, and charges.

    `charged_before_expiry`: the part of `charged` dated before `expiry_day_in(employment, year)`; 0 without such a day.
    """

    entitlement: Decimal = ZERO
    charged: Decimal = ZERO
    charged_before_expiry: Decimal = ZERO


NOTHING = YearSums()

_BOOKED_AS = {
    Rule.CARRY_OVER_AT_YEAR_END: (Figure.CARRIED_OVER, Kind.CARRY_OVER),
    Rule.EXPIRY_OF_FIVE_YEAR_PERIOD: (Figure.EXPIRED, Kind.EXPIRY),
    Rule.EXPIRY_OF_FIVE_YEAR_OLD_RIGHT: (Figure.EXPIRED, Kind.EXPIRY),
    Rule.LOSS_AT_END_OF_CONTRACT: (Figure.LOST, Kind.LOSS),
}


def sum_years(employment: Employment, lines: Iterable[Line]) -> dict[int, YearSums]:
    """Sum entitlement and charge lines per year; other lines are left out."""
    entitlement: dict[int, Decimal] = {}
    charged: dict[int, Decimal] = {}
    before: dict[int, Decimal] = {}
    for line in lines:
        if line.figure is Figure.ENTITLEMENT:
            entitlement[line.year] = entitlement.get(line.year, ZERO) + line.amount
        elif line.figure is Figure.CHARGED:
            charged[line.year] = charged.get(line.year, ZERO) - line.amount
            day = expiry_day_in(employment, line.year)
            if day is not None and line.date < day:
                before[line.year] = before.get(line.year, ZERO) - line.amount
    return {
        year: YearSums(entitlement.get(year, ZERO), charged.get(year, ZERO), before.get(year, ZERO))
        for year in sorted(entitlement.keys() | charged.keys())
    }


def year_end_lines(
    employment: Employment, sums: Mapping[int, YearSums], today: date, settings: Settings = DEFAULTS, *, cause: str = ""
) -> list[Line]:
    """Calculate the carry-over, expiry and loss lines at the end of `today`.

    What is left at a year's end moves to the next and does not reduce its right; a negative balance ends with its year
    (*chosen*). Reservations are not looked at. Years after the employment's last day are not begun.
    """
    first = max(employment.start, LEDGER_BEGINS).year
    last_day = today if employment.end is None else min(today, employment.end)
    walk = _YearEnd(employment, cause)
    for year in range(first, last_day.year + 1):
        walk.begin(year)
        own = sums.get(year, NOTHING)
        if settings.expiry is ExpiryRule.PER_RIGHT:
            walk.expire_old_rights(year)
        walk.rests[year] = own.entitlement
        expiry = expiry_day_in(employment, year) if settings.expiry is ExpiryRule.PERIODS else None
        if expiry is not None and expiry <= today:
            walk.use(own.charged_before_expiry)
            walk.expire_period(expiry)
            walk.use(own.charged - own.charged_before_expiry)
        else:
            walk.use(own.charged)
    walk.end(today, settings)
    return walk.lines


class _YearEnd:
    """A walk through the years of one employment with the positive rests of each year's right, oldest first."""

    def __init__(self, employment: Employment, cause: str) -> None:
        self.employment = employment
        self.cause = cause
        self.rests: dict[int, Decimal] = {}
        self.lines: list[Line] = []

    def begin(self, year: int) -> None:
        """Carry over what the year before left."""
        self.rests = {of: rest for of, rest in self.rests.items() if rest}
        if self.rests:
            carried = sum(self.rests.values(), ZERO)
            inputs = CarryOverAtYearEnd(rests=dict(self.rests))
            self._book(Rule.CARRY_OVER_AT_YEAR_END, year, date(year, 1, 1), carried, inputs)

    def use(self, charged: Decimal) -> None:
        """Take charges from the oldest rest on; what no rest covers is over-spent and ends with its year."""
        for of in self.rests:
            taken = min(self.rests[of], charged)
            self.rests[of] -= taken
            charged -= taken

    def expire_period(self, day: date) -> None:
        """Expire the rests of earlier years on the day after five years; the current year's stays."""
        earlier = {of: rest for of, rest in self.rests.items() if of < day.year and rest}
        if earlier:
            inputs = ExpiryOfFiveYearPeriod(rests=earlier)
            self._book(Rule.EXPIRY_OF_FIVE_YEAR_PERIOD, day.year, day, -sum(earlier.values(), ZERO), inputs)
        self.rests = {of: rest for of, rest in self.rests.items() if of >= day.year}

    def expire_old_rights(self, year: int) -> None:
        """Expire the right that is five years old (the other rule): that of year y after 31 December y+4."""
        old = year - YEARS
        if rest := self.rests.pop(old, ZERO):
            inputs = ExpiryOfFiveYearOldRight(rests={old: rest})
            self._book(Rule.EXPIRY_OF_FIVE_YEAR_OLD_RIGHT, year, date(year, 1, 1), -rest, inputs)

    def end(self, today: date, settings: Settings) -> None:
        """Book the loss of the rest on the day after the last employed day, where the reason says so."""
        last = self.employment.end
        rest = sum(self.rests.values(), ZERO)
        if last is None or last >= today or not rest or rest_at_end(self.employment, settings) is not RestAtEnd.LOST:
            return
        inputs = LossAtEndOfContract(last_day=last, reason=str(self.employment.end_reason))
        self._book(Rule.LOSS_AT_END_OF_CONTRACT, last.year, last + timedelta(days=1), -rest, inputs)

    def _book(self, rule: Rule, year: int, day: date, amount: Decimal, inputs: LedgerInputs) -> None:
        figure, kind = _BOOKED_AS[rule]
        version, employment = RULE_VERSION[rule], self.employment.id
        self.lines.append(Line(employment, year, figure, "", day, kind, amount, rule, version, inputs, self.cause))
