"""Questions to registration: trainings with all their versions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.gateway.questions.service import ServiceQuestions
from shared.access.scope import Scope
from shared.contracts.answers import registration as answers


class RegistrationQuestions(ServiceQuestions):
    """The client of registration."""

    async def training(self, scope: Scope, training: UUID) -> answers.TrainingHistory | None:
        """Ask for a training and its versions, newest first; None: there is none in the scope."""
        return await self._get(answers.TrainingHistory, f"/internal/trainings/{training}", scope)

    async def trainings(
        self, scope: Scope, trainings: Sequence[str], as_known_at: datetime | None = None
    ) -> answers.Trainings | None:
        """Ask for the states of these trainings (at most 1,000), as known now or as they were known at a moment."""
        body = {"ids": trainings} | ({} if as_known_at is None else {"asKnownAt": as_known_at})
        return await self._post(answers.Trainings, "/internal/trainings/query", scope, body)

    async def doubles(
        self,
        scope: Scope,
        *,
        enterprise: str,
        persons: Sequence[str],
        title: str,
        start_date: str,
        end_date: str,
        minutes: int,
    ) -> answers.Trainings | None:
        """Ask who of these people (at most 20,000) has the same training at this enterprise already.

        Days in ISO form, as they were declared.
        """
        body = {
            "enterprise": enterprise,
            "persons": persons,
            "title": title,
            "startDate": start_date,
            "endDate": end_date,
            "minutes": minutes,
        }
        return await self._post(answers.Trainings, "/internal/trainings/doubles", scope, body)
