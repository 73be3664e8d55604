"""The form about an employment, which adding and changing share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from services.gateway.api.enterprises import PUBLIC
from services.gateway.intake.declared import DeclarationKind
from services.gateway.web.employees.employment import TermsRow, terms_rows
from services.gateway.web.employees.working_time import looks_like_fraction, working_time_typed
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.forms import CONFIRMED_WORKING_TIME, FieldError, FormState, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.joint_committees import asked_about, choices, doubtful, question
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.typed_values import typed_day
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.dashboard import Employment
from shared.i18n import Language

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)
Kind = DeclarationKind
FIELD_NAMES = {
    "terms.jointCommittee": "jointCommittee",
    "terms.workingTime": "workingTime",
    "terms.weeklyHours": "workingTime",
    "terms.fullTimeWeek": "fullTimeWeek",
    "optOuts.validFrom": "optOutFrom",
    "optOuts.validUntil": "optOutUntil",
    "terms.validFrom": "startDate",
}
_PLAIN = (
    "ssin",
    "givenName",
    "familyName",
    "startDate",
    "endDate",
    "endReason",
    "restAgreed",
    "reference",
    "reason",
    "expectedVersion",
)


@dataclass(frozen=True)
class EmploymentFormView:
    """`…/employees/new`, or `…/{employment_id}/change` when `employment` is given.

    `workingTime` is typed in `workingTimeUnit`: percent of full time, or hours a week. `optOutFrom` and `optOutUntil`
    are the last period without automatic rights. `validFrom` (change only) is the day from which the joint
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
        "workingTimeUnit",
        "fullTimeWeek",
        "endDate",
        "endReason",
        "restAgreed",
        "optOutFrom",
        "optOutUntil",
        "reference",
    )
    change_fields: ClassVar[tuple[str, ...]] = (
        "givenName",
        "familyName",
        "startDate",
        "validFrom",
        "jointCommittee",
        "workingTime",
        "workingTimeUnit",
        "fullTimeWeek",
        "endDate",
        "endReason",
        "restAgreed",
        "optOutFrom",
        "optOutUntil",
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

    @property
    def more_open(self) -> bool:
        """Whether the less used fields are unfolded: when one was filled in or has an error."""
        return any(self.form.value(name) or self.form.error(name) for name in ("optOutFrom", "optOutUntil"))

    @property
    def small_percentage(self) -> str:
        """The percentage that is asked about, as typed; empty where it is not."""
        asks = self.form.error(CONFIRMED_WORKING_TIME) or self.form.value(CONFIRMED_WORKING_TIME)
        return self.form.value("workingTime") if asks else ""


def plain_fields(form: FormData) -> dict[str, Any]:
    typed = {name: typed_text(form, name) for name in _PLAIN}
    typed |= {name: typed_day(form, name) for name in ("startDate", "endDate")}
    return {name: value for name, value in typed.items() if value}


def terms_fields(form: FormData, valid_from: str, language: Language) -> dict[str, str]:
    terms = {"validFrom": valid_from, "jointCommittee": typed_text(form, "jointCommittee")}
    return {name: value for name, value in terms.items() if value} | working_time_typed(form, language)


def asked(
    form: FormData, language: Language, sure: Sequence[str], errors: Iterable[FieldError]
) -> tuple[FieldError, ...]:
    """Ask about what is possible but unlikely: a committee nobody knows, a percentage that looks like a fraction.

    Nothing is asked about a field that is wrong.
    """
    wrong = {error.field for error in errors}
    committee = typed_text(form, "jointCommittee")
    questions: tuple[FieldError, ...] = ()
    if committee and "jointCommittee" not in wrong and doubtful(form, [committee], sure):
        questions += question(language)
    if "workingTime" not in wrong:
        questions += looks_like_fraction(form, language)
    return questions


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
