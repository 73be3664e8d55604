"""How far recalculations have come."""

from typing import Any

from fastapi import APIRouter

from services.entitlements.queries.parameters import Engine
from services.entitlements.storage import shown
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/recalculations")


@router.get("")
async def recalculations(engine: Engine, scope: Asking) -> dict[str, Any]:
    """The last ones, for enterprises in the asker's scope, newest first."""
    async with reading(engine, scope) as connection:
        return {"items": await shown.recalculations(driver(connection))}
