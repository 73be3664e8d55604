"""One employment: its terms, its balances, and every line that they are the sum of."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from services.entitlements.bookkeeping import stored_years
from services.entitlements.bookkeeping.stored_years import year_balance
from services.entitlements.domain.employments import Employment, EndReason
from services.entitlements.domain.lines import Figure
from services.entitlements.domain.settings import Settings
from services.entitlements.domain.year_end.end_of_contract import rest_at_end
from services.entitlements.queries.parameters import EmploymentId, Engine, InForce
from services.entitlements.storage import shown
from shared.clock import end_of_day
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/employments")

_NOT_FIGURES = ("incomplete", "mode", "unit", "hoursPerDay", "unknown")


@router.get("/{employment_id}")
async def employment(engine: Engine, scope: Asking, employment_id: EmploymentId) -> dict[str, Any]:
    """An employment with its balances per year; 404 when there is none in the asker's scope."""
    async with reading(engine, scope) as connection:
        found = await shown.employment(driver(connection), employment_id)
    if found is None:
        raise HTTPException(404, "no such employment")
    return found


@router.get("/{employment_id}/ledger")
async def ledger(
    engine: Engine,
    rules: InForce,
    scope: Asking,
    employment_id: EmploymentId,
    known_on: Annotated[date | None, Query(alias="knownOn")] = None,
) -> dict[str, Any]:
    """Why each figure is what it is: per year its lines, and figures that are the sums of these lines.

    `restAtEnd` of an employment whose end is known: what becomes of what is left (`lost`, `openCredit`, `undecided`).
    With `knownOn`: what was known at the end of that day in Brussels. 404 when there is none in the asker's scope.
    """
    async with reading(engine, scope) as connection:
        found = await shown.employment(driver(connection), employment_id)
        if found is None:
            raise HTTPException(404, "no such employment")
        known_by = None if known_on is None else end_of_day(known_on)
        lines = await shown.lines_of(driver(connection), employment_id, known_by)
    described = {year["year"]: year for year in found.pop("years")}
    by_year: dict[int, list[dict[str, Any]]] = {year: [] for year in described} if known_on is None else {}
    for line in lines:
        by_year.setdefault(line["year"], []).append(line)
    return {
        "employment": found | _rest_at_end(found, rules.settings),
        "years": [
            summed(year, own) | _described(described.get(year)) | {"lines": own}
            for year, own in sorted(by_year.items())
        ],
    }


def _rest_at_end(found: Mapping[str, Any], settings: Settings) -> dict[str, str]:
    if "endDate" not in found:
        return {}
    start, end = (date.fromisoformat(found[name]) for name in ("startDate", "endDate"))
    reason = EndReason(found["endReason"]) if "endReason" in found else None
    rest = rest_at_end(Employment(found["employment"], "", "", start, end, (), reason), settings)
    return {} if rest is None else {"restAtEnd": rest.value}


def summed(year: int, lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A year's figures from its lines, as `fla.entitlements.v1` tells them."""
    return dict(
        year_balance(stored_years.summed(year, ((Figure(line["figure"]), Decimal(line["amount"])) for line in lines)))
    )


def _described(year: Mapping[str, Any] | None) -> dict[str, Any]:
    """What lines cannot say of a year, as known now."""
    return {} if year is None else {name: year[name] for name in _NOT_FIGURES if name in year}
