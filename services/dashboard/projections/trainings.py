"""Trainings as last registered, corrected or cancelled."""

import time
from collections.abc import Sequence
from datetime import date, datetime

from services.dashboard.live.announce import announce
from services.dashboard.projections.latency import RECEIVED_TO_PROJECTED
from services.dashboard.projections.newest import newest
from services.dashboard.storage.read_models import ReadModel, Row, put
from services.dashboard.storage.tables import training
from shared.contracts.lean import ShownTraining, TrainingToShow
from shared.messaging.records import Work

MODEL = ReadModel.of(training)


async def project_trainings(work: Work, events: Sequence[TrainingToShow]) -> None:
    """Project each training in its newest version, whole: an event carries all that a training now is."""
    states = newest((event.data.training, event.data.version, event.data) for event in events).values()
    rows = [training_row(state) for state in states]
    await put(work.connection, MODEL, rows)
    await announce(work.connection, {state.enterprise for state in states}, {state.person for state in states})
    now = time.time()
    RECEIVED_TO_PROJECTED.observe_many([now - row[_RECEIVED_AT].timestamp() for row in rows])


def training_row(state: ShownTraining) -> Row:
    """Get the values of one row, in the order of `MODEL.columns`. Raises ValueError for a date that does not exist."""
    content = state.content
    provider = content.provider
    certificate = content.certificate
    return (
        state.training,
        state.version,
        state.person,
        state.enterprise,
        content.title,
        date.fromisoformat(content.start_date),
        date.fromisoformat(content.end_date),
        content.minutes,
        content.charged_minutes,
        content.status,
        content.kind,
        content.context,
        content.right_type,
        provider.name if provider else None,
        provider.enterprise_number if provider else None,
        content.theme,
        content.modality,
        certificate.awarded if certificate else None,
        _day(certificate.valid_until) if certificate else None,
        state.reference,
        state.registered_by,
        state.same_as,
        datetime.fromisoformat(state.received_at),
        datetime.fromisoformat(state.recorded_at),
    )


_RECEIVED_AT = MODEL.columns.index("received_at")


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
