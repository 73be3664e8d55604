"""Samples of trainings: in lists and alone with their history, made of recorded answers; and in forms."""

from datetime import date

from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.kit.list_pages import Direction, Sorting
from services.gateway.web.trainings.cancel_training import CancelTrainingView
from services.gateway.web.trainings.correct_training import CorrectTrainingView
from services.gateway.web.trainings.filters import TrainingFilters
from services.gateway.web.trainings.registered_together import (
    CorrectTogetherView,
    RegisteredTogetherView,
    TakeBackTogetherView,
)
from services.gateway.web.trainings.training import TrainingView
from services.gateway.web.trainings.training import view_of as training_view
from services.gateway.web.trainings.trainings import TrainingsView, view_of
from shared.contracts.answers.dashboard import Employment, TrainingPage
from shared.contracts.answers.registration import TrainingHistory
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, EMPLOYEES
from tests.pages.recorded_answers import names, recorded
from tests.pages.training_forms import KEY, PROVIDERS

TRAINING = recorded("training", TrainingHistory).training.training


TOGETHER = "0191f7a0-77aa-7000-8000-000000000002"


def listed(_language: Language) -> TrainingsView:
    """The first page."""
    return _list("trainings")


def none(_language: Language) -> TrainingsView:
    """Before the first registration."""
    return _list("trainings-empty")


def _list(name: str) -> TrainingsView:
    return view_of(
        recorded(name, TrainingPage), names(), BAKERY, TrainingFilters(), Sorting("startDate", Direction.DESCENDING), 1
    )


def one(language: Language) -> TrainingView:
    """A training that was corrected once."""
    return _history("training", language, recorded("employment", Employment).employment)


def double(language: Language) -> TrainingView:
    """A training in whose place the same one counts, registered again."""
    return _history("training-double", language, recorded("employment", Employment).employment)


def cancelled(language: Language) -> TrainingView:
    """A cancelled training of someone whose employment is not known."""
    return _history("training-cancelled", language, None)


def _history(name: str, language: Language, employment: str | None) -> TrainingView:
    answer = recorded(name, TrainingHistory)
    name_of_employee = names()[answer.training.person]
    return training_view(
        answer, BAKERY, employment=employment, employee_name=name_of_employee, actors={}, language=language
    )


def correct(_language: Language) -> CorrectTrainingView:
    """The form that corrects it."""
    values = {
        "title": "Excel voor gevorderden",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "durationHours": "30",
        "durationMinutes": "24",
        "kind": "formal",
        "provider.name": "VDAB",
        "status": "completed",
        "context": "professional",
        "rightType": "legal",
        "expectedVersion": "2",
    }
    form = FormState(KEY, values)
    return CorrectTrainingView(BAKERY, TRAINING, "Excel voor gevorderden", EMPLOYEES[1], form, PROVIDERS)


def cancel(language: Language) -> CancelTrainingView:
    """The form that cancels it, sent without a reason."""
    form = FormState(
        KEY, {"expectedVersion": "2"}, errors=(FieldError("reason", translate(language, "This field is required.")),)
    )
    return CancelTrainingView(
        BAKERY, TRAINING, "Excel voor gevorderden", EMPLOYEES[1], date(2024, 6, 16), date(2024, 6, 19), form
    )


def together(_language: Language) -> RegisteredTogetherView:
    """What was registered for all on the list."""
    rows = _list("trainings").trainings.items
    return RegisteredTogetherView(BAKERY, TOGETHER, rows, len(rows))


def take_back_together(_language: Language) -> TakeBackTogetherView:
    """Why it is taken back, not said."""
    errors = (FieldError("reason", "This field is required."),)
    return TakeBackTogetherView(BAKERY, TOGETHER, "Veiligheid", 20, FormState(KEY, {"seen": "x"}, errors=errors))


def correct_together(language: Language) -> CorrectTogetherView:
    """A correction for twenty people."""
    return CorrectTogetherView(BAKERY, TOGETHER, 20, correct(language).form, PROVIDERS)
