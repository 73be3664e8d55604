"""Employers' overrides: what an enterprise set itself, what was taken back, and every version of each."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from services.entitlements.queries.parameters import UUID_FORM, Engine
from services.entitlements.storage import overrides
from services.entitlements.storage.overrides import OverrideRow
from shared.contracts.answers.entitlements import Override, OverridePage, OverrideVersions
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber
from shared.http.scope import Asking

router = APIRouter(prefix="/internal")

MOST = 500


@router.get("/enterprises/{number}/entitlements")
async def of_enterprise(
    engine: Engine,
    scope: Asking,
    number: EnterpriseNumber,
    employment: Annotated[str | None, Query(pattern=UUID_FORM)] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MOST)] = 100,
) -> Response:
    """List the overrides of an enterprise, of one employment or year, the last registered first."""
    async with reading(engine, scope) as connection:
        rows, total = await overrides.of_enterprise(
            driver(connection), number, employment, year, most=page_size, skip=(page - 1) * page_size
        )
    return answer(OverridePage(items=[_answer(row) for row in rows], page=page, page_size=page_size, total=total))


@router.get("/entitlements/{entitlement}")
async def versions(engine: Engine, scope: Asking, entitlement: Annotated[str, Path(pattern=UUID_FORM)]) -> Response:
    """Find an override as it stands, and its versions, newest first; 404 when there is none in the asker's scope."""
    async with reading(engine, scope) as connection:
        found = [_answer(row) for row in await overrides.versions(driver(connection), entitlement)]
    if not found:
        raise HTTPException(404, "no such entitlement")
    return answer(OverrideVersions(entitlement=found[0], versions=found))


def _answer(row: OverrideRow) -> Override:
    return Override(
        entitlement=row.id,
        version=row.version,
        employment=row.employment,
        person=row.person,
        enterprise=row.enterprise,
        year=row.valid_from.year,
        until_year=None if row.valid_until.year == row.valid_from.year else row.valid_until.year,
        basis=row.basis,
        days=Decimal(format(row.days, "f")),
        right_type=row.right_type,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        registered_at=row.registered_at.isoformat(),
        cancelled=row.cancelled,
        reason=row.reason or None,
        collective_agreement=row.collective_agreement or None,
    )
