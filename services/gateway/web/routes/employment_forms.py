"""Forms about employments: add an employee, change an employment."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.api.enterprises import PUBLIC
from services.gateway.api.people import ssin_of
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.writer import BRUSSELS
from services.gateway.web import links
from services.gateway.web.committees import asked_about, choices, doubtful, question
from services.gateway.web.notices import told
from services.gateway.web.pages import errors_of, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.people import name_given_by, name_of
from services.gateway.web.reader import Reader, Reading
from services.gateway.web.routes.employees import employment_of
from services.gateway.web.submitting import check, submit_one
from services.gateway.web.views.employees import EmploymentFormView, TermsRow
from services.gateway.web.views.frame import Area, FieldError, FormState
from services.gateway.wiring import gateway_of
from shared.i18n import N_, translate

router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
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


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, reader: Reading, number: Number) -> Response:
    """An empty form with the enterprise's usual committee and full time."""
    reader.door(number, write=True)
    committees = await _committees(request, reader, number)
    values = {"workingTime": "100", "jointCommittee": committees[0] if committees else ""}
    return await _form_page(request, reader, number, new_form(values))


@router.post("/new", response_class=HTMLResponse)
async def add(request: Request, reader: Reading, number: Number) -> Response:
    """Register the employment."""
    sender = reader.sender(number)
    form = await form_of(request, reader)
    fields = _plain(form) | {"enterpriseNumber": number}
    fields["terms"] = [_terms(form, fields.get("startDate", ""))]
    declared = Declared(1, Kind.EMPLOYMENT_REGISTRATION, fields)
    codes = await _committees(request, reader, number)
    if not check(declared) and doubtful(form, [typed(form, "jointCommittee")], codes):
        state = state_of(form, EmploymentFormView.new_fields, errors=question(reader.language))
        return await _form_page(request, reader, number, state, status=422)
    result, wrong = await submit_one(gateway_of(request), sender, declared, typed(form, "submission_key"))
    if not wrong:
        assert result.subject is not None
        warned = {found["code"] for found in result.anomalies.get(1, ())}
        notice = "pending" if result.pending else "nameDiffers" if "nameDiffers" in warned else "employeeAdded"
        return see_other(told(links.employee(number, result.subject), notice))
    errors = errors_of(wrong, reader.language, FIELD_NAMES)
    return await _form_page(
        request, reader, number, state_of(form, EmploymentFormView.new_fields, errors=errors), status=422
    )


@router.get("/{employment}/change", response_class=HTMLResponse)
async def change_form(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """The form with the employment as it is now."""
    reader.door(number, write=True)
    known = await employment_of(request, reader, number, employment)
    newest = known["terms"][-1]
    name = await name_given_by(request, number, known["person"])
    values = {
        "givenName": name.given or "",
        "familyName": name.family or "",
        "startDate": known["startDate"],
        "endDate": known.get("endDate") or "",
        "endReason": known.get("endReason") or "",
        "jointCommittee": newest["jointCommittee"],
        "workingTime": _percentage(newest["fraction"]),
        "expectedVersion": str(known["version"]),
    }
    return await _form_page(request, reader, number, new_form(values), known)


@router.post("/{employment}/change", response_class=HTMLResponse)
async def change(request: Request, reader: Reading, number: Number, employment: UUID) -> Response:
    """Change it: new terms from a day on, or the newest terms replaced; another period; an end with its reason."""
    sender = reader.sender(number)
    form = await form_of(request, reader)
    known = await employment_of(request, reader, number, employment)
    fields = _plain(form) | {
        "enterpriseNumber": number,
        "employmentId": str(employment),
        "ssin": await ssin_of(request, known["person"]),
        "terms": _changed_terms(form, known),
    }
    if taken_away := await _taken_away(request, reader, number, known["person"], form):
        state = state_of(form, EmploymentFormView.change_fields, errors=taken_away)
        return await _form_page(request, reader, number, state, known, status=422)
    declared = Declared(1, Kind.EMPLOYMENT_CHANGE, fields)
    sure = [*await _committees(request, reader, number), *(terms["jointCommittee"] for terms in known["terms"])]
    if not check(declared) and doubtful(form, [typed(form, "jointCommittee")], sure):
        state = state_of(form, EmploymentFormView.change_fields, errors=question(reader.language))
        return await _form_page(request, reader, number, state, known, status=422)
    result, wrong = await submit_one(gateway_of(request), sender, declared, typed(form, "submission_key"))
    if not wrong:
        notice = "pending" if result.pending else "employeeChanged"
        return see_other(told(links.employee(number, str(employment)), notice))
    last = f"terms[{len(fields['terms']) - 1}]."
    names = FIELD_NAMES | {f"{last}{name}": name for name in ("jointCommittee", "workingTime", "validFrom")}
    errors = errors_of(wrong, reader.language, names)
    state = state_of(form, EmploymentFormView.change_fields, errors=errors)
    return await _form_page(request, reader, number, state, known, status=422)


async def _taken_away(
    request: Request, reader: Reader, number: str, person: str, form: FormData
) -> tuple[FieldError, ...]:
    """The parts of the name that were emptied: what is not told stays, so this must not look as if it were done."""
    name = await name_given_by(request, number, person)
    text = translate(reader.language, N_("A part of a name can be corrected, but not taken away."))
    parts = (("givenName", name.given), ("familyName", name.family))
    return tuple(
        FieldError(field, text) for field, known in parts if known and field in form and not typed(form, field)
    )


def _plain(form: FormData) -> dict[str, Any]:
    return {name: typed(form, name) for name in _PLAIN if typed(form, name)}


def _terms(form: FormData, valid_from: str) -> dict[str, str]:
    terms = {"validFrom": valid_from, "jointCommittee": typed(form, "jointCommittee"), "workingTime": _fraction(form)}
    return {name: value for name, value in terms.items() if value}


def _changed_terms(form: FormData, known: Mapping[str, Any]) -> list[dict[str, str]]:
    """The employment's terms with what was typed: from `validFrom` on, or in the place of the newest."""
    start = typed(form, "startDate") or known["startDate"]
    terms = [
        {"validFrom": t["validFrom"], "jointCommittee": t["jointCommittee"], "workingTime": str(t["fraction"])}
        for t in known["terms"]
    ]
    valid_from, end = typed(form, "validFrom"), typed(form, "endDate")
    if end and not valid_from and terms[-1]["validFrom"] > end > terms[0]["validFrom"]:
        # It ends before its newest terms begin: these, which the form shows, are not what holds on its last day.
        return [terms[0] | {"validFrom": start}, *(t for t in terms[1:] if start < t["validFrom"] <= end)]
    if valid_from:
        terms = [t for t in terms if t["validFrom"] < valid_from]
    else:
        valid_from = terms.pop()["validFrom"]
    if terms:
        # Another day of hiring moves the first terms with it.
        terms = [terms[0] | {"validFrom": start}, *(t for t in terms[1:] if t["validFrom"] > start)]
    else:
        valid_from = start
    return [*terms, _terms(form, valid_from)]


def _fraction(form: FormData) -> str:
    """A percentage as typed -> the fraction of full time; what is not a number stays, to be told as such."""
    text = typed(form, "workingTime").replace(",", ".").removesuffix("%").strip()
    try:
        return format((Decimal(text) / 100).normalize(), "f")
    except InvalidOperation:
        return text


def _percentage(fraction: str) -> str:
    return format((Decimal(fraction) * 100).normalize(), "f")


async def _committees(request: Request, reader: Reader, number: str) -> list[str]:
    """The enterprise's own committees first, then all that have an arrangement."""
    questions = gateway_of(request).questions
    own = await questions.ask("entitlements", f"/internal/enterprises/{number}", reader.scope(number)) or {}
    known = await questions.ask("entitlements", "/internal/jointCommittees", PUBLIC) or {}
    return list(dict.fromkeys([*own.get("jointCommittees", ()), *(item["code"] for item in known.get("items", ()))]))


async def _form_page(
    request: Request,
    reader: Reader,
    number: str,
    form: FormState,
    known: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    codes = await _committees(request, reader, number)
    view = EmploymentFormView(
        enterprise=reader.door(number).acting.party,
        form=form,
        committees=choices(codes, reader.language, datetime.now(BRUSSELS).date()),
        doubted=asked_about(form, [form.value("jointCommittee")], codes),
        employment=known["employment"] if known else None,
        name=await name_of(request, number, known["person"]) if known else "",
        terms=[
            TermsRow(date.fromisoformat(t["validFrom"]), t["jointCommittee"], Decimal(t["fraction"]))
            for t in (known["terms"] if known else ())
        ],
    )
    return page(request, reader.frame(request, area=Area.EMPLOYEES, enterprise=number), view, status)
