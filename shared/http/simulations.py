"""`POST /internal/rehearsals`: what a service would decide on declarations, for whoever simulates a file."""

from typing import Any

import orjson
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, Field

from shared.contracts.answers.service import Decisions
from shared.http.answers import answer
from shared.http.scope import AskingOperator
from shared.messaging.runtime import Messaging
from shared.messaging.simulation import NotAnEventError, rehearse

MOST_EVENTS = 20_000

router = APIRouter(prefix="/internal")


class Rehearsal(BaseModel):
    """Events of one topic, in the order in which they would come."""

    topic: str
    events: list[dict[str, Any]] = Field(max_length=MOST_EVENTS)


@router.post("/rehearsals")
async def rehearsal(request: Request, asked: Rehearsal, _: AskingOperator) -> Response:
    """Answer the decisions, as `fla.outcomes` would tell them. Nothing is kept, nobody is told."""
    messaging: Messaging = request.app.state.messaging
    if asked.topic not in messaging.handlers:
        raise HTTPException(404, "nothing is decided here on this topic")
    try:
        decisions = await rehearse(
            messaging.engine, messaging.handlers, asked.topic, [orjson.dumps(event) for event in asked.events]
        )
    except NotAnEventError as error:
        raise HTTPException(422, str(error)) from error
    return answer(Decisions(decisions=decisions))
