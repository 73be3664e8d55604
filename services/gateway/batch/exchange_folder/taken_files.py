"""The table of files taken from the exchange folder: the batch each became, and which answers were put there."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from services.gateway.batch.exchange_folder.file_names import ExchangeName

CANCELLED: Final = {"code": "cancelledBySender"}
"""What stands in the column `refusal` for a file that was cancelled before it was started.

It was not rejected, and its sender reads "cancelled"; the previous release, running beside this one, answers it by this
entry of its catalogue.
"""

# Held until the transaction ends, however it ends.
LOCK = "select pg_try_advisory_xact_lock(hashtextextended($1, 7306))"
TAKEN_AS = """
select e.submission::text, b.size, b.file_hash from exchange_file e left join batch b on b.submission = e.submission
where e.sender = $1 and e.name = $2
"""
ADD = "insert into exchange_file (sender, name, submission, refusal) values ($1, $2, $3::uuid, $4::jsonb)"
OPEN = """
select e.sender, e.name, e.submission::text, e.refusal, e.received_at, e.acknowledged_at
from exchange_file e where e.notified_at is null order by e.received_at limit 500
"""
ANSWERED = """
update exchange_file set acknowledged_at = coalesce(acknowledged_at, now()),
  notified_at = case when $3 then now() else notified_at end
where sender = $1 and name = $2
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a name was taken as: a batch with this content, or none, when it was rejected or cancelled at once."""

    batch: str | None
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file taken from the folder that is not answered in full."""

    sender: str
    name: str
    batch: str | None
    rejection: dict[str, Any] | None
    received_at: datetime
    acknowledged_at: datetime | None

    @property
    def is_cancelled(self) -> bool:
        """Tell whether its sender cancelled it before it was started, so that no batch came of it."""
        return self.rejection == CANCELLED


async def lock(connection: asyncpg.Connection, name: ExchangeName) -> bool:
    """Lock a file's name until the transaction ends; False if another has it."""
    return bool(await connection.fetchval(LOCK, f"exchange {name.common}"))


async def taken_as(connection: asyncpg.Connection, name: ExchangeName) -> Taken | None:
    """Find what a name was taken as; None when it was not taken yet."""
    row = await connection.fetchrow(TAKEN_AS, name.sender, name.common)
    return Taken(row["submission"], row["size"] or 0, row["file_hash"] or b"") if row is not None else None


async def add(
    connection: asyncpg.Connection, name: ExchangeName, batch: str | None, rejection: dict[str, Any] | None
) -> None:
    """Store that a file was taken: it became this batch, was rejected, or cancelled (CANCELLED)."""
    await connection.execute(ADD, name.sender, name.common, batch, json.dumps(rejection) if rejection else None)


async def unanswered(connection: asyncpg.Connection) -> list[OpenFile]:
    """List the files that are not answered in full, oldest first, at most 500."""
    return [
        OpenFile(
            row["sender"],
            row["name"],
            row["submission"],
            json.loads(row["refusal"]) if isinstance(row["refusal"], str) else row["refusal"],
            row["received_at"],
            row["acknowledged_at"],
        )
        for row in await connection.fetch(OPEN)
    ]


async def answered(connection: asyncpg.Connection, file: OpenFile, *, in_full: bool) -> None:
    """Store that the acknowledgement was put into the folder; with `in_full`: and that nothing more will come."""
    await connection.execute(ANSWERED, file.sender, file.name, in_full)
