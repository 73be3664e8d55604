"""An enterprise's size and joint committees: what is known, what follows, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.enterprises import addresses
from services.gateway.web.enterprises.enterprise_fields import committee_codes, committees_asked, enterprise_fields
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.dates import day
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.joint_committees import asked_about
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.submit import check, submit
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.entitlements import Enterprise

router = APIRouter(prefix="/enterprises/{number}/facts", include_in_schema=False)


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
class FactsView:
    """Fields: `name`, `jointCommittees` (codes with commas) and, optionally, a new size. `doubted` is asked about."""

    template: ClassVar[str] = "enterprises/enterprise_facts.html"
    fields: ClassVar[tuple[str, ...]] = ("name", "jointCommittees", "sizes.workers", "sizes.basis", "sizes.validFrom")

    enterprise: Party
    in_force: Sequence[InForce]
    sizes: Sequence[SizeRow]
    form: FormState
    doubted: str = ""


@router.get("", response_class=HTMLResponse)
async def facts(request: Request, enterprise: ReadAccess) -> Response:
    """Show what is known of the enterprise, and which arrangement follows."""
    known = await _known(request, enterprise)
    values = {
        "name": known.name if known else enterprise.party.name,
        "jointCommittees": ", ".join(known.joint_committees if known else ()),
        "sizes.basis": "stated",
        "sizes.validFrom": brussels_today().isoformat(),
    }
    return _page(request, enterprise, known, new_form(values))


@router.post("", response_class=HTMLResponse)
async def change(request: Request, enterprise: WriteAccess, form: PostedForm) -> Response:
    """Submit the changed facts; everything that hangs on them is calculated again."""
    sender = enterprise.sender
    fields = enterprise_fields(form, enterprise.language) | {"enterpriseNumber": enterprise.number}
    declared = Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields)
    known = await _known(request, enterprise)
    errors = errors_of(check(declared), enterprise.language)
    errors += committees_asked(form, fields, enterprise.language, known.joint_committees if known else (), errors)
    if not errors:
        result = await submit(gateway_of(request), sender, [declared], typed_text(form, "submission_key"))
        errors = errors_of(result.refused.get(1, []), enterprise.language)
        if not errors:
            notice = "pending" if result.pending else "factsChanged"
            return see_other(with_notice(addresses.facts(enterprise.number), notice))
    state = state_of(form, FactsView.fields, errors=errors)
    return _page(request, enterprise, known, state, 422)


async def _known(request: Request, enterprise: EnterpriseAccess) -> Enterprise | None:
    return await gateway_of(request).questions.entitlements.enterprise(enterprise.scope, enterprise.number)


def _page(
    request: Request, enterprise: EnterpriseAccess, known: Enterprise | None, form: FormState, status: int = 200
) -> HTMLResponse:
    view = view_of(known, enterprise.party, form)
    return page(request, enterprise.frame(request, Area.DASHBOARD), view, status)


def view_of(known: Enterprise | None, party: Party, form: FormState) -> FactsView:
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
    )
