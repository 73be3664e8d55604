"""Reading trainings for people: the present state, an earlier one, and the way from one to the other.

Both questions go by the primary key (training, version) alone. Row-level security adds the asker's scope.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import DateTime

_COLUMNS = """
training::text, version, change, person::text, enterprise, sender, reference, registered_by, content, received_at,
recorded_at, submission::text, actor, party, reason, same_as::text, is_distinct
"""
# A version is superseded when the next one is recorded: derived, so that a row is never written twice.
_HISTORY = text(f"""
select {_COLUMNS}, lead(recorded_at) over (order by version) as superseded_at
from training_version where training = :training order by version desc
""")  # noqa: S608 - the columns are above
_AS_KNOWN_AT = text(f"""
select distinct on (training) {_COLUMNS}, null::timestamptz as superseded_at
from training_version where training = any(:ids) and recorded_at <= coalesce(:moment, 'infinity')
order by training, version desc
""").bindparams(  # noqa: S608 - the columns are above
    bindparam("ids", type_=ARRAY(Uuid(as_uuid=False))), bindparam("moment", type_=DateTime(timezone=True))
)

_WITH_KEYS = text(f"""
select distinct on (training) {_COLUMNS}, null::timestamptz as superseded_at
from training_version where training in (select v.training from training_version v where v.same_key = any(:keys))
order by training, version desc
""").bindparams(bindparam("keys", type_=ARRAY(BigInteger)))  # noqa: S608 - the columns are above

_NAMES = {
    "training": "training", "version": "version", "change": "change", "person": "person", "enterprise": "enterprise",
    "sender": "sender", "reference": "reference", "registered_by": "registeredBy", "content": "content",
    "received_at": "receivedAt", "recorded_at": "recordedAt", "superseded_at": "supersededAt",
    "submission": "submission", "actor": "actor", "party": "party", "reason": "reason",
    "same_as": "sameAs", "is_distinct": "distinct",
}  # fmt: skip


async def history(connection: AsyncConnection, training: str) -> list[dict[str, Any]]:
    """All versions of a training, newest first; empty when there is none in scope."""
    rows = await connection.execute(_HISTORY, {"training": training})
    return [_shown(dict(row)) for row in rows.mappings()]


async def as_known_at(
    connection: AsyncConnection, trainings: list[str], moment: datetime | None
) -> list[dict[str, Any]]:
    """The newest version recorded until this moment (None: now) of each of these trainings that is in scope."""
    rows = await connection.execute(_AS_KNOWN_AT, {"ids": trainings, "moment": moment})
    return [_shown(dict(row)) for row in rows.mappings()]


async def with_keys(connection: AsyncConnection, keys: list[int]) -> list[dict[str, Any]]:
    """The newest version of each training in scope that has, or had, one of these keys (`domain.doubles.key_of`)."""
    rows = await connection.execute(_WITH_KEYS, {"keys": keys})
    return [_shown(dict(row)) for row in rows.mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    """Names as contracts spell them; what is not there is left out, moments are in UTC."""
    shown: dict[str, Any] = {}
    for column, name in _NAMES.items():
        value = row[column]
        if value is not None:
            shown[name] = value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
    return shown
