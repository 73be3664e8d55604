"""The employer's dashboard, and the stream that keeps it fresh."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.credit.credit import Credit
from services.gateway.web.credit.from_answers import credit_of
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.labels import Labels
from services.gateway.web.kit.people import names_of
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
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
    """How the company stands: trainings and credit, in figures and charts."""
    view = await _view(request, enterprise, year or brussels_today().year)
    return page(request, enterprise.frame(request, Area.DASHBOARD), view)


async def _view(request: Request, enterprise: EnterpriseAccess, year: int) -> DashboardView:
    asked, scope, number = gateway_of(request).questions.dashboard, enterprise.scope, enterprise.number
    summary, staff, latest = await asyncio.gather(
        asked.summary(scope, number, year),
        asked.employees(scope, number, year, sort="-charged", page_size=MOST_EMPLOYEES),
        asked.trainings(scope, number, sort="-recordedAt", page_size=MOST_LATEST),
    )
    if summary is None or staff is None or latest is None:
        raise UnavailableError("dashboard")
    names = await names_of(request, enterprise.number, {item["person"] for item in (*staff["items"], *latest["items"])})
    labels = Labels(enterprise.language)
    return DashboardView(
        enterprise=enterprise.party,
        year=year,
        years=sorted({*summary["years"], brussels_today().year}, reverse=True),
        updated_at=datetime.now(UTC),
        employees_total=summary["employees"]["employed"],
        people_trained=summary["employees"]["trained"],
        trainings=summary["completed"]["trainings"],
        trainings_planned=summary["planned"]["trainings"],
        minutes=summary["completed"]["minutes"],
        credit=credit_of(summary["credit"], incomplete=bool(summary["credit"]["incomplete"])),
        months=[
            MonthOfTrainings(
                date.fromisoformat(f"{month['month']}-01"), month["formalMinutes"], month["informalMinutes"]
            )
            for month in summary["byMonth"]
        ],
        by_kind=[Share(labels("kind", k["kind"]), k["trainings"], k["minutes"]) for k in summary["byKind"]],
        by_provider=_shares(summary["byProvider"], "provider", enterprise.language, N_("No provider given")),
        by_theme=_shares(summary["byTheme"], "theme", enterprise.language, N_("No theme given"), labels),
        employees=[
            EmployeeCredit(
                item["employment"],
                names.get(item["person"], "—"),
                credit_of(item["credit"], incomplete=item["incomplete"]),
            )
            for item in staff["items"]
        ],
        latest=[_latest(item, names) for item in latest["items"]],
        only_in_totals=summary["employees"].get("onlyInTotals", 0),
        days_after_end=gateway_of(request).settings.access_days_after_end,
    )


def _shares(
    found: dict[str, Any], field: str, language: Language, nameless: str, labels: Labels | None = None
) -> list[Share]:
    """The largest shares by name; what is left over in one share, so that they add up to everything."""
    sums: dict[str, tuple[int, int]] = {}
    for item in found["items"]:
        name = item.get(field) or ""
        text = (labels.theme(name) if labels else name) if name else translate(language, nameless)
        trainings, minutes = sums.get(text, (0, 0))
        sums[text] = (trainings + item["trainings"], minutes + item["minutes"])
    shares = sorted((Share(text, *sum_) for text, sum_ in sums.items()), key=lambda share: -share.minutes)
    rest = [*shares[MOST_SHARES:], Share("", found["others"]["trainings"], found["others"]["minutes"])]
    trainings = sum(share.trainings for share in rest)
    if trainings:
        others = Share(translate(language, N_("Others")), trainings, sum(share.minutes for share in rest))
        return [*shares[:MOST_SHARES], others]
    return shares


def _latest(item: dict[str, Any], names: dict[str, str]) -> LatestTraining:
    return LatestTraining(
        training=item["training"],
        title=item["title"],
        employee_name=names.get(item["person"], "—"),
        start_date=date.fromisoformat(item["startDate"]),
        end_date=date.fromisoformat(item["endDate"]),
        minutes=item["minutes"],
        status=item["status"],
        recorded_at=datetime.fromisoformat(item["recordedAt"]),
    )
