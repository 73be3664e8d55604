"""The operator's side of a service: its status, and the parked keys to release or drop."""

import asyncpg
from fastapi import APIRouter, HTTPException, Request, Response
from msgspec import convert
from pydantic import BaseModel

from shared.contracts.answers import service as answers
from shared.contracts.answers.service import Done, ParkedKeys, ServiceStatus
from shared.database.engine import driver, transaction
from shared.http.answers import answer
from shared.http.scope import AskingOperator
from shared.messaging import parking
from shared.messaging.runtime import Messaging
from shared.reasons import Reason

router = APIRouter(prefix="/internal")


class ParkedKey(BaseModel):
    """A key whose records wait, as the list shows it. `key` is an id, never a national number."""

    topic: str
    key: str


class Drop(ParkedKey):
    """Give up the first record of a key; the reason is kept beside it."""

    reason: Reason


def _messaging(request: Request) -> Messaging:
    messaging: Messaging = request.app.state.messaging
    return messaging


def _shown(key: bytes) -> str:
    """Keys are ids in ASCII; a stranger's may be any bytes, and must be told from others all the same."""
    return key.decode(errors="backslashreplace")


async def _named(connection: asyncpg.Connection, parked_key: ParkedKey) -> bytes:
    for _, key in await parking.keys(connection, [parked_key.topic]):
        if _shown(key) == parked_key.key:
            return key
    raise _not_there()


def _not_there() -> HTTPException:
    return HTTPException(404, "nothing is parked under this key any more")


@router.get("/status")
async def status(request: Request, _: AskingOperator) -> Response:
    """Answer throughput, lag, age, parked records and outbox of this service."""
    return answer(convert(_messaging(request).status(), ServiceStatus))


@router.get("/parked")
async def parked(request: Request, _: AskingOperator) -> Response:
    """Answer the parked keys, those parked longest first."""
    async with transaction(_messaging(request).engine) as connection:
        rows = await driver(connection).fetch(parking.LIST, 200)
    return answer(ParkedKeys(items=[_item(row) for row in rows]))


def _item(row: asyncpg.Record) -> answers.ParkedKey:
    return answers.ParkedKey(
        topic=row["topic"],
        key=_shown(row["key"]),
        offset=row["offset"],
        records=row["records"],
        since=row["since"],
        error=row["error"],
        attempts=row["attempts"],
        released=row["released"],
    )


@router.post("/parked/release")
async def release(request: Request, key: ParkedKey, _: AskingOperator) -> Response:
    """Ask for another try, within seconds. 404: nothing is parked under this key."""
    async with transaction(_messaging(request).engine) as connection:
        raw = driver(connection)
        # It may have gone through, or been dropped, since it was looked up.
        if not await parking.release(raw, key.topic, await _named(raw, key)):
            raise _not_there()
    return answer(Done(), 202)


@router.post("/parked/drop")
async def drop(request: Request, given_up: Drop, scope: AskingOperator) -> Response:
    """Give up the first parked record of a key; the next ones are tried again. 404: nothing is parked under it."""
    async with transaction(_messaging(request).engine) as connection:
        raw = driver(connection)
        key = await _named(raw, given_up)
        if not await parking.drop(raw, given_up.topic, key, scope.actor_id, given_up.reason):
            raise _not_there()
    return answer(Done(), 202)
