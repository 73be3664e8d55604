"""Trainings as people read them: the present state, an earlier one, and the way from one to the other.

Both questions go by the primary key (training, version) alone. Row-level security adds the asker's scope.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import DateTime

from shared.contracts.answers.registration import TrainingVersion

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


async def history(connection: AsyncConnection, training: str) -> list[TrainingVersion]:
    """Read all versions of a training, newest first; empty when there is none in scope."""
    rows = await connection.execute(_HISTORY, {"training": training})
    return [_version(row) for row in rows]


async def as_known_at(
    connection: AsyncConnection, trainings: list[str], moment: datetime | None
) -> list[TrainingVersion]:
    """Read the newest version recorded until a moment (None: now) of each of these trainings that is in scope."""
    rows = await connection.execute(_AS_KNOWN_AT, {"ids": trainings, "moment": moment})
    return [_version(row) for row in rows]


async def with_keys(connection: AsyncConnection, keys: list[int]) -> list[TrainingVersion]:
    """Read the newest version of each training in scope that has or had one of these keys (`domain.doubles.key_of`)."""
    rows = await connection.execute(_WITH_KEYS, {"keys": keys})
    return [_version(row) for row in rows]


def _version(row: Row[Any]) -> TrainingVersion:
    return TrainingVersion(
        training=row.training,
        version=row.version,
        change=row.change,
        person=row.person,
        enterprise=row.enterprise,
        sender=row.sender,
        reference=row.reference,
        registered_by=row.registered_by,
        content=row.content,
        received_at=_moment(row.received_at),
        recorded_at=_moment(row.recorded_at),
        superseded_at=None if row.superseded_at is None else _moment(row.superseded_at),
        submission=row.submission,
        actor=row.actor,
        party=row.party,
        reason=row.reason,
        same_as=row.same_as,
        distinct=row.is_distinct,
    )


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
