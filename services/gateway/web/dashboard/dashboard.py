"""The employer's dashboard, and the stream that keeps it fresh."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.credit.credit import Credit
from services.gateway.web.credit.from_answers import credit_of
from services.gateway.web.kit.access import ReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.labels import Labels
from services.gateway.web.kit.people import names_of
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.dashboard import Count, EmployeePage, Summary, TrainingLine, TrainingPage
from shared.contracts.vocabulary import TrainingStatus
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}", include_in_schema=False)
Year = Annotated[int, Query(ge=2000, le=2100)]
MOST_EMPLOYEES = 12
MOST_LATEST = 8
MOST_SHARES = 8


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
    """One slice of the trainings: by kind, provider or theme. `label` is already in the visitor's language."""

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

    template: ClassVar[str] = "dashboard/dashboard.html"
    fragment: ClassVar[str] = "dashboard/dashboard_figures.html"

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


@router.get("", response_class=HTMLResponse)
async def dashboard(request: Request, enterprise: ReadAccess, year: Year | None = None) -> Response:
    """Show how an enterprise stands: trainings and credit, in figures and charts."""
    shown_year = year or brussels_today().year
    asked, scope, number = gateway_of(request).questions.dashboard, enterprise.scope, enterprise.number
    summary, staff, latest = await asyncio.gather(
        asked.summary(scope, number, shown_year),
        asked.employees(scope, number, shown_year, sort="-charged", page_size=MOST_EMPLOYEES),
        asked.trainings(scope, number, sort="-recordedAt", page_size=MOST_LATEST),
    )
    if summary is None or staff is None or latest is None:
        raise UnavailableError("dashboard")
    names = await names_of(
        request, enterprise.number, {line.person for line in staff.items} | {line.person for line in latest.items}
    )
    view = view_of(
        summary,
        staff,
        latest,
        names,
        enterprise.party,
        shown_year,
        enterprise.language,
        now=datetime.now(UTC),
        days_after_end=gateway_of(request).settings.access_days_after_end,
    )
    return page(request, enterprise.frame(request, Area.DASHBOARD), view)


def view_of(
    summary: Summary,
    staff: EmployeePage,
    latest: TrainingPage,
    names: Mapping[str, str],
    party: Party,
    year: int,
    language: Language,
    *,
    now: datetime,
    days_after_end: int,
) -> DashboardView:
    """Turn the answers into what the page shows. `names`: dict[person id, name]."""
    labels = Labels(language)
    return DashboardView(
        enterprise=party,
        year=year,
        years=sorted({*summary.years, brussels_today().year}, reverse=True),
        updated_at=now,
        employees_total=summary.employees.employed,
        people_trained=summary.employees.trained,
        trainings=summary.completed.trainings,
        trainings_planned=summary.planned.trainings,
        minutes=summary.completed.minutes,
        credit=credit_of(summary.credit, incomplete=bool(summary.credit.incomplete)),
        months=[
            MonthOfTrainings(date.fromisoformat(f"{month.month}-01"), month.formal_minutes, month.informal_minutes)
            for month in summary.by_month
        ],
        by_kind=[Share(labels("kind", one.kind), one.trainings, one.minutes) for one in summary.by_kind],
        by_provider=_shares(
            [(one.provider or translate(language, N_("No provider given")), one) for one in summary.by_provider.items],
            summary.by_provider.others,
            language,
        ),
        by_theme=_shares(
            [
                (labels.theme(one.theme) if one.theme else translate(language, N_("No theme given")), one)
                for one in summary.by_theme.items
            ],
            summary.by_theme.others,
            language,
        ),
        employees=[
            EmployeeCredit(
                line.employment,
                names.get(line.person, "—"),
                credit_of(line.credit, incomplete=line.incomplete),
            )
            for line in staff.items
        ],
        latest=[_latest(line, names) for line in latest.items],
        only_in_totals=summary.employees.only_in_totals,
        days_after_end=days_after_end,
    )


def _shares(found: Sequence[tuple[str, Count]], left_over: Count, language: Language) -> list[Share]:
    """List the largest shares by name, and what is left over in one share, so that they add up to everything."""
    sums: dict[str, tuple[int, int]] = {}
    for text, count in found:
        trainings, minutes = sums.get(text, (0, 0))
        sums[text] = (trainings + count.trainings, minutes + count.minutes)
    shares = sorted((Share(text, *sum_) for text, sum_ in sums.items()), key=lambda share: -share.minutes)
    rest = [*shares[MOST_SHARES:], Share("", left_over.trainings, left_over.minutes)]
    trainings = sum(share.trainings for share in rest)
    if trainings:
        others = Share(translate(language, N_("Others")), trainings, sum(share.minutes for share in rest))
        return [*shares[:MOST_SHARES], others]
    return shares


def _latest(line: TrainingLine, names: Mapping[str, str]) -> LatestTraining:
    return LatestTraining(
        training=line.training,
        title=line.title,
        employee_name=names.get(line.person, "—"),
        start_date=line.start_date,
        end_date=line.end_date,
        minutes=line.minutes,
        status=line.status,
        recorded_at=datetime.fromisoformat(line.recorded_at),
    )
