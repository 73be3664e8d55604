"""Employers' overrides for everybody they employ: what is set, what was taken back, and every version of each."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response

from services.entitlements.queries.parameters import UUID_FORM, Engine
from services.entitlements.storage import overrides
from services.entitlements.storage.overrides import EnterpriseOverrideRow
from shared.contracts.answers.entitlements import (
    EnterpriseOverride,
    EnterpriseOverridePage,
    EnterpriseOverrideVersions,
)
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber
from shared.http.scope import Asking

router = APIRouter(prefix="/internal")

MOST = 500


@router.get("/enterprises/{number}/enterpriseEntitlements")
async def of_enterprise(
    engine: Engine,
    scope: Asking,
    number: EnterpriseNumber,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MOST)] = 100,
) -> Response:
    """List the overrides for everybody at an enterprise, or those of a year, the last registered first."""
    async with reading(engine, scope) as connection:
        rows, total = await overrides.for_all_of_enterprise(
            driver(connection), number, year, most=page_size, skip=(page - 1) * page_size
        )
    items = [_answer(row) for row in rows]
    return answer(EnterpriseOverridePage(items=items, page=page, page_size=page_size, total=total))


@router.get("/enterpriseEntitlements/{entitlement}")
async def versions(engine: Engine, scope: Asking, entitlement: Annotated[str, Path(pattern=UUID_FORM)]) -> Response:
    """Find an override for everybody as it stands, and its versions, newest first; 404 out of the asker's scope."""
    async with reading(engine, scope) as connection:
        found = [_answer(row) for row in await overrides.versions_for_all(driver(connection), entitlement)]
    if not found:
        raise HTTPException(404, "no such entitlement")
    return answer(EnterpriseOverrideVersions(entitlement=found[0], versions=found))


def _answer(row: EnterpriseOverrideRow) -> EnterpriseOverride:
    first, last = row.valid_from.year, row.valid_until.year
    return EnterpriseOverride(
        entitlement=row.id,
        version=row.version,
        enterprise=row.enterprise,
        year=first,
        until_year=None if last == first else last,
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
