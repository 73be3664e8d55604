"""Which arrangement applies, and why: open to anyone."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.account import KnownEnterprise, sizes_of
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.amounts import exact_text
from services.entitlements.domain.arrangements.rows import ArrangementRow, Unit
from services.entitlements.domain.arrangements.which_applies import Applicable
from services.entitlements.domain.working_days import USUAL_WEEK, days_from_hours, hours_per_day
from services.entitlements.queries.parameters import Engine, InForce, committee, text_of, today, without_nothing
from services.entitlements.storage import enterprises
from shared.access.scope import system_scope
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.scope import Asking

router = APIRouter(prefix="/internal")

_LOOKING_UP = system_scope("arrangement-look-up")


@router.get("/arrangement")
async def arrangement(
    engine: Engine,
    rules: InForce,
    scope: Asking,
    joint_committee: Annotated[str | None, Query(alias="jointCommittee")] = None,
    size: Annotated[Decimal | None, Query(ge=0, le=100_000_000, decimal_places=9)] = None,
    on: date | None = None,
    enterprise: Annotated[str | None, Query(pattern="^[01][0-9]{9}$")] = None,
) -> dict[str, Any]:
    """The arrangement for a joint committee and a size, or for each joint committee of a registered enterprise.

    `{"on", "items": [{"jointCommittee", "known", "reason", "parameters", "days", "hours", …}]}`. The size of an
    enterprise itself is told to its own people only. 404: no such enterprise; 422: neither of both was asked.
    """
    day = on or today()
    asked = None if joint_committee is None else committee(joint_committee)
    if enterprise is not None:
        known = await _enterprise(engine, enterprise)
        found = _of_enterprise(rules, known, asked, day)
        items = [answer(one, with_size=scope.allows_enterprise(enterprise)) for one in found]
        return {"on": day.isoformat(), "enterprise": enterprise, "name": known.name, "items": items}
    if asked is None and size is None:
        raise HTTPException(422, "name an enterprise, or a joint committee and a size")
    return {"on": day.isoformat(), "items": [answer(rules.looked_up(asked, size, day), with_size=True)]}


@router.get("/generalRule")
async def general_rule(rules: InForce, _: Asking, on: date | None = None) -> dict[str, Any]:
    """What holds where no joint committee speaks: the days of a full-timer by size, smallest first."""
    day = on or today()
    return {
        "on": day.isoformat(),
        "set": rules.base.value,
        "items": [_band(row) for row in rules.arrangements.general_rule(day)],
    }


def _band(row: ArrangementRow) -> dict[str, Any]:
    amount = Fraction(row.amount)
    if row.unit is Unit.HOURS:
        amount = days_from_hours(amount, row.hours_per_day or hours_per_day(USUAL_WEEK))
    return without_nothing(
        {
            "lower": exact_text(row.size.lower),
            "lowerIncluded": row.size.lower_included,
            "upper": None if row.size.upper is None else exact_text(row.size.upper),
            "upperIncluded": row.size.upper_included,
            "days": _exact(amount),
        }
    )


@router.get("/jointCommittees")
async def joint_committees(rules: InForce, _: Asking) -> dict[str, Any]:
    """The joint committees for which anything else than the base is known, to choose from."""
    return {"items": [{"code": code} for code in rules.joint_committees]}


async def _enterprise(engine: AsyncEngine, number: str) -> KnownEnterprise:
    """Anyone may ask which arrangement applies to an enterprise (brochure): not read in the asker's scope."""
    async with reading(engine, _LOOKING_UP) as connection:
        known = (await enterprises.load(driver(connection), [number])).get(number)
    if known is None:
        raise HTTPException(404, "no such enterprise")
    return known


def _of_enterprise(rules: Rules, known: KnownEnterprise, asked: str | None, day: date) -> list[Applicable]:
    size = sizes_of(known.sizes, rules.precedence).on(day)
    workers = None if size is None else size.workers
    codes = known.joint_committees if asked is None else (asked,)
    return [rules.arrangements.applicable(code, workers, day) for code in codes]


def answer(found: Applicable, *, with_size: bool) -> dict[str, Any]:
    """A look-up as JSON. Days and hours are decimal text of a full-timer's whole year; absent where unknown."""
    row, parameters = found.row, dict(found.reason.parameters)
    if not with_size:
        parameters.pop("size", None)
    answered: dict[str, Any] = {
        "jointCommittee": found.joint_committee,
        "size": exact_text(found.size) if with_size and found.size is not None else None,
        "known": found.known,
        "reason": found.reason.code.value,
        "parameters": parameters,
    }
    if row is not None:
        answered |= {
            "days": _exact(found.days()),
            "hours": _exact(found.hours()),
            "hoursPerDay": text_of(found.hours_per_day()),
            "unit": row.unit.value,
            "set": row.set.value,
            "arrangement": row.id,
            "source": row.source,
            "confidence": row.confidence.value,
            "averagePerFte": row.average_per_fte,
            "minMonthsWorked": row.min_months_worked,
            "note": row.note or None,
        }
    return without_nothing(answered)


def _exact(value: Fraction | None) -> str | None:
    """Decimal text: exact where a decimal can be, else to six decimals."""
    if value is None:
        return None
    text = exact_text(value)
    return text if "/" not in text else format(round(Decimal(value.numerator) / Decimal(value.denominator), 6), "f")
