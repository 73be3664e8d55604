"""The employer's dashboard, and the stream that keeps it fresh."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.writer import BRUSSELS
from services.gateway.questions import UnavailableError
from services.gateway.web.labels import Labels
from services.gateway.web.live import stream_changes
from services.gateway.web.pages import page
from services.gateway.web.people import names_of
from services.gateway.web.reader import Reader, Reading
from services.gateway.web.telling import credit
from services.gateway.web.views.dashboard import (
    DashboardView,
    EmployeeCredit,
    LatestTraining,
    MonthOfTrainings,
    Share,
)
from services.gateway.web.views.frame import Area, Party
from services.gateway.wiring import gateway_of
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
Year = Annotated[int, Query(ge=2000, le=2100)]
MOST_EMPLOYEES = 12
MOST_LATEST = 8
MOST_SHARES = 8


@router.get("", response_class=HTMLResponse)
async def dashboard(request: Request, reader: Reading, number: Number, year: Year | None = None) -> Response:
    """How the company stands: trainings and credit, in figures and charts."""
    party = reader.door(number).acting.party
    view = await _view(request, reader, party, year or datetime.now(BRUSSELS).year)
    return page(request, reader.frame(request, area=Area.DASHBOARD, enterprise=number), view)


async def _view(request: Request, reader: Reader, party: Party, year: int) -> DashboardView:
    questions, scope, base = (
        gateway_of(request).questions,
        reader.scope(party.number),
        f"/internal/enterprises/{party.number}",
    )
    summary = await questions.ask("dashboard", f"{base}/summary", scope, year=year)
    staff = await questions.ask(
        "dashboard", f"{base}/employees", scope, year=year, sort="-charged", pageSize=MOST_EMPLOYEES
    )
    latest = await questions.ask("dashboard", f"{base}/trainings", scope, sort="-recordedAt", pageSize=MOST_LATEST)
    if summary is None or staff is None or latest is None:
        raise UnavailableError("dashboard")
    names = await names_of(request, party.number, {item["person"] for item in (*staff["items"], *latest["items"])})
    labels = Labels(reader.language)
    return DashboardView(
        enterprise=party,
        year=year,
        years=sorted({*summary["years"], datetime.now(BRUSSELS).year}, reverse=True),
        updated_at=datetime.now(UTC),
        employees_total=summary["employees"]["employed"],
        people_trained=summary["employees"]["trained"],
        trainings=summary["completed"]["trainings"],
        trainings_planned=summary["planned"]["trainings"],
        minutes=summary["completed"]["minutes"],
        credit=credit(summary["credit"], incomplete=bool(summary["credit"]["incomplete"])),
        months=[
            MonthOfTrainings(
                date.fromisoformat(f"{month['month']}-01"), month["formalMinutes"], month["informalMinutes"]
            )
            for month in summary["byMonth"]
        ],
        by_kind=[Share(labels("kind", k["kind"]), k["trainings"], k["minutes"]) for k in summary["byKind"]],
        by_provider=_shares(summary["byProvider"], "provider", reader.language, N_("No provider given")),
        by_theme=_shares(summary["byTheme"], "theme", reader.language, N_("No theme given"), labels),
        employees=[
            EmployeeCredit(
                item["employment"],
                names.get(item["person"], "—"),
                credit(item["credit"], incomplete=item["incomplete"]),
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


@router.get("/changes")
async def changes(request: Request, reader: Reading, number: Number) -> Response:
    """Server-sent events: `changed` whenever something of this enterprise arrived."""
    return stream_changes(request, reader, enterprise=number)
