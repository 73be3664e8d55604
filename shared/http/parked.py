"""The operator's side of a service: its status, and the parked keys to release or drop."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from shared.database.engine import driver, transaction
from shared.http.scope import AskingOperator
from shared.messaging import parking
from shared.messaging.runtime import Messaging

router = APIRouter(prefix="/internal")


class ParkedKey(BaseModel):
    """A key whose records wait. `key` is an id, never a national number."""

    topic: str
    key: str


class Drop(ParkedKey):
    """Give up the first record of a key; the reason is kept beside it."""

    reason: str = Field(min_length=3)


def _messaging(request: Request) -> Messaging:
    messaging: Messaging = request.app.state.messaging
    return messaging


@router.get("/status")
async def status(request: Request, _: AskingOperator) -> dict[str, Any]:
    """Throughput, lag, age, parked records and outbox of this service."""
    return _messaging(request).status()


@router.get("/parked")
async def parked(request: Request, _: AskingOperator) -> dict[str, Any]:
    """The parked keys, longest first: topic, key, first offset, records, error, since."""
    async with transaction(_messaging(request).engine) as connection:
        rows = await driver(connection).fetch(parking.LIST, 200)
    return {"items": [dict(row) | {"key": row["key"].decode(errors="replace")} for row in rows]}


@router.post("/parked/release", status_code=202)
async def release(request: Request, key: ParkedKey, _: AskingOperator) -> dict[str, Any]:
    """Ask for another try, within seconds."""
    async with transaction(_messaging(request).engine) as connection:
        await driver(connection).execute(parking.RELEASE, key.topic, key.key.encode())
    return {}


@router.post("/parked/drop", status_code=202)
async def drop(request: Request, given_up: Drop, scope: AskingOperator) -> dict[str, Any]:
    """Give up the first parked record of a key; the next ones are tried again."""
    async with transaction(_messaging(request).engine) as connection:
        await parking.drop(driver(connection), given_up.topic, given_up.key.encode(), scope.actor_id, given_up.reason)
    return {}
