"""Charges and reservations of one training: no other fact is needed, so that bulk files cost little.

A training's hours spread evenly over its calendar days; each year takes its days and is charged on the last of them;
days outside the employment, or before the ledger begins, are registered, not charged (domain.md section 4, "Balance").
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from services.entitlements.domain.amounts import days_of
from services.entitlements.domain.charges.charged_training import COUNTING_CONTEXTS, Training, TrainingStatus
from services.entitlements.domain.employments import Employment
from services.entitlements.domain.lines import RULE_VERSION, Figure, Kind, Line, Rule
from services.entitlements.domain.settings import LEDGER_BEGINS
from shared.contracts.ledger_inputs import ChargeOfTraining, ReserveForTraining

_BOOKED_AS: Mapping[TrainingStatus, tuple[Figure, Kind, Rule, type[ChargeOfTraining | ReserveForTraining]]] = {
    TrainingStatus.COMPLETED: (Figure.CHARGED, Kind.CHARGE, Rule.CHARGE_OF_TRAINING, ChargeOfTraining),
    TrainingStatus.PLANNED: (Figure.RESERVED, Kind.RESERVE, Rule.RESERVE_FOR_TRAINING, ReserveForTraining),
}
_NO_HOURS_YEARS: Mapping[int, Decimal] = {}


def charge_lines(
    training: Training,
    employment: Employment,
    cause: str = "",
    *,
    earlier: Sequence[Employment] = (),
    hours_years: Mapping[int, Decimal] = _NO_HOURS_YEARS,
) -> list[Line]:
    """Calculate the lines of a version of a training in this employment: one per year, none if it charges nothing.

    `earlier`: the person's employments at the same enterprise that come first (`Facts.earlier_siblings`); a day they
    cover is charged there, so that a training is charged once. `hours_years`: for years whose right is in hours, the
    hours of their day (`YearStatus.hours_per_day`).
    """
    booked_as = _BOOKED_AS.get(training.status)
    minutes = training.minutes_to_charge
    if booked_as is None or not minutes or training.context not in COUNTING_CONTEXTS:
        return []
    first = max(training.start, employment.start, LEDGER_BEGINS)
    last = training.end if employment.end is None or training.end <= employment.end else employment.end
    if last < first:
        return []
    alone_in_one_year = not earlier and first.year == last.year
    shares = [(last, (last - first).days + 1)] if alone_in_one_year else list(_shares(first, last, earlier))
    figure, kind, rule, inputs = booked_as
    days_in_all = (training.end - training.start).days + 1
    lines = []
    for day, days in shares:
        hours_per_day = hours_years.get(day.year) or employment.hours_per_day_on(day)
        hours, parts = hours_per_day.as_integer_ratio()
        lines.append(
            Line(
                employment.id,
                day.year,
                figure,
                training.id,
                day,
                kind,
                -days_of(minutes * days * parts, 60 * days_in_all * hours),
                rule,
                RULE_VERSION[rule],
                inputs(
                    minutes=minutes,
                    days=days,
                    of_days=days_in_all,
                    hours_per_day=hours_per_day,
                    training_version=training.version,
                ),
                cause,
                training.id,
                training.right_type,
            )
        )
    return lines


def _shares(first: date, last: date, earlier: Sequence[Employment]) -> Iterator[tuple[date, int]]:
    """Find the days to charge of each year: the last of them, and how many."""
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
        charged = [day for day in days if not any(other.exists_on(day) for other in earlier)]
        if charged:
            yield charged[-1], len(charged)
