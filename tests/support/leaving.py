"""People in every way of having left an employer, and whether their former employer still has access to them.

Days are counted from `TODAY`, which the tests put in the scope: nothing here asks the clock.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

TODAY: Final = date(2026, 3, 2)
DAYS: Final = 30
OPEN_SINCE: Final = TODAY - timedelta(DAYS)
HIRED: Final = date(2020, 1, 1)


def ago(days: int) -> date:
    """So many days before today."""
    return TODAY - timedelta(days)


@dataclass(frozen=True)
class Worked:
    """One employment; `cancelled`: the moment (UTC) at which it was."""

    start: date = HIRED
    end: date | None = None
    cancelled: str | None = None


@dataclass(frozen=True)
class Case:
    """Someone's employments at one enterprise, and whether an operator reopened access: here, or elsewhere only."""

    name: str
    employments: tuple[Worked, ...]
    is_open: bool
    reopened: bool = False
    reopened_elsewhere: bool = False


CASES: Final = (
    Case("in service", (Worked(),), True),
    Case("leaves next month", (Worked(end=TODAY + timedelta(30)),), True),
    Case("left 29 days ago", (Worked(end=ago(29)),), True),
    Case("left 30 days ago", (Worked(end=ago(30)),), True),
    Case("left 31 days ago", (Worked(end=ago(31)),), False),
    Case("left 13 months ago", (Worked(end=date(2025, 2, 2)),), False),
    Case("left 30 months ago", (Worked(end=date(2023, 9, 2)),), False),
    Case("came back", (Worked(end=date(2023, 9, 2)), Worked(ago(10))), True),
    Case("came back and left again", (Worked(end=date(2023, 9, 2)), Worked(date(2024, 1, 1), ago(31))), False),
    Case("two contracts, one lasts", (Worked(end=date(2025, 2, 2)), Worked(date(2021, 1, 1))), True),
    Case("cancelled today", (Worked(cancelled=f"{TODAY}T08:00:00+00:00"),), True),
    Case("cancelled 31 days ago", (Worked(cancelled=f"{ago(31)}T12:00:00+00:00"),), False),
    # In Brussels it was the next day already.
    Case("cancelled late 31 days ago", (Worked(cancelled=f"{ago(31)}T23:30:00+00:00"),), True),
    Case("left long ago, cancelled today", (Worked(end=date(2025, 2, 2), cancelled=f"{TODAY}T08:00:00+00:00"),), False),
    Case("reopened", (Worked(end=date(2025, 2, 2)),), True, reopened=True),
    Case("reopened elsewhere", (Worked(end=date(2025, 2, 2)),), False, reopened_elsewhere=True),
    # Between topics there is no order: a training may be here before its employment.
    Case("of no known employment", (), True),
)
EMPLOYED: Final = tuple(case for case in CASES if case.employments)
CLOSED: Final = frozenset(case.name for case in CASES if not case.is_open)


def expected(cases: tuple[Case, ...] = CASES) -> dict[str, bool]:
    """Case -> whether the employer sees the person."""
    return {case.name: case.is_open for case in cases}
