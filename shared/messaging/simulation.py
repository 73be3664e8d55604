"""Deciding without consequences: the same handler, on events that nobody sent, in a transaction that is taken back."""

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts import outcomes
from shared.contracts.outcomes import Decision
from shared.database.engine import driver, taken_back
from shared.messaging.decoding import decode
from shared.messaging.records import Handlers, Record, Work


class NotAnEventError(ValueError):
    """What was given is no event of its topic."""


async def rehearse(engine: AsyncEngine, handlers: Handlers, topic: str, values: Sequence[bytes]) -> list[Decision]:
    """Decide on these events of one topic as if they came now, in this order; nothing stays.

    Locks what the handler locks for as long as it works: ask for a thousand events at a time, not for a file. Raises
    NotAnEventError, KeyError for a topic that is not handled here, or what the handler raised.
    """
    handler = handlers[topic]
    read, broken = decode(topic, [Record(topic, 0, n, b"", value, 0) for n, value in enumerate(values)], handler)
    if broken:
        raise NotAnEventError(broken[0].error)
    async with taken_back(engine) as connection:
        work = Work(driver(connection), datetime.now(UTC))
        await handler(work, [event for _, event in read])
    return [orjson.loads(one.value)["data"] for one in work.outgoing if one.topic == outcomes.TOPIC]
