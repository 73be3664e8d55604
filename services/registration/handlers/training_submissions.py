"""A batch of declarations about trainings: look up once, decide one after another, store and tell together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from services.registration.domain.training import Accepted, Decision, Training, Unchanged
from services.registration.handlers.cancel_training import cancel_training
from services.registration.handlers.correct_training import correct_training
from services.registration.handlers.register_training import register_training
from services.registration.handlers.tell import SOURCE, tell_trainings
from services.registration.storage.versions import Book, NewVersion, Settled, load, settled, store
from shared.anomalies import anomaly
from shared.contracts.lean import (
    CancellationSubmitted,
    CorrectionSubmitted,
    RegistrationSubmitted,
    TrainingSubmitted,
)
from shared.contracts.outcomes import ItemOutcome, OutcomeStatus
from shared.contracts.vocabulary import Anomaly
from shared.messaging.outcomes import Decided, Origin, tell_outcomes
from shared.messaging.records import Work

USE_CASES: Mapping[type, Callable[[Training | None, Any], Decision]] = {
    RegistrationSubmitted: register_training,
    CorrectionSubmitted: correct_training,
    CancellationSubmitted: cancel_training,
}
ATTEMPTS = 3


@dataclass(slots=True)
class Verdicts:
    """What a batch comes to, in order; each version and each outcome with its origin."""

    versions: list[NewVersion] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    outcomes: list[Decided] = field(default_factory=list)


async def decide_on_submissions(work: Work, events: Sequence[TrainingSubmitted]) -> None:
    """Decide on every item that was not decided before, and tell each outcome exactly once.

    Two senders' batches never meet on one training, except when one reference is used for two people at the same
    moment: the second to store then looks again, and finds the first's training.
    """
    for attempt in range(ATTEMPTS):
        book = await _known(work.connection, events)
        verdicts = decide(book, events)
        try:
            async with work.connection.transaction():
                await store(work.connection, verdicts.versions, verdicts.settled, work.now)
            break
        except asyncpg.UniqueViolationError:
            if attempt == ATTEMPTS - 1:
                raise
    tell_trainings(work, verdicts.versions)
    tell_outcomes(work, SOURCE, verdicts.outcomes)


async def _known(connection: asyncpg.Connection, events: Sequence[TrainingSubmitted]) -> Book:
    """The trainings these events are about, and which of these items were decided before.

    A registration can only have been settled without a version if its training exists, so a batch of new trainings
    needs no second question.
    """
    book = await load(connection, {event.data.training for event in events})
    doubtful = [
        event.data.item.id
        for event in events
        if not isinstance(event, RegistrationSubmitted) or event.data.training in book.trainings
    ]
    if doubtful:
        book.told |= await settled(connection, doubtful)
    return book


def decide(book: Book, events: Sequence[TrainingSubmitted]) -> Verdicts:
    """Apply each event to its training, in order; `book` moves along. Pure but for that."""
    verdicts = Verdicts()
    trainings, told = book.trainings, book.told
    for event in events:
        data = event.data
        item = data.item
        if item.id in told:
            continue
        told.add(item.id)
        origin = Origin(item.id, item.submission, item.line, event.actor, event.party, event.traceparent)
        decision = USE_CASES[type(event)](trainings.get(data.training), data)
        if isinstance(decision, Accepted):
            training = trainings[data.training] = decision.training
            verdicts.versions.append(NewVersion(training, origin))
            if data.warnings is not None:
                warnings: list[Anomaly] = [{"code": code} for code in data.warnings]
                verdicts.outcomes.append((origin, _outcome(item.line, "acceptedWithWarnings", warnings)))
            else:
                verdicts.outcomes.append((origin, None))
            continue
        if isinstance(decision, Unchanged):
            outcome = _outcome(item.line, "unchanged", [anomaly("unchanged")])
        else:
            outcome = _outcome(item.line, "refused", [decision.anomaly])
        verdicts.outcomes.append((origin, outcome))
        verdicts.settled.append(Settled(origin, outcome["status"], outcome["anomalies"]))
    return verdicts


def _outcome(line: int, status: OutcomeStatus, anomalies: list[Anomaly]) -> ItemOutcome:
    return {"line": line, "status": status, "anomalies": anomalies}
