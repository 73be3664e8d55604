"""An enterprise's size and joint committees: what is known, what follows, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.enterprises import addresses
from services.gateway.web.enterprises.enterprise_fields import (
    QUARTER_FIELDS,
    committee_codes,
    committees_asked,
    enterprise_fields,
)
from services.gateway.web.entitlements.override import Override, override_of
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.dates import day
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.joint_committees import asked_about
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.opt_outs import OptOutPeriod, opt_out_periods, opt_out_values, opt_outs_fields
from services.gateway.web.kit.submit import check, submit
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.entitlements import AverageSize, Enterprise, EnterpriseOverride
from shared.contracts.employer_submissions import QuarterSize

router = APIRouter(prefix="/enterprises/{number}/facts", include_in_schema=False)
_MOST_FIGURES = 100
_NAMES = {"optOuts.validFrom": "optOutFrom", "optOuts.validUntil": "optOutUntil"}


@dataclass(frozen=True)
class SizeRow:
    """A size as declared: `stated` workers or `measured` full-time equivalents, open-ended while `until` is None."""

    basis: Literal["stated", "measured"]
    workers: Decimal
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class InForce:
    """The arrangement that applies now to one joint committee; `days` is None where it is unknown."""

    joint_committee: str
    days: Decimal | None


@dataclass(frozen=True)
class QuarterRow:
    """What was declared for a quarter, agency workers added."""

    year: int
    quarter: int
    full_time_equivalents: Decimal
    heads: int


@dataclass(frozen=True)
class AverageRow:
    """The size of a two-year window, exact, and the numbers of which it is the average or the one."""

    workers: Decimal
    origin: str
    valid_from: date
    valid_until: date
    numbers: Sequence[Decimal]


@dataclass(frozen=True)
class FactsView:
    """Fields: `name`, `jointCommittees` (codes with commas) and, optionally, a size, a quarter, and the last opt-out.

    `doubted` is asked about. `figures` are own figures for everybody, those taken back among them.
    """

    template: ClassVar[str] = "enterprises/enterprise_facts.html"
    fields: ClassVar[tuple[str, ...]] = (
        "name",
        "jointCommittees",
        "sizes.workers",
        "sizes.basis",
        "sizes.validFrom",
        *QUARTER_FIELDS,
        "optOutFrom",
        "optOutUntil",
    )

    enterprise: Party
    in_force: Sequence[InForce]
    sizes: Sequence[SizeRow]
    form: FormState
    doubted: str = ""
    quarters: Sequence[QuarterRow] = ()
    averages: Sequence[AverageRow] = ()
    opt_outs: Sequence[OptOutPeriod] = ()
    figures: Sequence[Override] = ()

    @property
    def quarter_open(self) -> bool:
        """Whether the fields of a quarter are unfolded: when one was filled in or has an error."""
        return any(self.form.value(name) or self.form.error(name) for name in QUARTER_FIELDS)

    @property
    def opt_out_open(self) -> bool:
        """Whether the fields of the opt-out are unfolded."""
        return any(self.form.value(name) or self.form.error(name) for name in ("optOutFrom", "optOutUntil"))


@router.get("", response_class=HTMLResponse)
async def facts(request: Request, enterprise: ReadAccess) -> Response:
    """Show what is known of the enterprise, and which arrangement follows."""
    known = await _known(request, enterprise)
    values = {
        "name": known.name if known else enterprise.party.name,
        "jointCommittees": ", ".join(known.joint_committees if known else ()),
        "sizes.basis": "stated",
        "sizes.validFrom": brussels_today().isoformat(),
        **opt_out_values((known.opt_outs if known else None) or ()),
    }
    return await _page(request, enterprise, known, new_form(values))


@router.post("", response_class=HTMLResponse)
async def change(request: Request, enterprise: WriteAccess, form: PostedForm) -> Response:
    """Submit the changed facts; everything that hangs on them is calculated again."""
    sender = enterprise.sender
    known = await _known(request, enterprise)
    fields = enterprise_fields(form, enterprise.language) | {"enterpriseNumber": enterprise.number}
    fields |= opt_outs_fields(form, (known.opt_outs if known else None) or ())
    declared = Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields)
    errors = errors_of(check(declared), enterprise.language, _NAMES)
    errors += committees_asked(form, fields, enterprise.language, known.joint_committees if known else (), errors)
    if not errors:
        result = await submit(gateway_of(request), sender, [declared], typed_text(form, "submission_key"))
        errors = errors_of(result.refused.get(1, []), enterprise.language, _NAMES)
        if not errors:
            notice = "pending" if result.pending else "factsChanged"
            return see_other(request, with_notice(addresses.facts(enterprise.number), notice))
    state = state_of(form, FactsView.fields, errors=errors)
    return await _page(request, enterprise, known, state, 422)


async def _known(request: Request, enterprise: EnterpriseAccess) -> Enterprise | None:
    return await gateway_of(request).questions.entitlements.enterprise(enterprise.scope, enterprise.number)


async def _page(
    request: Request, enterprise: EnterpriseAccess, known: Enterprise | None, form: FormState, status: int = 200
) -> HTMLResponse:
    figures = await gateway_of(request).questions.entitlements.enterprise_overrides(
        enterprise.scope, enterprise.number, page_size=_MOST_FIGURES
    )
    view = view_of(known, enterprise.party, form, figures.items if figures else ())
    return page(request, enterprise.frame(request, Area.DASHBOARD), view, status)


def view_of(
    known: Enterprise | None, party: Party, form: FormState, figures: Sequence[EnterpriseOverride] = ()
) -> FactsView:
    """Turn the answer into what the page shows; None: the declared facts have not arrived yet."""
    return FactsView(
        enterprise=party,
        in_force=[InForce(one.joint_committee or "", one.days) for one in (known.arrangements if known else ())],
        sizes=[
            SizeRow(
                one["basis"],
                Decimal(one["workers"]),
                date.fromisoformat(one["validFrom"]),
                day(one.get("validUntil")),
            )
            for one in sorted(known.sizes if known else (), key=lambda one: str(one["validFrom"]), reverse=True)
        ],
        form=form,
        doubted=asked_about(
            form, committee_codes(form.value("jointCommittees")), known.joint_committees if known else ()
        ),
        quarters=[_quarter_row(one) for one in reversed((known.quarters if known else None) or ())],
        averages=[_average_row(one) for one in reversed((known.average_sizes if known else None) or ())],
        opt_outs=opt_out_periods((known.opt_outs if known else None) or ()),
        figures=[override_of(one) for one in figures],
    )


def _quarter_row(state: QuarterSize) -> QuarterRow:
    agency = Decimal(state.get("agencyFullTimeEquivalents", "0")), state.get("agencyHeads", 0)
    return QuarterRow(
        state["year"],
        state["quarter"],
        Decimal(state["fullTimeEquivalents"]) + agency[0],
        state["heads"] + agency[1],
    )


def _average_row(answered: AverageSize) -> AverageRow:
    rows = [_quarter_row(one) for one in answered.quarters]
    averaged = answered.origin == "averageFullTimeEquivalents"
    workers = Fraction(answered.workers)
    return AverageRow(
        Decimal(workers.numerator) / workers.denominator,
        answered.origin,
        answered.valid_from,
        answered.valid_until,
        [row.full_time_equivalents if averaged else Decimal(row.heads) for row in rows],
    )
