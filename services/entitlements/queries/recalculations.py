"""How far recalculations have come."""

from fastapi import APIRouter, Response

from services.entitlements.queries.parameters import Engine
from services.entitlements.storage import recalculations as stored
from shared.contracts.answers.entitlements import Recalculation, Recalculations
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/recalculations")


@router.get("")
async def recalculations(engine: Engine, scope: Asking) -> Response:
    """List the last recalculations of enterprises in the asker's scope, newest first."""
    async with reading(engine, scope) as connection:
        rows = await stored.latest(driver(connection))
    return answer(Recalculations(items=[_answer(row) for row in rows]))


def _answer(row: stored.RecalculationRow) -> Recalculation:
    return Recalculation(
        recalculation=row.id,
        enterprise=row.enterprise,
        reason=row.reason,
        requested_at=row.requested_at.isoformat(),
        total=row.total,
        done=row.done,
        failure=row.failure,
        finished_at=None if row.finished_at is None else row.finished_at.isoformat(),
    )
