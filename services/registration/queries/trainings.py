"""Trainings as they stand, as they were, and how they came to be so."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registration.storage.history import as_known_at, history
from shared.contracts.answers.registration import TrainingHistory, Trainings
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/trainings")

MOST_IDS = 1_000
TrainingId = Annotated[str, Field(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class TrainingQuery(BaseModel):
    """Which trainings; with `asKnownAt` as they were known at that moment, else as they are known now."""

    ids: list[TrainingId] = Field(max_length=MOST_IDS)
    asKnownAt: AwareDatetime | None = None


def engine_of(request: Request) -> AsyncEngine:
    """Return the service's database."""
    engine: AsyncEngine = request.app.state.messaging.engine
    return engine


@router.get("/{training_id}")
async def training(request: Request, training_id: TrainingId, scope: Asking) -> Response:
    """Answer a training and all its versions, newest first; 404 when there is none in the asker's scope."""
    async with reading(engine_of(request), scope) as connection:
        versions = await history(connection, training_id)
    if not versions:
        raise HTTPException(404, "no such training")
    return answer(TrainingHistory(training=versions[0], versions=versions))


@router.post("/query")
async def query(request: Request, asked: TrainingQuery, scope: Asking) -> Response:
    """Answer those of these trainings that are in the asker's scope, in no particular order."""
    async with reading(engine_of(request), scope) as connection:
        return answer(Trainings(items=await as_known_at(connection, asked.ids, asked.asKnownAt)))
