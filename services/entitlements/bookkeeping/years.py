"""An employment's years as they are stored and told: the sums of their lines, and what lines cannot say."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NotRequired

from typing_extensions import TypedDict

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.balance import Completeness, year_figures
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.grants import YearStatus
from services.entitlements.domain.ledger import Target
from services.entitlements.domain.lines import Figure
from services.entitlements.domain.year_turn import NOTHING, YearSums, sum_years
from shared.contracts.entitlements import YearBalance

NO_DAYS = str(ZERO)


class UnknownMonthText(TypedDict):
    """A month that grants nothing because something is not known: its first employed day, and a reason code."""

    day: str
    reason: str


class StoredYear(TypedDict):
    """One year. Days are decimal text, all positive but for what is over-spent.

    `chargedBeforeExpiry`: the part of `charged` dated before the day after a five-year period, for the turn of the
    year. `hoursPerDay`: of a year whose right is in hours, the hours of its ledger's days. `mode` and `unit` are there
    once the year has begun.
    """

    year: int
    granted: str
    carriedOver: str
    charged: str
    chargedBeforeExpiry: str
    reserved: str
    expired: str
    lost: str
    incomplete: bool
    mode: NotRequired[str]
    unit: NotRequired[str]
    hoursPerDay: NotRequired[str]
    unknown: NotRequired[list[UnknownMonthText]]


FIELD_OF: Mapping[Figure, str] = {
    Figure.ENTITLEMENT: "granted",
    Figure.CARRIED_OVER: "carriedOver",
    Figure.CHARGED: "charged",
    Figure.RESERVED: "reserved",
    Figure.EXPIRED: "expired",
    Figure.LOST: "lost",
}
ADDS = frozenset({Figure.ENTITLEMENT, Figure.CARRIED_OVER})
"""Figures whose lines are positive; the others' sums are shown with the sign turned."""


def empty_year(year: int, incomplete: bool) -> StoredYear:
    """A year in which nothing is booked yet."""
    return {
        "year": year,
        "granted": NO_DAYS,
        "carriedOver": NO_DAYS,
        "charged": NO_DAYS,
        "chargedBeforeExpiry": NO_DAYS,
        "reserved": NO_DAYS,
        "expired": NO_DAYS,
        "lost": NO_DAYS,
        "incomplete": incomplete,
    }


def is_empty(stored: StoredYear) -> bool:
    """Whether a year has not begun and nothing is booked in it (any more)."""
    return "mode" not in stored and stored | {"incomplete": False} == empty_year(stored["year"], False)


def years_of(employment: Employment, target: Target) -> dict[int, StoredYear]:
    """The years that a ledger should show."""
    sums = sum_years(employment, target.lines)
    years: dict[int, StoredYear] = {}
    for year, figures in year_figures(target.lines, target.years).items():
        stored: StoredYear = {
            "year": year,
            "granted": str(figures.entitlement),
            "carriedOver": str(figures.carried_over),
            "charged": str(figures.charged),
            "chargedBeforeExpiry": str(sums.get(year, NOTHING).charged_before_expiry),
            "reserved": str(figures.reserved),
            "expired": str(figures.expired),
            "lost": str(figures.lost),
            "incomplete": figures.completeness is not Completeness.COMPLETE,
        }
        if year in target.years:
            _describe(stored, target.years[year])
        years[year] = stored
    return years


def _describe(stored: StoredYear, status: YearStatus) -> None:
    stored["mode"] = status.mode.value
    stored["unit"] = status.unit.value
    if status.hours_per_day is not None:
        stored["hoursPerDay"] = str(status.hours_per_day)
    if status.unknown:
        stored["unknown"] = [{"day": one.day.isoformat(), "reason": one.reason.value} for one in status.unknown]


def sums_of(years: Mapping[int, StoredYear]) -> dict[int, YearSums]:
    """What the turn of the year needs to know of each year."""
    return {
        year: YearSums(Decimal(stored["granted"]), Decimal(stored["charged"]), Decimal(stored["chargedBeforeExpiry"]))
        for year, stored in years.items()
    }


def hours_of(years: Mapping[int, StoredYear]) -> dict[int, Decimal]:
    """The years whose right is in hours, with the hours of their day."""
    return {year: Decimal(stored["hoursPerDay"]) for year, stored in years.items() if "hoursPerDay" in stored}


def told(stored: StoredYear) -> YearBalance:
    """A year as `fla.entitlements.v1` tells it. What expired counts as lost there."""
    lost = Decimal(stored["expired"]) + Decimal(stored["lost"])
    balance = Decimal(stored["granted"]) + Decimal(stored["carriedOver"]) - Decimal(stored["charged"]) - lost
    return {
        "year": stored["year"],
        "granted": stored["granted"],
        "carriedOver": stored["carriedOver"],
        "charged": stored["charged"],
        "reserved": stored["reserved"],
        "lost": str(lost),
        "balance": str(balance),
        "available": str(balance - Decimal(stored["reserved"])),
        "incomplete": stored["incomplete"],
    }


def changes(before: Mapping[int, StoredYear], after: Mapping[int, StoredYear]) -> list[YearBalance]:
    """The years that are told because they changed; one that is gone is told once more, with nothing in it."""
    changed = [told(year) for number, year in after.items() if before.get(number) != year]
    return changed + [told(empty_year(number, False)) for number in before if number not in after]
