"""A batch of declarations about trainings: look up once, decide one after another, store and publish together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from services.registration.domain.doubles import counts, is_plain_double, key_of, match_doubles, outranks
from services.registration.domain.training import Accepted, Decision, Training, Unchanged
from services.registration.handlers.decide_declaration import cancel_training, correct_training, register_training
from services.registration.handlers.publish_events import SOURCE, publish_trainings
from services.registration.storage.versions import (
    DecidedWithoutVersion,
    KnownTrainings,
    NewVersion,
    counting,
    decided_without_version,
    having,
    load,
    store,
)
from shared.anomalies import anomaly
from shared.contracts.lean import (
    CancellationSubmitted,
    CorrectionSubmitted,
    RegistrationSubmitted,
    TrainingSubmitted,
)
from shared.contracts.outcomes import ItemOutcome, OutcomeStatus
from shared.contracts.vocabulary import Anomaly
from shared.messaging.outcomes import Decided, Origin, publish_outcomes
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
    without_version: list[DecidedWithoutVersion] = field(default_factory=list)
    outcomes: list[Decided] = field(default_factory=list)


async def decide_on_submissions(work: Work, events: Sequence[TrainingSubmitted]) -> None:
    """Decide on every item that was not decided before, and publish each outcome exactly once.

    Two senders' batches never meet on one training, except when one reference is used for two people at the same
    moment: the second to store then looks again, and finds the first's training.
    """
    for attempt in range(ATTEMPTS):
        known = await _known(work.connection, events)
        verdicts = decide(known, events)
        try:
            async with work.connection.transaction():
                await store(work.connection, verdicts.versions, verdicts.without_version, work.now)
            break
        except asyncpg.UniqueViolationError:
            if attempt == ATTEMPTS - 1:
                raise
    publish_trainings(work, verdicts.versions)
    publish_outcomes(work, SOURCE, verdicts.outcomes)


async def _known(connection: asyncpg.Connection, events: Sequence[TrainingSubmitted]) -> KnownTrainings:
    """Get the trainings these events are about, those that are the same, and which of these items were decided before.

    A registration can only have been decided without a version if its training exists, so a batch of new trainings
    needs no second question about its items.
    """
    known = KnownTrainings()
    await load(connection, known, {event.data.training for event in events})
    await _load_alike(connection, known, events)
    doubtful = [
        event.data.item.id
        for event in events
        if not isinstance(event, RegistrationSubmitted) or event.data.training in known.trainings
    ]
    if doubtful:
        known.already_decided |= await decided_without_version(connection, doubtful)
    return known


async def _load_alike(
    connection: asyncpg.Connection, known: KnownTrainings, events: Sequence[TrainingSubmitted]
) -> None:
    """Get the trainings that are the same as one of these is or becomes.

    All those that one which is there may leave behind. Of those that one comes to, the one that counts is enough, and
    mostly there is none; all of them only where it will count in its place.
    """
    known.keys = {
        event.data.item.id: key_of(event.data.person, event.data.content)
        for event in events
        if not isinstance(event, CancellationSubmitted)
    }
    left = {_key(training) for training in known.trainings.values()}
    found = await counting(connection, {*known.keys.values()} - left)
    if left:
        found |= await having(connection, left)
    if not found:
        return
    await load(connection, known, found - known.trainings.keys())
    first = [training for training in map(known.trainings.__getitem__, found) if counts(training)]
    there = {_key(training): training.content["status"] for training in first}
    submitted = (event.data for event in events if not isinstance(event, CancellationSubmitted))
    joining = ((known.keys[data.item.id], data.content["status"]) for data in submitted)
    outranked = {key for key, status in joining if key in there and outranks(status, there[key])} - left
    if outranked:
        more = await having(connection, outranked)
        await load(connection, known, more - known.trainings.keys())
        found |= more
    for id_ in sorted(found, key=lambda id_: known.trainings[id_].same_as is not None):
        known.alike.setdefault(_key(known.trainings[id_]), []).append(id_)


def decide(known: KnownTrainings, events: Sequence[TrainingSubmitted]) -> Verdicts:
    """Apply each event to its training, in order; `known` moves along. Pure but for that."""
    verdicts = Verdicts()
    trainings, already_decided, alike, keys = known.trainings, known.already_decided, known.alike, known.keys
    for event in events:
        data = event.data
        item = data.item
        if item.id in already_decided:
            continue
        already_decided.add(item.id)
        origin = Origin(item.id, item.submission, item.line, event.actor, event.party, event.traceparent)
        current = trainings.get(data.training)
        decision = USE_CASES[type(event)](current, data)
        if isinstance(decision, Accepted):
            training = decision.training
            key = keys.get(item.id) or _key(training)
            if current is None and key not in alike:
                # Nearly all: new, and nothing like it.
                double = None
                alike[key] = [training.id]
                trainings[training.id] = training
                verdicts.versions.append(NewVersion(training, origin, key))
            else:
                double = _place(known, verdicts, origin, key, current, training)
            if data.warnings is None and double is None:
                verdicts.outcomes.append((origin, None))
                continue
            warnings: list[Anomaly] = [{"code": code} for code in data.warnings or ()]
            if double is not None:
                warnings.append(anomaly("sameTraining", "title", other=double.reference or double.id))
            verdicts.outcomes.append((origin, _outcome(item.line, "acceptedWithWarnings", warnings)))
            continue
        if isinstance(decision, Unchanged):
            outcome = _outcome(item.line, "unchanged", [anomaly("unchanged")])
        else:
            outcome = _outcome(item.line, "refused", [decision.anomaly])
        verdicts.outcomes.append((origin, outcome))
        verdicts.without_version.append(DecidedWithoutVersion(origin, outcome["status"], outcome["anomalies"]))
    return verdicts


def _place(
    known: KnownTrainings, verdicts: Verdicts, origin: Origin, key: int, before: Training | None, after: Training
) -> Training | None:
    """Put the training's new version, and those of trainings it affects, into the known; the training it doubles."""
    same = known.alike.get(key)
    changed: list[Training] = []
    if before is None and same and is_plain_double(after, known.trainings[same[0]]):
        after = after._replace(same_as=same[0])
        same.append(after.id)
    else:
        after, changed = _matched_with(known, key, before, after)
    for one in (after, *changed):
        known.trainings[one.id] = one
        verdicts.versions.append(NewVersion(one, origin, key if one is after else _key(one)))
    return known.trainings[after.same_as] if after.same_as else None


def _matched_with(
    known: KnownTrainings, key: int, before: Training | None, after: Training
) -> tuple[Training, list[Training]]:
    """Get the training with the one it doubles, and the new versions of those it affects; `known.alike` moves along."""
    groups = [known.alike.setdefault(key, [])]
    if before is not None:
        groups.append(known.alike.get(_key(before), []))
    near = {id_ for group in groups for id_ in group} - {after.id}
    after, changed = match_doubles(before, after, [known.trainings[id_] for id_ in sorted(near)])
    if after.id not in groups[0]:
        groups[0].append(after.id)
    now = {one.id: one for one in (after, *changed)}
    for group in groups:
        group.sort(key=lambda id_: not counts(now.get(id_) or known.trainings[id_]))
    return after, changed


def _key(training: Training) -> int:
    return key_of(training.person, training.content)


def _outcome(line: int, status: OutcomeStatus, anomalies: list[Anomaly]) -> ItemOutcome:
    return {"line": line, "status": status, "anomalies": anomalies}
