"""Enterprises: their sizes and committees, what applies to them now, and who they employ."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response

from services.entitlements.bookkeeping.account import (
    KnownEnterprise,
    opt_out_states,
    quarter_state,
    size_state,
    sizes_of,
)
from services.entitlements.domain.amounts import exact_text
from services.entitlements.domain.arrangements.enterprise_size import EnterpriseSize
from services.entitlements.queries.arrangements import arrangement_answer
from services.entitlements.queries.employment_answers import employment_answer
from services.entitlements.queries.parameters import UUID_FORM, Engine, InForce, today
from services.entitlements.storage import enterprises
from services.entitlements.storage.employment_ledgers import employments_of
from shared.contracts.answers.entitlements import AverageSize, Employments, Enterprise, SizeThatCounts
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/enterprises")

MOST = 1_000


@router.get("/{number}")
async def enterprise(
    engine: Engine, rules: InForce, scope: Asking, number: EnterpriseNumber, on: date | None = None
) -> Response:
    """Find an enterprise with the size that counts and the arrangement per committee on a day; 404 out of scope."""
    day = on or today()
    async with reading(engine, scope) as connection:
        known = (await enterprises.load(driver(connection), [number])).get(number)
    if known is None or known.withdrawn:
        raise HTTPException(404, "no such enterprise")
    sizes = sizes_of(known, rules.precedence)
    size = sizes.on(day)
    workers = None if size is None else size.workers
    applicable = [rules.arrangements.applicable(code, workers, day) for code in known.joint_committees]
    return answer(
        Enterprise(
            enterprise=known.number,
            version=known.version,
            name=known.name,
            joint_committees=list(known.joint_committees),
            sizes=[size_state(one) for one in known.sizes],
            on=day,
            arrangements=[arrangement_answer(one, with_size=True) for one in applicable],
            size=None if size is None else SizeThatCounts(workers=exact_text(size.workers), origin=size.origin.value),
            quarters=[quarter_state(one) for one in known.quarters] or None,
            average_sizes=[_average(one, known) for one in sizes.averaged] or None,
            opt_outs=opt_out_states(known.opt_outs) or None,
        )
    )


def _average(size: EnterpriseSize, known: KnownEnterprise) -> AverageSize:
    assert size.end is not None
    return AverageSize(
        workers=exact_text(size.workers),
        origin=size.origin.value,
        valid_from=size.start,
        valid_until=size.end,
        quarters=[quarter_state(one) for one in known.quarters if one.declaration.quarter in size.quarters],
    )


@router.get("/{number}/employments")
async def employments(
    engine: Engine,
    scope: Asking,
    number: EnterpriseNumber,
    after: Annotated[str | None, Query(pattern=UUID_FORM)] = None,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=MOST)] = MOST,
) -> Response:
    """List the enterprise's employments by id, each with its balances. `next`: the `after` of the next page, if any.

    Those out of scope are not there; an enterprise that is not known employs nobody.
    """
    async with reading(engine, scope) as connection:
        found = await employments_of(driver(connection), number, after, page_size + 1)
    return answer(
        Employments(
            items=[employment_answer(row) for row in found[:page_size]],
            next=found[page_size - 1].id if len(found) > page_size else None,
        )
    )
