"""The ledger of one employment: the lines it should have, and the lines that bring it there.

Layers: grants (from facts), charges and reservations (per training), year-end lines (from the years' sums). A charge in
a year that has not ended needs `charge_lines` only; one in a year that has ended needs `year_end_lines` too; anything
else needs `target`. All end in the same sums, whatever arrives first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.entitlements.domain.amounts import ZERO
from services.entitlements.domain.arrangements.which_applies import Arrangements
from services.entitlements.domain.charges.charge_lines import charge_lines
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.facts import Facts
from services.entitlements.domain.lines import WITHDRAWN, Figure, Key, Kind, Line
from services.entitlements.domain.rights.grants import YearStatus, grants
from services.entitlements.domain.settings import DEFAULTS, ExpiryRule, Settings
from services.entitlements.domain.year_end.carry_over import sum_years, year_end_lines
from services.entitlements.domain.year_end.five_years import expiry_day_in
from shared.contracts.ledger_inputs import LedgerInputs


@dataclass(frozen=True, slots=True)
class Target:
    """What a ledger should hold at the end of a day: its lines, and what lines cannot say of each year."""

    lines: tuple[Line, ...]
    years: Mapping[int, YearStatus]


def target(
    facts: Facts,
    arrangements: Arrangements,
    today: date,
    settings: Settings = DEFAULTS,
    *,
    granted: Sequence[Line] = (),
    cause: str = "",
) -> Target:
    """Calculate all lines at the end of `today`, as if every fact had been known from the start.

    `granted`: the entitlement lines already there, in the order of recording; they only matter under an opt-out.
    """
    granting, years = grants(facts, arrangements, today, granted, cause)
    in_hours = hours_years(years)
    earlier = facts.earlier_siblings
    charging = [
        line
        for training in facts.trainings
        for line in charge_lines(training, facts.employment, cause, earlier=earlier, hours_years=in_hours)
    ]
    sums = sum_years(facts.employment, (*granting, *charging))
    year_end = year_end_lines(facts.employment, sums, today, settings, cause=cause)
    return Target((*granting, *charging, *year_end), years)


def hours_years(years: Mapping[int, YearStatus]) -> dict[int, Decimal]:
    """Find the years whose right is in hours: year -> hours of its day."""
    return {year: status.hours_per_day for year, status in years.items() if status.hours_per_day is not None}


def deltas(existing: Iterable[Line], wanted: Iterable[Line], cause: str) -> list[Line]:
    """Find the lines to append so that, key by key, `existing` sums up to `wanted`; none if it does already.

    Each has the date of the line it corrects, and at most one is made for a key. `existing` is in the order of
    recording. A right whose amount stays but whose explanation changes gets a line of 0 days with the new inputs.
    Lines of the same layers on both sides: to change one training, give its lines only. Raises ValueError if two wanted
    lines have one key.
    """
    booked: dict[Key, Decimal] = {}
    last: dict[Key, Line] = {}
    granted_years: set[tuple[str, int]] = set()
    for line in existing:
        booked[line.key] = booked.get(line.key, ZERO) + line.amount
        last[line.key] = line
        if line.kind is Kind.GRANT:
            granted_years.add((line.employment_id, line.year))
    made: list[Line] = []
    seen: set[Key] = set()
    for line in wanted:
        if line.key in seen:
            raise ValueError(f"two wanted lines about the same thing: {line.key_text}")
        seen.add(line.key)
        before = last.get(line.key)
        amount = line.amount - booked.get(line.key, ZERO)
        if amount or _to_explain(line, before):
            first = before is None and (
                line.kind is not Kind.GRANT or (line.employment_id, line.year) not in granted_years
            )
            made.append(_delta(line, amount, cause, line.kind if first else _kind(line.figure, amount, line.kind)))
    for key, before in last.items():
        amount = -booked[key]
        if key not in seen and (amount or (before.figure is Figure.ENTITLEMENT and before.inputs != WITHDRAWN)):
            made.append(_delta(before, amount, cause, _kind(before.figure, amount, before.kind), WITHDRAWN))
    return made


def stands_alone(employment: Employment, lines: Iterable[Line], today: date, settings: Settings) -> bool:
    """Tell whether these charges and reservations change no carry-over, expiry or loss line at the end of `today`.

    If not, `year_end_lines` are to be brought up to date with the new sums of the years.
    """
    return not any(
        line.figure is Figure.CHARGED and line.amount and _has_consequences(employment, line, today, settings)
        for line in lines
    )


def _has_consequences(employment: Employment, line: Line, today: date, settings: Settings) -> bool:
    if employment.end is not None and employment.end < today:
        return True
    if line.year < today.year:
        return True
    expiry = expiry_day_in(employment, line.year) if settings.expiry is ExpiryRule.PERIODS else None
    return expiry is not None and line.date < expiry <= today


def _to_explain(wanted: Line, before: Line | None) -> bool:
    """Tell whether a right of an unchanged amount (0 days too) is explained otherwise than the ledger says."""
    if wanted.figure is not Figure.ENTITLEMENT:
        return False
    return before is None or (before.rule, before.inputs) != (wanted.rule, wanted.inputs)


def _kind(figure: Figure, amount: Decimal, kind: Kind) -> Kind:
    """Get the kind of a line that corrects what is booked already."""
    if figure is Figure.ENTITLEMENT:
        return Kind.RECALCULATION
    if figure in (Figure.CHARGED, Figure.RESERVED):
        taking = Kind.CHARGE if figure is Figure.CHARGED else Kind.RESERVE
        return Kind.GIVE_BACK if amount > 0 else taking
    return kind


def _delta(line: Line, amount: Decimal, cause: str, kind: Kind, inputs: LedgerInputs | None = None) -> Line:
    return replace(line, amount=amount, cause=cause, kind=kind, inputs=line.inputs if inputs is None else inputs)
