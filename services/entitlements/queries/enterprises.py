"""Enterprises: their sizes and committees, what applies to them now, and who they employ."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query

from services.entitlements.bookkeeping.account import sizes_of
from services.entitlements.domain.amounts import exact_text
from services.entitlements.handlers.publish_events import size_state
from services.entitlements.queries.arrangements import answer
from services.entitlements.queries.parameters import UUID_FORM, Engine, EnterpriseNumber, InForce, today
from services.entitlements.storage import enterprises
from services.entitlements.storage.shown import employments_of
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/enterprises")

MOST = 1_000


@router.get("/{number}")
async def enterprise(
    engine: Engine, rules: InForce, scope: Asking, number: EnterpriseNumber, on: date | None = None
) -> dict[str, Any]:
    """An enterprise as known now, with the size that counts and the arrangement per committee; 404 out of scope."""
    day = on or today()
    async with reading(engine, scope) as connection:
        known = (await enterprises.load(driver(connection), [number])).get(number)
    if known is None or known.withdrawn:
        raise HTTPException(404, "no such enterprise")
    size = sizes_of(known.sizes, rules.precedence).on(day)
    workers = None if size is None else size.workers
    answered: dict[str, Any] = {
        "enterprise": known.number,
        "version": known.version,
        "name": known.name,
        "jointCommittees": list(known.joint_committees),
        "sizes": [size_state(one) for one in known.sizes],
        "on": day.isoformat(),
        "arrangements": [
            answer(rules.arrangements.applicable(code, workers, day), with_size=True) for code in known.joint_committees
        ],
    }
    if size is not None:
        answered["size"] = {"workers": exact_text(size.workers), "origin": size.origin.value}
    return answered


@router.get("/{number}/employments")
async def employments(
    engine: Engine,
    scope: Asking,
    number: EnterpriseNumber,
    after: Annotated[str | None, Query(pattern=UUID_FORM)] = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MOST)] = MOST,
) -> dict[str, Any]:
    """The enterprise's employments by id, each with its balances. `next`: the `after` of the next page, if any.

    Those out of scope are not there; an enterprise that is not known employs nobody.
    """
    async with reading(engine, scope) as connection:
        found = await employments_of(driver(connection), number, after, page_size + 1)
    answered: dict[str, Any] = {"items": found[:page_size]}
    if len(found) > page_size:
        answered["next"] = found[page_size - 1]["employment"]
    return answered
