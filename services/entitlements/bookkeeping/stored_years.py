"""An employment's years as stored and published: the sums of their lines, and what lines cannot say."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.balance import Completeness, year_figures
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.ledger import Target
from services.entitlements.domain.lines import Figure
from services.entitlements.domain.rights.grants import YearStatus
from services.entitlements.domain.year_end.carry_over import NOTHING, YearSums, sum_years
from shared.contracts.entitlements import YearBalance

NO_DAYS = str(ZERO)


class UnknownMonthText(msgspec.Struct, gc=False):
    """A month that grants nothing because something is not known: its first employed day, and a reason code."""

    day: str
    reason: str


class StoredYear(msgspec.Struct, omit_defaults=True, rename="camel", gc=False):
    """One year. Days are decimal text, all positive but for what is over-spent; what is zero is not written at all.

    `charged_before_expiry`: the part of `charged` dated before the day after a five-year period, for the end of
    the year. `hours_per_day`: of a year whose right is in hours, the hours of its ledger's days. `mode` and `unit` are
    there once the year has begun.
    """

    year: int
    granted: str = NO_DAYS
    carried_over: str = NO_DAYS
    charged: str = NO_DAYS
    charged_before_expiry: str = NO_DAYS
    reserved: str = NO_DAYS
    expired: str = NO_DAYS
    lost: str = NO_DAYS
    incomplete: bool = False
    mode: str | None = None
    unit: str | None = None
    hours_per_day: str | None = None
    unknown: list[UnknownMonthText] = []


_decoder = msgspec.json.Decoder(list[StoredYear])
_encoder = msgspec.json.Encoder()


def years_in(column: str) -> dict[int, StoredYear]:
    """Decode the years of a balance from its column."""
    return {stored.year: stored for stored in _decoder.decode(column)}


def as_column(years: Mapping[int, StoredYear]) -> str:
    """Encode the years of a balance for its column: a JSON array in the order of the years."""
    return _encoder.encode([years[year] for year in sorted(years)]).decode()


FIELD_OF: Mapping[Figure, str] = {
    Figure.ENTITLEMENT: "granted",
    Figure.CARRIED_OVER: "carried_over",
    Figure.CHARGED: "charged",
    Figure.RESERVED: "reserved",
    Figure.EXPIRED: "expired",
    Figure.LOST: "lost",
}
ADDS = frozenset({Figure.ENTITLEMENT, Figure.CARRIED_OVER})
"""Figures whose lines are positive; the others' sums are shown with the opposite sign."""


def empty_year(year: int, incomplete: bool) -> StoredYear:
    """Make a year in which nothing is booked yet."""
    return StoredYear(year, incomplete=incomplete)


def gone_year(year: int) -> YearBalance:
    """Build a year in which nothing is booked any more, for those who show it."""
    return year_balance(empty_year(year, False)) | {"gone": True}


def is_empty(stored: StoredYear) -> bool:
    """Tell whether a year has not begun and nothing is booked in it (any more)."""
    return stored == StoredYear(stored.year, incomplete=stored.incomplete)


def as_text(days: Decimal) -> str:
    """Write days as a year holds them: zero always in one form, so that it is left out of the JSON."""
    return str(days) if days else NO_DAYS


def years_of(employment: Employment, target: Target) -> dict[int, StoredYear]:
    """Build the years that a ledger should have."""
    sums = sum_years(employment, target.lines)
    years: dict[int, StoredYear] = {}
    for year, figures in year_figures(target.lines, target.years).items():
        stored = StoredYear(
            year,
            granted=as_text(figures.entitlement),
            carried_over=as_text(figures.carried_over),
            charged=as_text(figures.charged),
            charged_before_expiry=as_text(sums.get(year, NOTHING).charged_before_expiry),
            reserved=as_text(figures.reserved),
            expired=as_text(figures.expired),
            lost=as_text(figures.lost),
            incomplete=figures.completeness is not Completeness.COMPLETE,
        )
        if year in target.years:
            _describe(stored, target.years[year])
        years[year] = stored
    return years


def summed(year: int, amounts: Iterable[tuple[Figure, Decimal]]) -> StoredYear:
    """Sum the amounts of a year's lines."""
    stored = StoredYear(year)
    for figure, amount in amounts:
        field = FIELD_OF[figure]
        before = Decimal(getattr(stored, field))
        setattr(stored, field, as_text(before + amount if figure in ADDS else before - amount))
    return stored


def _describe(stored: StoredYear, status: YearStatus) -> None:
    stored.mode = status.mode.value
    stored.unit = status.unit.value
    if status.hours_per_day is not None:
        stored.hours_per_day = str(status.hours_per_day)
    stored.unknown = [UnknownMonthText(one.day.isoformat(), one.reason.value) for one in status.unknown]


def sums_of(years: Mapping[int, StoredYear]) -> dict[int, YearSums]:
    """Build the sums that the end of a year needs."""
    return {
        year: YearSums(Decimal(stored.granted), Decimal(stored.charged), Decimal(stored.charged_before_expiry))
        for year, stored in years.items()
    }


def hours_of(years: Mapping[int, StoredYear]) -> dict[int, Decimal]:
    """Find the years whose right is in hours: year -> hours of its day."""
    return {year: Decimal(stored.hours_per_day) for year, stored in years.items() if stored.hours_per_day}


def year_balance(stored: StoredYear) -> YearBalance:
    """Build a year as `fla.entitlements.v1` has it, where what expired counts as lost."""
    lost = Decimal(stored.expired) + Decimal(stored.lost)
    balance = Decimal(stored.granted) + Decimal(stored.carried_over) - Decimal(stored.charged) - lost
    return {
        "year": stored.year,
        "granted": stored.granted,
        "carriedOver": stored.carried_over,
        "charged": stored.charged,
        "reserved": stored.reserved,
        "lost": str(lost),
        "balance": str(balance),
        "available": str(balance - Decimal(stored.reserved)),
        "incomplete": stored.incomplete,
    }


def changes(before: Mapping[int, StoredYear], after: Mapping[int, StoredYear]) -> list[YearBalance]:
    """Find the years to publish: those that changed, and, with nothing in them, those that are gone."""
    changed = [year_balance(year) for number, year in after.items() if before.get(number) != year]
    return changed + [gone_year(number) for number in before if number not in after]
