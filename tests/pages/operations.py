"""Samples of files in bulk, of the operator's page and of the pages without an enterprise."""

from datetime import UTC, date, datetime
from decimal import Decimal

from services.gateway.batch.state import BatchState
from services.gateway.web.files import addresses as files_addresses
from services.gateway.web.files.file import AnomalyRow, BatchView
from services.gateway.web.files.file_row import BatchRow
from services.gateway.web.files.files import BatchesView
from services.gateway.web.files.send_file import NewBatchView
from services.gateway.web.help.help import HelpView
from services.gateway.web.kit.away import AwayView
from services.gateway.web.kit.error_page import ErrorView
from services.gateway.web.kit.form_expired import ExpiredFormView
from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.kit.list_pages import Listing
from services.gateway.web.monitoring.monitoring import Health, OperatorView, ParkedKey, ServiceState, TopicState
from services.gateway.web.monitoring.reopened_access import ReopenedRow, ReopeningView
from services.gateway.web.public.landing import LandingView
from services.gateway.web.sign_in.sign_in import SignInMethod, SignInView
from shared.i18n import Language, translate
from tests.pages.enterprises import GENERAL_RULE
from tests.pages.people import NOW
from tests.pages.training_forms import KEY

BATCH = "0191f7a0-77aa-7000-8000-000000000001"
SCHEMA = "/schemas/fla-trainings-1.xsd"
_LARGEST = 500_000_000


def _batch(state: BatchState, name: str, declared: int | None, *counts: int) -> BatchRow:
    accepted, warned, unchanged, refused = counts
    received = datetime(2024, 9, 18, 9, 2, tzinfo=UTC)
    return BatchRow(BATCH, name, 2_438_112, received, state, declared, accepted, warned, unchanged, refused)


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
DONE = _batch(BatchState.COMPLETED, "opleidingen-september.xml", 1000, 981, 4, 8, 7)
RUNNING = _batch(BatchState.PROCESSING, "opleidingen-2024.xml", 100_000, 41_230, 0, 0, 2)
REJECTED = _batch(BatchState.REJECTED, "opleidingen-proef.xml", None, 0, 0, 0, 0)
INTERRUPTED = _batch(BatchState.INTERRUPTED, "opleidingen-2023.xml", 10_000, 4_100, 0, 0, 2)
CANCELLED = _batch(BatchState.CANCELLED, "opleidingen-fout.xml", 0, 0, 0, 0, 0)


def batches(_language: Language) -> BatchesView:
    """A few files."""
    return BatchesView(Listing((RUNNING, DONE, REJECTED, INTERRUPTED, CANCELLED), 5))


def no_batches(_language: Language) -> BatchesView:
    """Before the first file."""
    return BatchesView(Listing((), 0))


def new_batch(_language: Language) -> NewBatchView:
    """The form."""
    return NewBatchView(FormState(KEY, {"mode": "production"}), SCHEMA, _LARGEST)


def done(language: Language) -> BatchView:
    """A file with seven faulty declarations."""
    rows = (
        AnomalyRow(17, "T-000017", "refused", "endBeforeStart", "endDate", "The end date lies before the start date."),
        AnomalyRow(
            204,
            "T-000204",
            "refused",
            "invalidSsin",
            "ssin",
            "This is not a valid national or BIS number: its check digits are wrong.",
        ),
        AnomalyRow(
            611,
            None,
            "acceptedWithWarnings",
            "outsideEmployment",
            None,
            "Days of this training lie outside the employment. They are registered but not charged.",
        ),
    )
    told = tuple(
        AnomalyRow(row.line, row.reference, row.status, row.code, row.field, translate(language, row.text))
        for row in rows
    )
    return BatchView(DONE, simulation=False, anomalies=Listing(told, 11, 1, 3), report_ready=True)


def running(_language: Language) -> BatchView:
    """A file in the middle of it."""
    return BatchView(RUNNING, simulation=True, anomalies=Listing((), 0))


def rejected(language: Language) -> BatchView:
    """A file that is no XML."""
    why = translate(language, "This file is not XML, or it stops in the middle.")
    return BatchView(REJECTED, simulation=False, anomalies=Listing((), 0), rejection=why)


def cancelled(_language: Language) -> BatchView:
    """A file that its sender cancelled in time."""
    return BatchView(CANCELLED, simulation=False, anomalies=Listing((), 0))


def interrupted(_language: Language) -> BatchView:
    """A file of which the rest is damaged."""
    return BatchView(INTERRUPTED, simulation=False, anomalies=Listing((), 0))


def operator(_language: Language) -> OperatorView:
    """Not everything is well."""
    return OperatorView(
        updated_at=NOW,
        services=(
            ServiceState("gateway", Health.UP, (), 0),
            ServiceState("registration", Health.UP, (), 3),
            ServiceState("entitlements", Health.DEGRADED, ("kafka: no answer for 12 s",), 1204),
            ServiceState("dashboard", Health.UNREACHABLE, (), None),
        ),
        topics=(
            TopicState("fla.training-submissions.v1", "registration", Decimal("1840.5"), 12, Decimal("0.2")),
            TopicState("fla.trainings.v1", "entitlements", Decimal("912"), 40_112, Decimal("44.1")),
            TopicState("fla.trainings.v1", "dashboard", Decimal(0), 81_220, Decimal(754)),
            TopicState("fla.outcomes.v1", "gateway", Decimal("3.2"), 0, None),
        ),
        parked=(
            ParkedKey(
                "registration",
                "fla.training-submissions.v1",
                "5f0d6f9e-8f0b-4a63-9a59-0f4b7f6b6a11",
                3,
                "ValidationError: data.content.minutes: Input should be a valid integer",
                datetime(2024, 9, 18, 11, 58, tzinfo=UTC),
            ),
        ),
    )


def healthy(_language: Language) -> OperatorView:
    """Nothing to do."""
    return OperatorView(NOW, (ServiceState("gateway", Health.UP, (), 0),), (), ())


def reopened(_language: Language) -> ReopeningView:
    """Two people opened again, one of them still."""
    by, at = "Nadia Operator", datetime(2024, 9, 17, 8, 30, tzinfo=UTC)
    number = "0403170701"
    rows = (
        ReopenedRow("a", number, "85.07.30-***.**", date(2024, 10, 1), "Uren 2023 verkeerd", by, at, "open"),
        ReopenedRow("b", number, "90.02.14-***.**", date(2024, 2, 1), "Certificaat vergeten", by, at, "over"),
    )
    return ReopeningView(FormState(KEY), rows, 30, 90)


def reopened_errors(language: Language) -> ReopeningView:
    """Nobody yet, and a form with something wrong in it."""
    error = FieldError("until", translate(language, "This field is required."))
    return ReopeningView(FormState(KEY, {"reason": "Uren 2023 verkeerd"}, errors=(error,)), (), 30, 90)


def landing(_language: Language) -> LandingView:
    """The first page."""
    return LandingView(GENERAL_RULE)


def sign_in(_language: Language) -> SignInView:
    """After a failed attempt at a demonstration."""
    return SignInView((SignInMethod("/sign-in/eid", "eID"), SignInMethod("/sign-in/itsme", "itsme")), True, True)


def help_page(_language: Language) -> HelpView:
    """Instructions."""
    return HelpView(SCHEMA)


def form_expired(_language: Language) -> ExpiredFormView:
    """A form that can be sent once more."""
    return ExpiredFormView("/enterprises/0403170701/trainings/new", (("title", "Heftruck"),), signed_in=True)


def away(_language: Language) -> AwayView:
    """A page while the database does not answer."""
    return AwayView("/enterprises/0403170701/trainings", trace=TRACE)


def form_away(_language: Language) -> AwayView:
    """A form that was sent while the database does not answer."""
    kept = (("csrf_token", "as it was sent"), ("title", "Heftruck"))
    return AwayView("/enterprises/0403170701/trainings/new", sent=True, kept=kept, trace=TRACE)


def file_away(_language: Language) -> AwayView:
    """A file that was sent then."""
    return AwayView(files_addresses.NEW_BATCH, sent=True, trace=TRACE)


def form_signed_out(_language: Language) -> ExpiredFormView:
    """A form whose session ended."""
    return ExpiredFormView("/enterprises/0403170701/trainings/new", (("title", "Heftruck"),), signed_in=False)


def file_expired(_language: Language) -> ExpiredFormView:
    """A form of which nothing could be kept."""
    return ExpiredFormView(files_addresses.NEW_BATCH, (), signed_in=False)


def forbidden(_language: Language) -> ErrorView:
    """403."""
    return ErrorView(403)


def not_found(_language: Language) -> ErrorView:
    """404."""
    return ErrorView(404)


def broken(_language: Language) -> ErrorView:
    """500."""
    return ErrorView(500, TRACE)


def new_batch_errors(language: Language) -> NewBatchView:
    """A form sent without a file."""
    error = FieldError("file", translate(language, "This field is required."))
    return NewBatchView(FormState(KEY, {"mode": "simulation"}, errors=(error,)), SCHEMA, _LARGEST)
