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
from shared.contracts.outcomes import ItemOutcome, OutcomeStatus
from shared.contracts.vocabulary import Anomaly
from shared.messaging.outcomes import Decided, tell_outcomes
from shared.messaging.records import Work

REGISTRATION = "be.fla.training.registration-submitted.v1"

USE_CASES: Mapping[str, Callable[[Training | None, Any], Decision]] = {
    REGISTRATION: register_training,
    "be.fla.training.correction-submitted.v1": correct_training,
    "be.fla.training.cancellation-submitted.v1": cancel_training,
}
ATTEMPTS = 3


@dataclass(slots=True)
class Verdicts:
    """What a batch comes to, in order; each version and each outcome beside its event."""

    versions: list[tuple[Any, NewVersion]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    outcomes: list[Decided] = field(default_factory=list)


async def decide_on_submissions(work: Work, events: Sequence[Any]) -> None:
    """Decide on every item that was not decided before, and tell each outcome exactly once.

    Two senders' batches never meet on one training, except when one reference is used for two people at the same
    moment: the second to store then looks again, and finds the first's training.
    """
    for attempt in range(ATTEMPTS):
        book = await _known(work.connection, events)
        verdicts = decide(book, events)
        try:
            async with work.connection.transaction():
                await store(work.connection, [v for _, v in verdicts.versions], verdicts.settled, work.now)
            break
        except asyncpg.UniqueViolationError:
            if attempt == ATTEMPTS - 1:
                raise
    tell_trainings(work, ((event, version.training) for event, version in verdicts.versions))
    tell_outcomes(work, SOURCE, verdicts.outcomes)


async def _known(connection: asyncpg.Connection, events: Sequence[Any]) -> Book:
    """The trainings these events are about, and which of these items were decided before.

    A registration can only have been settled without a version if its training exists, so a batch of new trainings
    needs no second question.
    """
    book = await load(connection, {event["data"]["training"] for event in events})
    doubtful = [
        event["data"]["item"]["id"]
        for event in events
        if event["type"] != REGISTRATION or event["data"]["training"] in book.trainings
    ]
    if doubtful:
        book.told |= await settled(connection, doubtful)
    return book


def decide(book: Book, events: Sequence[Any]) -> Verdicts:
    """Apply each event to its training, in order; `book` moves along. Pure but for that."""
    verdicts = Verdicts()
    trainings, told = book.trainings, book.told
    for event in events:
        data = event["data"]
        item = data["item"]
        item_id = item["id"]
        if item_id in told:
            continue
        told.add(item_id)
        decision = USE_CASES[event["type"]](trainings.get(data["training"]), data)
        if isinstance(decision, Accepted):
            training = trainings[data["training"]] = decision.training
            verdicts.versions.append(
                (event, NewVersion(training, item_id, item["submission"], event["actor"], event["party"]))
            )
            if "warnings" in data:
                warnings: list[Anomaly] = [{"code": code} for code in data["warnings"]]
                verdicts.outcomes.append((event, _outcome(item["line"], "acceptedWithWarnings", warnings)))
            else:
                verdicts.outcomes.append((event, None))
            continue
        if isinstance(decision, Unchanged):
            outcome = _outcome(item["line"], "unchanged", [anomaly("unchanged")])
        else:
            outcome = _outcome(item["line"], "refused", [decision.anomaly])
        verdicts.outcomes.append((event, outcome))
        verdicts.settled.append(
            Settled(item_id, item["submission"], item["line"], outcome["status"], outcome["anomalies"])
        )
    return verdicts


def _outcome(line: int, status: OutcomeStatus, anomalies: list[Anomaly]) -> ItemOutcome:
    return {"line": line, "status": status, "anomalies": anomalies}
