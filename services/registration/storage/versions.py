"""Reading and writing trainings in bulk: one look-up and one COPY for a batch of any size."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import asyncpg
import orjson

from services.registration.domain.training import Change, Training
from shared.contracts.vocabulary import Anomaly
from shared.messaging.outcomes import Origin

# All versions, oldest first: the last one of a training is its present state, and every cause is an item that was
# decided. Trainings have few versions, and nearly all trainings of a batch are new: the primary key finds nothing.
_LOAD = """
select training::text, version, change, person::text, enterprise, sender, reference, registered_by,
       received_at, reason, content, cause::text, same_as::text, is_distinct
from training_version where training = any($1::uuid[]) order by training, version
"""
# Any version that ever had one of these keys names its training: whether it still has is seen when it is loaded.
# The keys travel as one text, which costs half of what thousands of numbers do.
_HAVING = "select distinct training::text from training_version where same_key = any($1::text::bigint[])"
_COUNTING = f"{_HAVING} and same_as is null"
# Thousands of keys, and a table of which PostgreSQL knows nothing until it is analysed: it would read all of it.
_BY_INDEX = "set local enable_seqscan = off"
_DECIDED = "select item::text from settled_item where item = any($1::uuid[])"

_VERSION_COLUMNS = (
    "training", "version", "change", "person", "enterprise", "sender", "reference", "registered_by", "start_date",
    "end_date", "content", "received_at", "recorded_at", "cause", "submission", "actor", "party", "reason", "same_as",
    "is_distinct", "same_key",
)  # fmt: skip
_DECIDED_COLUMNS = ("item", "submission", "line", "status", "anomalies", "settled_at")


@dataclass(slots=True)
class KnownTrainings:
    """What is known before a batch: trainings as they stand, by id, and the items decided before.

    `alike`: by key (`domain.doubles.key_of`) the trainings that have it, or had it, the one that counts first; `keys`:
    those already reckoned, by item.
    """

    trainings: dict[str, Training] = field(default_factory=dict)
    already_decided: set[str] = field(default_factory=set)
    alike: dict[int, list[str]] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)


class NewVersion(NamedTuple):
    """A version to store, what it is owed to, and its key."""

    training: Training
    origin: Origin
    key: int


class DecidedWithoutVersion(NamedTuple):
    """An item that led to no version. `status` as outcomes spell it."""

    origin: Origin
    status: str
    anomalies: list[Anomaly]


async def load(connection: asyncpg.Connection, known: KnownTrainings, trainings: Collection[str]) -> None:
    """Load these trainings, as far as they exist."""
    for row in await connection.fetch(_LOAD, trainings):
        received_at = row["received_at"].isoformat()
        earlier = known.trainings.get(row["training"])
        known.trainings[row["training"]] = Training(
            row["training"], row["version"], Change(row["change"]), row["person"], row["enterprise"], row["sender"],
            row["reference"], row["registered_by"], received_at, row["reason"], row["content"],
            received_at if earlier is None else earlier.registered_at, row["same_as"], bool(row["is_distinct"]),
        )  # fmt: skip
        known.already_decided.add(row["cause"])


async def having(connection: asyncpg.Connection, keys: Collection[int]) -> set[str]:
    """Get the trainings that have, or had, one of these keys."""
    return await _found(connection, _HAVING, keys)


async def counting(connection: asyncpg.Connection, keys: Collection[int]) -> set[str]:
    """Find those of them that count, or did: the one that a newcomer doubles is among them, however many do already."""
    return await _found(connection, _COUNTING, keys)


async def _found(connection: asyncpg.Connection, query: str, keys: Collection[int]) -> set[str]:
    await connection.execute(_BY_INDEX)
    return {row[0] for row in await connection.fetch(query, f"{{{','.join(map(str, keys))}}}")}


async def decided_without_version(connection: asyncpg.Connection, items: Collection[str]) -> set[str]:
    """Find those of these items that were decided without a version."""
    return {row["item"] for row in await connection.fetch(_DECIDED, items)}


async def store(
    connection: asyncpg.Connection,
    versions: Sequence[NewVersion],
    without: Sequence[DecidedWithoutVersion],
    now: datetime,
) -> None:
    """Add all of this. UniqueViolationError when another transaction was faster with one of them."""
    if versions:
        await connection.copy_records_to_table(
            "training_version", records=_version_rows(versions, now), columns=_VERSION_COLUMNS
        )
    if without:
        await connection.copy_records_to_table(
            "settled_item",
            records=[(*row.origin[:3], row.status, orjson.dumps(row.anomalies).decode(), now) for row in without],
            columns=_DECIDED_COLUMNS,
        )


def _version_rows(versions: Sequence[NewVersion], now: datetime) -> Iterable[tuple[Any, ...]]:
    day, moment = date.fromisoformat, datetime.fromisoformat
    for training, (item, submission, _, actor, party, _), key in versions:
        (
            id_, version, change, person, enterprise, sender, reference, registered_by, received_at, reason, content, _,
            same_as, distinct,
        ) = training  # fmt: skip
        yield (
            id_, version, change.value, person, enterprise, sender, reference, registered_by,
            day(content["startDate"]), day(content["endDate"]), orjson.dumps(content).decode(), moment(received_at),
            now, item, submission, actor, party, reason, same_as, distinct or None, key,
        )  # fmt: skip
