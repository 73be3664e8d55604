"""What the dashboard listens to, and which read model each event goes into."""

from collections.abc import Sequence
from typing import Any

from services.dashboard.projections.balances import project_balances
from services.dashboard.projections.employments import project_employments
from services.dashboard.projections.enterprises import project_enterprises
from services.dashboard.projections.trainings import project_trainings
from shared.contracts.employments import TOPIC as EMPLOYMENTS
from shared.contracts.entitlements import TOPIC as ENTITLEMENTS
from shared.contracts.lean import BalanceToShow, TrainingToShow
from shared.contracts.trainings import TOPIC as TRAININGS
from shared.messaging.decoding import TypedHandler
from shared.messaging.records import BatchHandler, Handlers, Work

__all__ = ["HANDLERS"]


def _all(*projections: BatchHandler) -> BatchHandler:
    async def handler(work: Work, events: Sequence[Any]) -> None:
        for projection in projections:
            await projection(work, events)

    return handler


HANDLERS: Handlers = {
    EMPLOYMENTS: _all(project_enterprises, project_employments),
    TRAININGS: TypedHandler(TrainingToShow, project_trainings),
    ENTITLEMENTS: TypedHandler(BalanceToShow, project_balances),
}
