"""One employment: its terms, its balances, and every line that they are the sum of."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from services.entitlements.queries.employment_answers import employment_answer, ledger_answer
from services.entitlements.queries.parameters import EmploymentId, Engine, InForce, today
from services.entitlements.storage import employment_ledgers
from shared.clock import end_of_day
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/employments")


@router.get("/{employment_id}")
async def employment(engine: Engine, scope: Asking, employment_id: EmploymentId) -> Response:
    """Find an employment with its balances per year; 404 when there is none in the asker's scope."""
    async with reading(engine, scope) as connection:
        found = await employment_ledgers.employment(driver(connection), employment_id)
    if found is None:
        raise HTTPException(404, "no such employment")
    return answer(employment_answer(found))


@router.get("/{employment_id}/ledger")
async def ledger(
    engine: Engine,
    rules: InForce,
    scope: Asking,
    employment_id: EmploymentId,
    known_on: Annotated[date | None, Query(alias="knownOn")] = None,
) -> Response:
    """Explain why each figure is what it is: per year its lines, and figures that are the sums of these lines.

    With `knownOn`: what was recorded by the end of that day in Brussels, the employment itself too. 404 when there is
    none in the asker's scope.
    """
    async with reading(engine, scope) as connection:
        found = await employment_ledgers.employment(driver(connection), employment_id)
        if found is None:
            raise HTTPException(404, "no such employment")
        known_by = None
        if known_on is not None:
            known_by = end_of_day(known_on)
            found = await employment_ledgers.as_known(driver(connection), found, known_by)
        lines = await employment_ledgers.lines_of(driver(connection), employment_id, known_by)
    return answer(ledger_answer(found, lines, rules.settings, known_on or today(), lines_only=known_on is not None))
