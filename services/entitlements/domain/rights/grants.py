"""Which rights are granted by themselves, kept, or wait for the employer: the opt-out (domain.md section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.arrangements.rows import Unit
from services.entitlements.domain.arrangements.which_applies import Arrangements
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import WITHDRAWN, Key, Line, Rule
from services.entitlements.domain.rights.grant_lines import grant_day, lines_of
from services.entitlements.domain.rights.overrides import Override
from services.entitlements.domain.rights.pro_rata import Granting, UnknownMonth, year_right
from services.entitlements.domain.settings import LEDGER_BEGINS


class GrantMode(StrEnum):
    """How a year's right came about."""

    AUTOMATIC = "automatic"
    KEPT = "kept"
    """Granted before an opt-out: not recalculated."""
    REGISTERED = "registered"
    """Under an opt-out, registered by the employer."""
    AWAITING_REGISTRATION = "awaitingRegistration"
    """Under an opt-out: nothing is granted until the employer registers the year's right."""


@dataclass(frozen=True, slots=True)
class YearStatus:
    """What a year's lines cannot say by themselves: store it with the year.

    `hours_per_day`: of a year whose right is in hours, the hours of its ledger days. `unknown`: months that grant
    nothing because something is not known: the year, and every balance after it, is incomplete.
    """

    year: int
    mode: GrantMode
    unit: Unit
    hours_per_day: Decimal | None
    unknown: tuple[UnknownMonth, ...]


def begun_years(employment: Employment, today: date) -> range:
    """List the years whose right has been granted by `today`; none before the ledger begins."""
    if employment.start > today:
        return range(0)
    last = today if employment.end is None else min(today, employment.end)
    return range(max(employment.start, LEDGER_BEGINS).year, last.year + 1)


def grants(
    facts: Facts, arrangements: Arrangements, today: date, granted: Sequence[Line] = (), cause: str = ""
) -> tuple[list[Line], dict[int, YearStatus]]:
    """Calculate the lines of entitlement at the end of `today`, and the status of each year.

    `granted`: the entitlement lines the ledger has already; only looked at under an opt-out, which keeps them.
    """
    lines: list[Line] = []
    statuses: dict[int, YearStatus] = {}
    for year in begun_years(facts.employment, today):
        kept = _as_granted([line for line in granted if line.year == year])
        mode = _mode(facts, year, today, kept)
        granting = Granting.AUTOMATIC if mode in (GrantMode.AUTOMATIC, GrantMode.KEPT) else Granting.ONLY_REGISTERED
        right = year_right(facts, year, arrangements, granting)
        statuses[year] = YearStatus(year, mode, right.unit, right.hours_per_day, right.unknown)
        lines += kept if mode is GrantMode.KEPT else lines_of(facts.employment, right, cause)
    return lines, statuses


def _mode(facts: Facts, year: int, today: date, kept: Sequence[Line]) -> GrantMode:
    """Decide how the year's right comes about, given the opt-outs.

    An opt-out that holds on the day of the grant prevents it; one that begins later keeps what was granted, as long as
    it holds. In both, a year for which the employer registered a right (an override) is calculated from that.
    """
    prevented = any(one.covers(grant_day(facts.employment, year)) for one in facts.opt_outs)
    if not prevented and not any(one.covers(today) for one in facts.opt_outs):
        return GrantMode.AUTOMATIC
    registered = any(_touches(override, year) for override in facts.overrides)
    if kept and not registered:
        return GrantMode.KEPT
    if not prevented:
        return GrantMode.AUTOMATIC
    return GrantMode.REGISTERED if registered else GrantMode.AWAITING_REGISTRATION


def _touches(override: Override, year: int) -> bool:
    return override.start.year <= year and (override.end is None or year <= override.end.year)


def _as_granted(lines: Sequence[Line]) -> list[Line]:
    """Find what the arrangements granted and the ledger still holds: the last line of each key, with the key's sum."""
    last: dict[Key, Line] = {}
    sums: dict[Key, Decimal] = {}
    for line in lines:
        if line.rule is Rule.GRANT_BY_MONTHS:
            last[line.key] = line
            sums[line.key] = sums.get(line.key, ZERO) + line.amount
    return [replace(line, amount=sums[key]) for key, line in last.items() if line.inputs != WITHDRAWN]
