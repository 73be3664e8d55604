"""What if: another size, arrangement, working time or end. The same code as the ledger's, and nothing is recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Self

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.account import Account, EnterpriseFacts, KnownEmployment, KnownOverride
from services.entitlements.bookkeeping.recalculate_ledgers import wanted_of
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.bookkeeping.stored_years import year_balance, years_of
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod, Sizes
from services.entitlements.domain.arrangements.rows import ArrangementSet, RightType
from services.entitlements.domain.employments import Employment, EndReason, Term
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope
from services.entitlements.domain.settings import LEDGER_BEGINS
from services.entitlements.queries.employment_answers import supposed_line, year_figures
from services.entitlements.queries.parameters import UUID_FORM, Engine, InForce, committee, today
from services.entitlements.storage import accounts, enterprises
from shared.access.scope import Scope, system_scope
from shared.contracts.answers import entitlements as answers
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/what-if")

_SUPPOSED = "what-if"
_READING_ENTERPRISE = system_scope(_SUPPOSED)
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=8)]


class WhatIf(BaseModel):
    """What to suppose of a known employment, or of a new one (`startDate`, `jointCommittee` and `size`).

    `validFrom`: from when joint committee and working time hold, else all along. `fullTimeDays` and `base`: another
    arrangement. `asOf`: as it will be at the end of that day.
    """

    model_config = ConfigDict(extra="forbid")

    employment: Annotated[str, Field(pattern=UUID_FORM)] | None = None
    startDate: date | None = None
    endDate: date | None = None
    endReason: EndReason | None = None
    jointCommittee: str | None = None
    workingTime: Share | None = None
    validFrom: date | None = None
    size: Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=9)] | None = None
    fullTimeDays: Annotated[Decimal, Field(ge=0, le=366, decimal_places=6)] | None = None
    base: ArrangementSet | None = None
    asOf: date | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.employment is None and (self.startDate is None or self.jointCommittee is None or self.size is None):
            raise ValueError("name an employment, or a startDate, a jointCommittee and a size")
        if self.base is ArrangementSet.SECTOR:
            raise ValueError("the base is brochure or law")
        return self


@router.post("")
async def what_if(engine: Engine, rules: InForce, scope: Asking, asked: WhatIf) -> Response:
    """Calculate an employment's years now and with what is supposed, and record nothing; 404 out of scope."""
    day = asked.asOf or today()
    if asked.employment is None:
        account, enterprise, now = Account("", ""), EnterpriseFacts(), {}
        known = _new(asked)
    else:
        account, enterprise = await _known(engine, scope, rules, asked.employment)
        known = account.employments[asked.employment]
        now = years_of(known.employment, wanted_of(account, known, enterprise, rules, day))
        known = _supposed(known, asked)
    account.employments[known.employment.id] = known
    if asked.fullTimeDays is not None:
        account.overrides[_SUPPOSED] = _other_days(known, asked.fullTimeDays)
    if asked.size is not None:
        enterprise = replace(enterprise, sizes=Sizes(stated=(SizePeriod(LEDGER_BEGINS, None, asked.size),)))
    other = rules.with_base(asked.base or rules.base)
    target = wanted_of(account, known, enterprise, other, day)
    then = years_of(known.employment, target)
    return answer(
        answers.WhatIf(
            as_of=day,
            now=[year_figures(year_balance(now[year])) for year in sorted(now)],
            then=[year_figures(year_balance(then[year])) for year in sorted(then)],
            lines=[supposed_line(line) for line in sorted(target.lines, key=lambda line: (line.year, line.date))],
        )
    )


async def _known(engine: AsyncEngine, scope: Scope, rules: Rules, employment: str) -> tuple[Account, EnterpriseFacts]:
    async with reading(engine, scope) as connection:
        raw = driver(connection)
        places = await accounts.owners(raw, [employment])
        if employment not in places:
            raise HTTPException(404, "no such employment")
        pair = places[employment]
        account = (await accounts.load(raw, [pair]))[pair]
    # An employee may see what the enterprise's facts make of the right, though they are the enterprise's.
    async with reading(engine, _READING_ENTERPRISE) as connection:
        facts = await enterprises.facts(driver(connection), [pair[0]], rules.precedence)
    return account, facts[pair[0]]


def _new(asked: WhatIf) -> KnownEmployment:
    assert asked.startDate is not None and asked.jointCommittee is not None
    fraction = Fraction(1 if asked.workingTime is None else asked.workingTime)
    terms = (Term(asked.startDate, committee(asked.jointCommittee), fraction),)
    return KnownEmployment(_employment(_SUPPOSED, asked.startDate, asked, terms), 1, "", None, "[]")


def _employment(id_: str, start: date, asked: WhatIf, terms: tuple[Term, ...]) -> Employment:
    try:
        return Employment(id_, "", "", start, asked.endDate, terms, asked.endReason)
    except ValueError as error:
        raise HTTPException(422, str(error)) from error


def _supposed(known: KnownEmployment, asked: WhatIf) -> KnownEmployment:
    """Change a known employment as supposed."""
    employment = known.employment
    start, since = asked.startDate or employment.start, asked.validFrom or LEDGER_BEGINS
    terms = _supposed_terms(employment.terms, since, asked)
    if terms and start < terms[0].start:
        # Who began earlier began as is known of the beginning.
        terms = (replace(terms[0], start=start), *terms[1:])
    try:
        return replace(
            known,
            employment=replace(
                employment,
                start=start,
                end=asked.endDate or employment.end,
                end_reason=asked.endReason or employment.end_reason,
                terms=terms,
            ),
        )
    except ValueError as error:
        raise HTTPException(422, str(error)) from error


def _supposed_terms(terms: Sequence[Term], since: date, asked: WhatIf) -> tuple[Term, ...]:
    """Change joint committee or working time in terms from a day on."""
    if asked.jointCommittee is None and asked.workingTime is None:
        return tuple(terms)
    code = None if asked.jointCommittee is None else committee(asked.jointCommittee)
    before = [term for term in terms if term.start < since]
    after = [term for term in terms if term.start >= since]
    if before and (not after or after[0].start > since):
        after.insert(0, replace(before[-1], start=since))
    return (*before, *(_with(term, code, asked.workingTime) for term in after))


def _with(term: Term, code: str | None, working_time: Decimal | None) -> Term:
    return replace(
        term,
        joint_committee=code or term.joint_committee,
        fraction=term.fraction if working_time is None else Fraction(working_time),
    )


def _other_days(known: KnownEmployment, days: Decimal) -> KnownOverride:
    """Make an override of supposed days, with an agreement so that fewer days than the arrangement's hold too."""
    override = Override(
        _SUPPOSED,
        OverrideScope.EMPLOYMENT,
        OverrideKind.FULL_TIME_DAYS,
        LEDGER_BEGINS,
        None,
        days,
        _SUPPOSED,
        datetime.now(UTC),
        _SUPPOSED,
        RightType.COMPANY,
    )
    return KnownOverride(override, known.employment.id, 1)
