"""Which arrangement applies, and why: open to anyone."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.account import KnownEnterprise, sizes_of
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.amounts import exact_text
from services.entitlements.domain.arrangements.rows import ArrangementRow, Unit
from services.entitlements.domain.arrangements.which_applies import Applicable
from services.entitlements.domain.working_days import USUAL_WEEK, days_from_hours, hours_per_day
from services.entitlements.queries.parameters import Engine, InForce, committee, today
from services.entitlements.storage import enterprises
from shared.access.scope import system_scope
from shared.contracts.answers import entitlements as answers
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
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
) -> Response:
    """Look up the arrangement for a joint committee and a size, or for each joint committee of a registered enterprise.

    The size of an enterprise itself is answered to its own people only. 404: no such enterprise; 422: neither an
    enterprise nor a committee and a size was named.
    """
    day = on or today()
    asked = None if joint_committee is None else committee(joint_committee)
    if enterprise is not None:
        known = await _enterprise(engine, enterprise)
        with_size = scope.allows_enterprise(enterprise)
        items = [arrangement_answer(one, with_size=with_size) for one in _of_enterprise(rules, known, asked, day)]
        return answer(answers.ArrangementLookUp(on=day, enterprise=enterprise, name=known.name, items=items))
    if asked is None and size is None:
        raise HTTPException(422, "name an enterprise, or a joint committee and a size")
    found = rules.looked_up(asked, size, day)
    return answer(answers.ArrangementLookUp(on=day, items=[arrangement_answer(found, with_size=True)]))


@router.get("/generalRule")
async def general_rule(rules: InForce, _: Asking, on: date | None = None) -> Response:
    """List what holds where no joint committee speaks: the days of a full-timer by size, smallest first."""
    day = on or today()
    bands = [_band(row) for row in rules.arrangements.general_rule(day)]
    return answer(answers.GeneralRule(on=day, set=rules.base.value, items=bands))


def _band(row: ArrangementRow) -> answers.SizeBandDays:
    amount = Fraction(row.amount)
    if row.unit is Unit.HOURS:
        amount = days_from_hours(amount, row.hours_per_day or hours_per_day(USUAL_WEEK))
    return answers.SizeBandDays(
        lower=_exact(row.size.lower),
        lower_included=row.size.lower_included,
        upper=None if row.size.upper is None else _exact(row.size.upper),
        upper_included=row.size.upper_included,
        days=_exact(amount),
    )


@router.get("/jointCommittees")
async def joint_committees(rules: InForce, _: Asking) -> Response:
    """List the joint committees for which anything else than the base is known, to choose from."""
    return answer(answers.JointCommittees(items=[answers.JointCommittee(code=code) for code in rules.joint_committees]))


async def _enterprise(engine: AsyncEngine, number: str) -> KnownEnterprise:
    """Find an enterprise outside the asker's scope: anyone may ask which arrangement applies to it (brochure)."""
    async with reading(engine, _LOOKING_UP) as connection:
        known = (await enterprises.load(driver(connection), [number])).get(number)
    if known is None:
        raise HTTPException(404, "no such enterprise")
    return known


def _of_enterprise(rules: Rules, known: KnownEnterprise, asked: str | None, day: date) -> list[Applicable]:
    size = sizes_of(known, rules.precedence).on(day)
    workers = None if size is None else size.workers
    codes = known.joint_committees if asked is None else (asked,)
    return [rules.arrangements.applicable(code, workers, day) for code in codes]


def arrangement_answer(found: Applicable, *, with_size: bool) -> answers.Arrangement:
    """Build the answer of a look-up; without the size where that is not the asker's to know."""
    row, parameters = found.row, dict(found.reason.parameters)
    if not with_size:
        parameters.pop("size", None)
    return answers.Arrangement(
        joint_committee=found.joint_committee,
        size=exact_text(found.size) if with_size and found.size is not None else None,
        known=found.known,
        reason=found.reason.code.value,
        parameters=parameters,
        **({} if row is None else _decided_by(row, found)),
    )


def _decided_by(row: ArrangementRow, found: Applicable) -> dict[str, Any]:
    """Collect the fields of `Arrangement` that only a row that decides can fill."""
    days, hours = found.days(), found.hours()
    return {
        "days": None if days is None else _exact(days),
        "hours": None if hours is None else _exact(hours),
        "hours_per_day": found.hours_per_day(),
        "unit": row.unit.value,
        "set": row.set.value,
        "arrangement": row.id,
        "source": row.source,
        "confidence": row.confidence.value,
        "average_per_fte": row.average_per_fte,
        "min_months_worked": row.min_months_worked,
        "note": row.note or None,
    }


def _exact(value: Fraction) -> Decimal:
    """Convert to a decimal: exact where one can be, else to six decimals."""
    text = exact_text(value)
    return Decimal(text) if "/" not in text else round(Decimal(value.numerator) / Decimal(value.denominator), 6)
