"""What if: `…/employees/{employment}/what-if`. The years with other facts beside those that hold; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.intake.supposition import checked_supposition
from services.gateway.web.credit.credit import LedgerLine
from services.gateway.web.employees.employment_form import committees_offered
from services.gateway.web.employees.working_time import fraction_typed, in_percent
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.joint_committees import choices
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.typed_values import typed_day, typed_decimal
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.entitlements import Employment, WhatIf
from shared.contracts.answers.entitlements import SupposedLine as AnsweredLine
from shared.contracts.ledger_inputs import inputs_from
from shared.i18n import Language

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)

_DAYS = ("startDate", "endDate", "validFrom", "asOf")
_NUMBERS = ("size", "fullTimeDays")


@dataclass(frozen=True)
class SupposedYear:
    """A year's right and what is left of it, now and then; `lines` explain the right then. None: no such year."""

    year: int
    granted_now: Decimal | None
    granted_then: Decimal | None
    available_now: Decimal | None
    available_then: Decimal | None
    lines: Sequence[LedgerLine]

    @property
    def changes(self) -> bool:
        """Whether anything of it is another figure then."""
        return (self.granted_now, self.available_now) != (self.granted_then, self.available_then)


@dataclass(frozen=True)
class SupposeView:
    """The form, and below it what would be; `as_of`: at the end of that day. What is left empty stays as it is."""

    template: ClassVar[str] = "employees/suppose.html"
    fields: ClassVar[tuple[str, ...]] = (
        "jointCommittee", "workingTime", "validFrom", "size", "fullTimeDays", "startDate", "endDate", "endReason",
        "asOf",
    )  # fmt: skip

    enterprise: Party
    employment: str
    name: str
    form: FormState
    committees: Sequence[tuple[str, str]] = ()
    as_of: date | None = None
    years: Sequence[SupposedYear] = ()


@router.get("/{employment}/what-if", response_class=HTMLResponse)
async def suppose_form(request: Request, enterprise: ReadAccess, employment: UUID) -> Response:
    """Show the empty form."""
    known = await _known(request, enterprise, employment)
    return await _page(request, enterprise, known, new_form())


@router.post("/{employment}/what-if", response_class=HTMLResponse)
async def suppose(request: Request, enterprise: ReadAccess, employment: UUID, form: PostedForm) -> Response:
    """Show what would be, below the form as it was filled in."""
    known = await _known(request, enterprise, employment)
    supposed, wrong = checked_supposition(_typed(form, enterprise.language), known, brussels_today())
    state = state_of(form, SupposeView.fields, errors=errors_of(in_percent(wrong), enterprise.language))
    if wrong:
        return await _page(request, enterprise, known, state, status=422)
    answer = await gateway_of(request).questions.entitlements.what_if(
        enterprise.scope, {"employment": str(employment), **supposed}
    )
    if answer is None:
        raise ForbiddenError
    return await _page(request, enterprise, known, state, answer)


async def _known(request: Request, enterprise: EnterpriseAccess, employment: UUID) -> Employment:
    known = await gateway_of(request).questions.entitlements.employment(enterprise.scope, employment)
    if known is None or known.enterprise != enterprise.number:
        raise ForbiddenError
    return known


def _typed(form: FormData, language: Language) -> dict[str, str]:
    """Read what was typed, without what is empty."""
    typed = {name: typed_text(form, name) for name in ("jointCommittee", "endReason")}
    typed |= {name: typed_day(form, name) for name in _DAYS}
    typed |= {name: typed_decimal(form, name, language) for name in _NUMBERS}
    typed["workingTime"] = fraction_typed(form, language)
    return {name: value for name, value in typed.items() if value}


async def _page(
    request: Request,
    enterprise: EnterpriseAccess,
    known: Employment,
    form: FormState,
    answer: WhatIf | None = None,
    *,
    status: int = 200,
) -> Response:
    view = SupposeView(
        enterprise=enterprise.party,
        employment=known.employment,
        name=await name_of(request, enterprise.number, known.person),
        form=form,
        committees=choices(await committees_offered(request, enterprise), enterprise.language, brussels_today()),
        as_of=answer.as_of if answer else None,
        years=years_of(answer) if answer else (),
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view, status)


def years_of(answer: WhatIf) -> list[SupposedYear]:
    """Put each year now beside itself then."""
    now, then = ({one.year: one for one in years} for years in (answer.now, answer.then))
    return [
        SupposedYear(
            year=year,
            granted_now=now[year].granted if year in now else None,
            granted_then=then[year].granted if year in then else None,
            available_now=now[year].available if year in now else None,
            available_then=then[year].available if year in then else None,
            lines=[_line(line) for line in answer.lines if line.year == year],
        )
        for year in sorted({*now, *then})
    ]


def _line(line: AnsweredLine) -> LedgerLine:
    """Make the view of a line that the ledger would have; it was never recorded."""
    inputs: Mapping[str, object] = line.inputs
    return LedgerLine(
        date=line.date,
        recorded_at=datetime.now(UTC),
        kind=line.kind,
        rule=line.rule,
        rule_version=line.rule_version,
        amount=line.amount,
        inputs=inputs_from(line.rule, line.rule_version, dict(inputs)),
    )
