"""The employer's dashboard: `/enterprises/{number}`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from services.gateway.web.views.credit import Credit
from services.gateway.web.views.frame import Party
from shared.contracts.vocabulary import TrainingStatus


@dataclass(frozen=True)
class MonthOfTrainings:
    """What was followed in one month (`month` is its first day), in minutes of training."""

    month: date
    formal_minutes: int
    informal_minutes: int

    @property
    def minutes(self) -> int:
        """Formal and informal together."""
        return self.formal_minutes + self.informal_minutes


@dataclass(frozen=True)
class Share:
    """One slice of the trainings: by kind, provider or theme. `label` is already in the reader's language."""

    label: str
    trainings: int
    minutes: int


@dataclass(frozen=True)
class EmployeeCredit:
    """One employment's credit in the year shown."""

    employment: str
    name: str
    credit: Credit


@dataclass(frozen=True)
class LatestTraining:
    """A training as it was last registered or changed."""

    training: str
    title: str
    employee_name: str
    start_date: date
    end_date: date
    minutes: int
    status: TrainingStatus
    recorded_at: datetime


@dataclass(frozen=True)
class DashboardView:
    """All figures are of `year` except `latest`. `employees` holds the first few by credit left, of `employees_total`.

    `minutes` and `trainings` count completed trainings; `people_trained` the employees with at least one of them.
    `only_in_totals`: former employees whom the figures count and no list shows, their access having ended
    `days_after_end` days after the employment.
    """

    template: ClassVar[str] = "pages/dashboard.html"
    fragment: ClassVar[str] = "fragments/dashboard.html"

    enterprise: Party
    year: int
    years: Sequence[int]
    updated_at: datetime
    employees_total: int
    people_trained: int
    trainings: int
    trainings_planned: int
    minutes: int
    credit: Credit
    months: Sequence[MonthOfTrainings]
    by_kind: Sequence[Share]
    by_provider: Sequence[Share]
    by_theme: Sequence[Share]
    employees: Sequence[EmployeeCredit]
    latest: Sequence[LatestTraining]
    only_in_totals: int = 0
    days_after_end: int = 30
