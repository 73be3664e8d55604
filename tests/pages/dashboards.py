"""Samples of the employer's dashboard, made of recorded answers."""

from services.gateway.web.dashboard.dashboard import DashboardView, view_of
from shared.contracts.answers.dashboard import EmployeePage, Summary, TrainingPage
from shared.i18n import Language
from tests.pages.people import BAKERY, NOW
from tests.pages.recorded_answers import YEAR, names, recorded

DAYS_AFTER_END = 30


def full(language: Language) -> DashboardView:
    """A bakery in its year."""
    return _dashboard("summary", "most-charged", "latest", language)


def empty(language: Language) -> DashboardView:
    """An enterprise that has just been registered."""
    return _dashboard("summary-empty", "employees-empty", "trainings-empty", language)


def _dashboard(summary: str, staff: str, latest: str, language: Language) -> DashboardView:
    return view_of(
        recorded(summary, Summary),
        recorded(staff, EmployeePage),
        recorded(latest, TrainingPage),
        names(),
        BAKERY,
        YEAR,
        language,
        now=NOW,
        days_after_end=DAYS_AFTER_END,
    )
