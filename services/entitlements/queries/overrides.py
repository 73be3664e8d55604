"""Employers' overrides: what an enterprise set itself, what was taken back, and every version of each."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query

from services.entitlements.queries.parameters import UUID_FORM, Engine, EnterpriseNumber
from services.entitlements.storage import overrides
from shared.database.engine import driver
from shared.database.scope import reading
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
) -> dict[str, Any]:
    """The overrides of an enterprise, of one employment or year, the last registered first."""
    async with reading(engine, scope) as connection:
        items, total = await overrides.of_enterprise(
            driver(connection), number, employment, year, most=page_size, skip=(page - 1) * page_size
        )
    return {"items": items, "page": page, "pageSize": page_size, "total": total}


@router.get("/entitlements/{entitlement}")
async def versions(
    engine: Engine, scope: Asking, entitlement: Annotated[str, Path(pattern=UUID_FORM)]
) -> dict[str, Any]:
    """An override as it stands, and its versions, newest first; 404 when there is none in the asker's scope."""
    async with reading(engine, scope) as connection:
        found = await overrides.versions(driver(connection), entitlement)
    if not found:
        raise HTTPException(404, "no such entitlement")
    return {"entitlement": found[0], "versions": found}
