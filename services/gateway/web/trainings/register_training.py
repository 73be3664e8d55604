"""The form that registers a training for one employee or several: `…/trainings/new`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.web.kit import employee_picker
from services.gateway.web.kit.access import EnterpriseAccess, WriteAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.employee_picker import Employee, EmployeePicker, ids_of
from services.gateway.web.kit.forms import FieldError, FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import MOST_NAMES, with_notice
from services.gateway.web.kit.submit import Result, check, sent_before, submit
from services.gateway.web.trainings import addresses, same_training
from services.gateway.web.trainings.known_providers import known_providers
from services.gateway.web.trainings.same_training import NOT_ASKED, Answered
from services.gateway.web.trainings.training_fields import (
    CONTENT_FIELDS,
    DEFAULTS,
    MAIN_FIELDS,
    declared_fields,
)
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)
Kind = DeclarationKind


@dataclass(frozen=True)
class Double:
    """Someone for whom the same training is there: which one, and the picker's value."""

    employee: str
    name: str
    training: str


@dataclass(frozen=True)
class NewTrainingView:
    """Fields: `CONTENT_FIELDS`, and the choices `employees` (values of the picker).

    With `doubles` the form asks whether to register it all the same (`again`, ticked with the value `true`); hidden
    beside it `asked`, the employees it asks about, and `askedFor`, which training.
    """

    template: ClassVar[str] = "trainings/register_training.html"
    fragment: ClassVar[str] = "kit/employee_picker.html"
    fields: ClassVar[tuple[str, ...]] = (*CONTENT_FIELDS, "employees", "employeeSearch")
    asking_fields: ClassVar[tuple[str, ...]] = (*fields, "again", "asked", "askedFor")

    enterprise: Party
    form: FormState
    picker: EmployeePicker
    known_providers: Sequence[str] = ()
    doubles: Sequence[Double] = ()
    asked_for: str = ""

    @property
    def more_open(self) -> bool:
        """Whether the less used fields are unfolded: when one of them was filled in or has an error."""
        filled = {name for name, value in self.form.values.items() if value and DEFAULTS.get(name) != value}
        wrong = {error.field for error in self.form.errors if error.field}
        return bool((filled | wrong) - MAIN_FIELDS - {"employeeSearch", "again"})


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, enterprise: WriteAccess, employee: UUID | None = None) -> Response:
    """Show an empty form; `employee` ticks someone beforehand."""
    ticked = (str(employee),) if employee else ()
    return await _new_page(request, enterprise, new_form(DEFAULTS, {"employees": ticked}))


@router.post("/new", response_class=HTMLResponse)
async def register(request: Request, enterprise: WriteAccess, form: PostedForm) -> Response:
    """Register for everyone ticked; or only search again."""
    sender = enterprise.sender
    ticked = tuple(str(value) for value in form.getlist("employees"))
    if form.get("action") == "search":
        return await _new_page(request, enterprise, state_of(form, NewTrainingView.fields, ("employees",)))
    gateway, key = gateway_of(request), typed_text(form, "submission_key")
    async with transaction(gateway.engine) as connection:
        chosen = await employee_picker.chosen(driver(connection), enterprise.number, enterprise.window, ids_of(ticked))
    employees = _one_each(chosen)
    fields = declared_fields(form) | {"enterpriseNumber": enterprise.number}
    reference = typed_text(form, "reference")
    errors = _errors(enterprise.language, _declared(employees, fields, reference), fields)
    if errors:
        return await _new_page(request, enterprise, state_of(form, NewTrainingView.fields, ("employees",), errors), 422)
    answer = same_training.answered(form, fields)
    declared = _declared(employees, fields, reference, answer)
    if not await sent_before(gateway, sender, declared, key):
        there = await same_training.already_there(gateway, enterprise, employees, fields, reference)
        if there.keys() - answer.asked:
            return await _ask_page(request, enterprise, form, employees, there, fields)
        if not declared:
            known = set(there.values())
            return see_other(
                request,
                with_notice(
                    addresses.training(enterprise.number, *known)
                    if len(known) == 1
                    else addresses.trainings(enterprise.number),
                    "unchanged",
                ),
            )
    result = await submit(gateway, sender, declared, key)
    if len(result.refused) == len(declared):
        found = errors_of(next(iter(result.refused.values())), enterprise.language)
        state = state_of(form, NewTrainingView.fields, ("employees",), _on_employees(found))
        return await _new_page(request, enterprise, state, 422)
    skipped = [e for e in employees if answer.skips(e)]
    return see_other(
        request, _registered(enterprise.number, result, [e for e in employees if e not in skipped], skipped)
    )


def _one_each(employees: Sequence[Employee]) -> list[Employee]:
    """Keep each person once, whichever of their employments were ticked, always in the same order."""
    ordered = sorted(employees, key=lambda e: e.employment, reverse=True)
    return sorted({e.person: e for e in ordered}.values(), key=lambda e: e.employment)


def _declared(
    employees: Sequence[Employee],
    fields: dict[str, Any],
    reference: str,
    answer: Answered = NOT_ASKED,
) -> list[Declared]:
    """Make a declaration for each of these but those who have it already and need no other."""
    chosen = [(line, e) for line, e in enumerate(employees, 1) if not answer.skips(e)]
    return [
        Declared(
            line,
            Kind.TRAINING_REGISTRATION,
            fields | _reference(reference, place, len(employees)) | ({"distinct": True} if answer.confirms(e) else {}),
            e.person,
        )
        for line, (place, e) in enumerate(chosen, 1)
    ]


def _reference(reference: str, line: int, of: int) -> dict[str, str]:
    """Give each declaration a reference of its own: for several people the typed one gets a number behind it."""
    if not reference:
        return {}
    return {"reference": reference if of == 1 else f"{reference}/{line}"}


def _errors(language: Language, declared: Sequence[Declared], fields: dict[str, Any]) -> tuple[FieldError, ...]:
    if not declared:
        text = translate(language, N_("Choose at least one employee."))
        # What else is wrong is said at once, whoever will be chosen.
        probe = Declared(1, Kind.TRAINING_REGISTRATION, fields, person="nobody yet")
        return (*errors_of(check(probe), language), FieldError("employees", text))
    return errors_of(check(declared[0]), language)


def _on_employees(errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
    """Move errors about a person to the list of people on this form."""
    return tuple(FieldError("employees", e.text) if e.field in ("ssin", "enterpriseNumber") else e for e in errors)


def _registered(number: str, result: Result, employees: Sequence[Employee], skipped: Sequence[Employee]) -> str:
    address = addresses.trainings(number)
    if len(employees) > 1 and result.submission is not None and not result.pending:
        address = addresses.registered_together(number, result.submission)
    if result.pending:
        return with_notice(address, "pending")
    refused = result.refused
    if refused:
        names = ", ".join(employees[line - 1].name for line in sorted(refused)[:MOST_NAMES])
        return with_notice(address, "partly", count=len(employees) - len(refused), refused=len(refused), names=names)
    if skipped:
        return with_notice(address, "exceptThere", count=len(employees), names=_some([e.name for e in skipped]))
    if len(employees) > 1:
        return with_notice(address, "registered", count=len(employees))
    assert result.subject is not None
    codes = {found["code"] for anomalies in result.anomalies.values() for found in anomalies}
    notice = "unchanged" if "unchanged" in codes else "outside" if "outsideEmployment" in codes else "registeredOne"
    return with_notice(addresses.training(number, result.subject), notice)


async def _new_page(
    request: Request,
    enterprise: EnterpriseAccess,
    form: FormState,
    status: int = 200,
    asked: tuple[Sequence[Double], str] = ((), ""),
) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        picker = await employee_picker.picker(
            driver(connection),
            enterprise.number,
            enterprise.window,
            enterprise.language,
            text=form.value("employeeSearch"),
            ticked=ids_of(form.chosen("employees")),
        )
    view = NewTrainingView(enterprise.party, form, picker, await known_providers(request, enterprise), *asked)
    return page(request, enterprise.frame(request, Area.TRAININGS), view, status)


async def _ask_page(
    request: Request,
    enterprise: EnterpriseAccess,
    form: FormData,
    employees: Sequence[Employee],
    there: Mapping[str, str],
    fields: dict[str, Any],
) -> HTMLResponse:
    """Show the form with the question whether to register it all the same for those who have it."""
    found = [Double(e.employment, e.name, there[e.employment]) for e in employees if e.employment in there]
    names = _some([double.name for double in found])
    text = translate(
        enterprise.language, N_("This is there already for %(names)s. Register it all the same?"), names=names
    )
    state = state_of(form, NewTrainingView.fields, ("employees",), (FieldError("again", text),))
    return await _new_page(request, enterprise, state, 422, (found, same_training.fingerprint(fields)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
