"""Samples of the employer's dashboard."""

from datetime import UTC, date, datetime

from services.gateway.web.dashboard.dashboard import (
    DashboardView,
    EmployeeCredit,
    LatestTraining,
    MonthOfTrainings,
    Share,
)
from services.gateway.web.kit.labels import Labels
from shared.contracts.vocabulary import TrainingStatus
from shared.i18n import Language
from tests.pages.credits import credit
from tests.pages.people import BAKERY, EMPLOYEES, NOW

NO_CREDIT = credit("0", "0", "0", "0")


_CREDITS = (
    credit("5", "3.5", "1", "0"),
    credit("5", "2", "1.5", "0"),
    credit("4", "1.25", "0.5", "0"),
    credit("5", "0", "1", "0"),
    credit("2.083333", "0", "0.5", "0", incomplete=True),
    credit("5", "0", "2", "1.5"),
    credit("2.5", "0", "2.5", "0"),
    credit("5", "0", "6.25", "0"),
)
_TOTAL = credit("103.583333", "14.75", "38.25", "6.5", incomplete=True)
_MONTHS = ((960, 240), (2280, 0), (1824, 480), (456, 910), (3120, 360), (5472, 1230), (0, 120), (0, 0), (2736, 645))


def _latest() -> tuple[LatestTraining, ...]:
    rows: tuple[tuple[str, str, str, str, int, TrainingStatus], ...] = (
        ("Hygiëne en HACCP in de bakkerij", EMPLOYEES[0], "2024-09-16", "2024-09-17", 912, "completed"),
        ("Heftruck: opfrissing", EMPLOYEES[2], "2024-10-03", "2024-10-03", 456, "planned"),
        ("Coaching desemdeeg", EMPLOYEES[9], "2024-09-12", "2024-09-12", 90, "completed"),
        ("Excel voor gevorderden", EMPLOYEES[1], "2024-06-16", "2024-06-19", 1824, "completed"),
        ("EHBO bijscholing", EMPLOYEES[5], "2024-09-05", "2024-09-05", 228, "cancelled"),
    )
    return tuple(
        LatestTraining(
            training=f"0191f7a0-0000-7000-8000-00000000000{index}",
            title=title,
            employee_name=name,
            start_date=date.fromisoformat(start),
            end_date=date.fromisoformat(end),
            minutes=minutes,
            status=status,
            recorded_at=datetime(2024, 9, 18, 12, 30 - index * 7, tzinfo=UTC),
        )
        for index, (title, name, start, end, minutes, status) in enumerate(rows)
    )


def full(language: Language) -> DashboardView:
    """A bakery in September, with a lot going on."""
    labels = Labels(language)
    return DashboardView(
        enterprise=BAKERY,
        year=2024,
        years=(2025, 2024, 2023),
        updated_at=NOW,
        employees_total=24,
        people_trained=19,
        trainings=61,
        trainings_planned=7,
        minutes=sum(formal + informal for formal, informal in _MONTHS),
        credit=_TOTAL,
        months=tuple(
            MonthOfTrainings(date(2024, month, 1), *(_MONTHS[month - 1] if month <= len(_MONTHS) else (0, 0)))
            for month in range(1, 13)
        ),
        by_kind=(Share(labels("kind", "formal"), 44, 16848), Share(labels("kind", "informal"), 17, 3985)),
        by_provider=(
            Share("Alimento", 21, 9120),
            Share("VDAB", 12, 4560),
            Share("Bakkerij Van den Broeck & Zonen", 17, 3985),
            Share("Mensura Opleidingen", 8, 2280),
            Share("Rode Kruis-Vlaanderen", 3, 888),
        ),
        by_theme=(
            Share(labels.theme("07"), 26, 10320),
            Share(labels.theme("10"), 14, 5016),
            Share(labels.theme("09"), 11, 3169),
            Share(labels.theme("06"), 10, 2328),
        ),
        employees=tuple(
            EmployeeCredit(f"0191f7a0-0000-7000-8000-0000000001{index:02}", EMPLOYEES[index], item)
            for index, item in enumerate(_CREDITS)
        ),
        latest=_latest(),
        only_in_totals=2,
    )


def empty(_language: Language) -> DashboardView:
    """An enterprise that has just been registered."""
    return DashboardView(
        enterprise=BAKERY,
        year=2024,
        years=(2024,),
        updated_at=NOW,
        employees_total=0,
        people_trained=0,
        trainings=0,
        trainings_planned=0,
        minutes=0,
        credit=NO_CREDIT,
        months=(),
        by_kind=(),
        by_provider=(),
        by_theme=(),
        employees=(),
        latest=(),
    )
