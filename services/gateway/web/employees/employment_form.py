"""The form about an employment, which adding and changing share."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from services.gateway.api.enterprises import PUBLIC
from services.gateway.intake.declared import DeclarationKind
from services.gateway.web.employees.employment import TermsRow, terms_rows
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.forms import FormState, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.joint_committees import asked_about, choices
from services.gateway.web.kit.people import name_of
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.dashboard import Employment
from shared.text import is_refused

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)
Kind = DeclarationKind
FIELD_NAMES = {
    "terms[0].jointCommittee": "jointCommittee",
    "terms[0].workingTime": "workingTime",
    "terms[0].validFrom": "startDate",
}
_PLAIN = (
    "ssin",
    "givenName",
    "familyName",
    "startDate",
    "endDate",
    "endReason",
    "reference",
    "reason",
    "expectedVersion",
)


@dataclass(frozen=True)
class EmploymentFormView:
    """`…/employees/new`, or `…/{employment_id}/change` when `employment` is given.

    `workingTime` is typed as a percentage of full time. `validFrom` (change only) is the day from which the joint
    committee and working time typed here hold; with an empty `validFrom` they replace the newest terms. `committees`
    are codes with their names; `doubted` is the code that nobody knows and that is asked about.
    """

    template: ClassVar[str] = "employees/employment_form.html"
    new_fields: ClassVar[tuple[str, ...]] = (
        "ssin",
        "givenName",
        "familyName",
        "startDate",
        "jointCommittee",
        "workingTime",
        "endDate",
        "endReason",
        "reference",
    )
    change_fields: ClassVar[tuple[str, ...]] = (
        "givenName",
        "familyName",
        "startDate",
        "jointCommittee",
        "workingTime",
        "validFrom",
        "endDate",
        "endReason",
        "reason",
        "expectedVersion",
    )

    enterprise: Party
    form: FormState
    committees: Sequence[tuple[str, str]] = ()
    employment: str | None = None
    name: str = ""
    terms: Sequence[TermsRow] = ()
    doubted: str = ""


def plain_fields(form: FormData) -> dict[str, Any]:
    return {name: typed_text(form, name) for name in _PLAIN if typed_text(form, name)}


def terms_fields(form: FormData, valid_from: str) -> dict[str, str]:
    terms = {
        "validFrom": valid_from,
        "jointCommittee": typed_text(form, "jointCommittee"),
        "workingTime": fraction_typed(form),
    }
    return {name: value for name, value in terms.items() if value}


def fraction_typed(form: FormData) -> str:
    """Convert a percentage as typed to the fraction of full time; what is not a number stays, to be refused as such."""
    text = typed_text(form, "workingTime").replace(",", ".").removesuffix("%").rstrip(" ")
    if is_refused(text):
        return text
    try:
        return format((Decimal(text) / 100).normalize(), "f")
    except InvalidOperation:
        return text


async def committees_offered(request: Request, enterprise: EnterpriseAccess) -> list[str]:
    """List the enterprise's own committees first, then all that have an arrangement."""
    entitlements = gateway_of(request).questions.entitlements
    own = await entitlements.enterprise(enterprise.scope, enterprise.number)
    known = await entitlements.joint_committees(PUBLIC)
    codes = [committee.code for committee in (known.items if known else ())]
    return list(dict.fromkeys([*(own.joint_committees if own else ()), *codes]))


async def employment_form_page(
    request: Request,
    enterprise: EnterpriseAccess,
    form: FormState,
    known: Employment | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    codes = await committees_offered(request, enterprise)
    view = EmploymentFormView(
        enterprise=enterprise.party,
        form=form,
        committees=choices(codes, enterprise.language, brussels_today()),
        doubted=asked_about(form, [form.value("jointCommittee")], codes),
        employment=known.employment if known else None,
        name=await name_of(request, enterprise.number, known.person) if known else "",
        terms=terms_rows(known.terms) if known else (),
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view, status)
