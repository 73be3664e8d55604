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
       received_at, reason, content, cause::text
from training_version where training = any($1::uuid[]) order by training, version
"""
_SETTLED = "select item::text from settled_item where item = any($1::uuid[])"

_VERSION_COLUMNS = (
    "training", "version", "change", "person", "enterprise", "sender", "reference", "registered_by", "start_date",
    "end_date", "content", "received_at", "recorded_at", "cause", "submission", "actor", "party", "reason",
)  # fmt: skip
_SETTLED_COLUMNS = ("item", "submission", "line", "status", "anomalies", "settled_at")


@dataclass(slots=True)
class Book:
    """What is known before a batch: trainings as they stand, by id, and the items decided before."""

    trainings: dict[str, Training] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)


class NewVersion(NamedTuple):
    """A version to store, and what it is owed to."""

    training: Training
    origin: Origin


class Settled(NamedTuple):
    """An item that led to no version. `status` as outcomes spell it."""

    origin: Origin
    status: str
    anomalies: list[Anomaly]


async def load(connection: asyncpg.Connection, trainings: Collection[str]) -> Book:
    """These trainings, as far as they exist."""
    book = Book()
    for row in await connection.fetch(_LOAD, trainings):
        book.trainings[row["training"]] = Training(
            row["training"], row["version"], Change(row["change"]), row["person"], row["enterprise"], row["sender"],
            row["reference"], row["registered_by"], row["received_at"].isoformat(), row["reason"],
            row["content"],
        )  # fmt: skip
        book.told.add(row["cause"])
    return book


async def settled(connection: asyncpg.Connection, items: Collection[str]) -> set[str]:
    """Those of these items that were settled without a version."""
    return {row["item"] for row in await connection.fetch(_SETTLED, items)}


async def store(
    connection: asyncpg.Connection, versions: Sequence[NewVersion], without: Sequence[Settled], now: datetime
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
            columns=_SETTLED_COLUMNS,
        )


def _version_rows(versions: Sequence[NewVersion], now: datetime) -> Iterable[tuple[Any, ...]]:
    day, moment = date.fromisoformat, datetime.fromisoformat
    for training, (item, submission, _, actor, party, _) in versions:
        (id_, version, change, person, enterprise, sender, reference, registered_by, received_at, reason, content) = (
            training
        )
        yield (
            id_, version, change.value, person, enterprise, sender, reference, registered_by,
            day(content["startDate"]), day(content["endDate"]), orjson.dumps(content).decode(), moment(received_at),
            now, item, submission, actor, party, reason,
        )  # fmt: skip
