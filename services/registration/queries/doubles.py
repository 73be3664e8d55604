"""Who has a training already, before it is registered for them: `POST /internal/trainings/doubles`."""

from typing import Annotated, cast

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from services.registration.domain.doubles import key_of, what_is_followed
from services.registration.queries.trainings import TrainingId, engine_of
from services.registration.storage.history import with_keys
from shared.contracts.answers.registration import Trainings, TrainingVersion
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import EnterpriseNumber, LocalDate
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/trainings")

MOST_PERSONS = 20_000


class Asked(BaseModel):
    """A training that is about to be registered for these people of an enterprise."""

    enterprise: EnterpriseNumber
    persons: Annotated[list[TrainingId], Field(max_length=MOST_PERSONS)]
    title: str
    startDate: LocalDate
    endDate: LocalDate
    minutes: int


@router.post("/doubles")
async def doubles(request: Request, asked: Asked, scope: Asking) -> Response:
    """Answer, for each of these people who has it, the training that counts, as it stands; in the asker's scope."""
    content = cast("TrainingContent", asked.model_dump(include={"title", "startDate", "endDate", "minutes"}))
    keys = [key_of(person, content) for person in asked.persons]
    async with reading(engine_of(request), scope) as connection:
        found = await with_keys(connection, keys)
    persons = frozenset(asked.persons)
    items = [one for one in found if one.person in persons and _is_it(one, asked.enterprise, content)]
    return answer(Trainings(items=items))


def _is_it(training: TrainingVersion, enterprise: str, content: TrainingContent) -> bool:
    return (
        training.change != "cancelled"
        and not training.distinct
        and training.same_as is None
        and training.enterprise == enterprise
        and what_is_followed(training.content) == what_is_followed(content)
    )
