"""Samples of trainings: in lists, alone with their history, in forms."""

from datetime import UTC, date, datetime

from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.kit.labels import Labels
from services.gateway.web.kit.list_pages import Direction, Listing, Sorting
from services.gateway.web.trainings.cancel_training import CancelTrainingView
from services.gateway.web.trainings.correct_training import CorrectTrainingView
from services.gateway.web.trainings.filters import TrainingFilters
from services.gateway.web.trainings.training import Event, TrainingVersion, TrainingView
from services.gateway.web.trainings.training_row import TrainingRow
from services.gateway.web.trainings.trainings import TrainingsView
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, EMPLOYEES
from tests.pages.training_forms import KEY, PROVIDERS

TRAINING = "0191f7a0-0000-7000-8000-000000000003"
_ROWS: tuple[tuple[str, str, str, int, TrainingKind, TrainingStatus, str], ...] = (
    ("Hygiëne en HACCP in de bakkerij", "2024-09-16", "2024-09-17", 912, "formal", "completed", "Alimento"),
    ("Heftruck: opfrissing", "2024-10-03", "2024-10-03", 456, "formal", "planned", "Mensura Opleidingen"),
    ("Coaching desemdeeg", "2024-09-12", "2024-09-12", 90, "informal", "completed", ""),
    ("Excel voor gevorderden", "2024-06-16", "2024-06-19", 1824, "formal", "completed", "VDAB"),
    ("EHBO bijscholing", "2024-09-05", "2024-09-05", 228, "formal", "cancelled", "Rode Kruis-Vlaanderen"),
    ("Werken op hoogte", "2024-05-21", "2024-05-21", 456, "formal", "notFollowed", "Mensura Opleidingen"),
)


def row(index: int, employee: str = "", enterprise: str = "") -> TrainingRow:
    """One row of a list."""
    title, start, end, minutes, kind, status, provider = _ROWS[index % len(_ROWS)]
    return TrainingRow(
        training=f"0191f7a0-0000-7000-8000-00000000000{index % 10}",
        title=title,
        employee_name=employee,
        start_date=date.fromisoformat(start),
        end_date=date.fromisoformat(end),
        minutes=minutes,
        kind=kind,
        status=status,
        provider=provider,
        enterprise_name=enterprise,
        same_as=TRAINING if index == 3 else None,
    )


def listed(_language: Language) -> TrainingsView:
    """The first page."""
    rows = tuple(row(index, EMPLOYEES[index]) for index in range(10))
    listing = Listing(rows, 61, 1, 10, Sorting("startDate", Direction.DESCENDING))
    return TrainingsView(BAKERY, listing, TrainingFilters(year="2024"), (2024, 2023))


def none(_language: Language) -> TrainingsView:
    """Before the first registration."""
    return TrainingsView(BAKERY, Listing((), 0), TrainingFilters(), (2024,))


def content() -> TrainingContent:
    """The brochure's own dates."""
    return {
        "title": "Excel voor gevorderden",
        "startDate": "2024-06-16",
        "endDate": "2024-06-19",
        "minutes": 1824,
        "status": "completed",
        "kind": "formal",
        "context": "professional",
        "rightType": "legal",
        "chargedMinutes": 1824,
        "description": "Draaitabellen, grafieken en macro's voor wie de boekhouding en de planning doet.",
        "provider": {"name": "VDAB", "enterpriseNumber": "0887010362"},
        "certificate": {"awarded": True, "validUntil": "2027-06-30"},
        "result": "17/20",
        "modality": "hybrid",
        "language": "nl",
        "location": "Gent",
        "theme": "06",
    }


def one(language: Language) -> TrainingView:
    """A training that was corrected once."""
    status = Labels(language)
    return TrainingView(
        enterprise=BAKERY,
        training=TRAINING,
        employment="0191f7a0-0000-7000-8000-000000000101",
        employee_name=EMPLOYEES[1],
        content=content(),
        reference="HR-2024-0117",
        versions=(
            TrainingVersion(
                version=2,
                event=Event.CORRECTED,
                recorded_at=datetime(2024, 6, 20, 8, 15, tzinfo=UTC),
                by="Sofie Van den Broeck",
                registered_by="employer",
                channel="web",
                reason="Vierde dag vergeten",
                changes={
                    "endDate": ("18/06/2024", "19/06/2024"),
                    "minutes": ("22 h 48", "30 h 24"),
                    "status": (status("status", "planned"), status("status", "completed")),
                },
            ),
            TrainingVersion(
                version=1,
                event=Event.REGISTERED,
                recorded_at=datetime(2024, 5, 2, 13, 40, tzinfo=UTC),
                by="Sociaal Secretariaat Vlot",
                registered_by="mandatary",
                channel="batch",
            ),
        ),
    )


def double(_language: Language) -> TrainingView:
    """A training that counted, stopped counting when the same one was registered as followed, and counts again."""
    other = "0191f7a0-0000-7000-8000-000000000004"
    matched = [
        TrainingVersion(
            version=version,
            event=Event.MATCHED,
            recorded_at=datetime(2024, 6, 17 + version, 8, 15, tzinfo=UTC),
            by="Sofie Van den Broeck",
            registered_by="employer",
            same_as=same_as,
        )
        for version, same_as in ((4, other), (3, None), (2, other))
    ]
    return TrainingView(
        enterprise=BAKERY,
        training=TRAINING,
        employment="0191f7a0-0000-7000-8000-000000000101",
        employee_name=EMPLOYEES[1],
        content=content(),
        reference="HR-2024-0117",
        versions=(
            *matched,
            TrainingVersion(
                version=1,
                event=Event.REGISTERED,
                recorded_at=datetime(2024, 5, 2, 13, 40, tzinfo=UTC),
                by="Sociaal Secretariaat Vlot",
                registered_by="mandatary",
            ),
        ),
        same_as=other,
    )


def cancelled(_language: Language) -> TrainingView:
    """A cancelled training of someone whose employment is not known."""
    return TrainingView(
        enterprise=BAKERY,
        training=TRAINING,
        employment=None,
        employee_name=EMPLOYEES[5],
        content={**content(), "status": "cancelled"},
        reference=None,
        versions=(
            TrainingVersion(
                version=2,
                event=Event.CANCELLED,
                recorded_at=datetime(2024, 9, 6, 8, 15, tzinfo=UTC),
                by="Sofie Van den Broeck",
                registered_by="employer",
                channel="web",
                reason="De opleiding is niet doorgegaan",
            ),
            TrainingVersion(
                version=1,
                event=Event.REGISTERED,
                recorded_at=datetime(2024, 9, 2, 13, 40, tzinfo=UTC),
                by="Sofie Van den Broeck",
                registered_by="employer",
                channel="api",
            ),
        ),
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
