"""Forms about trainings: register for one or several, correct, cancel."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.api.people import ssin_of
from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.writer import BRUSSELS
from services.gateway.web import doubles, links, people
from services.gateway.web.doubles import NOT_ASKED, Answered
from services.gateway.web.notices import told
from services.gateway.web.pages import errors_of, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.people import Employee, name_of
from services.gateway.web.reader import ForbiddenError, Reader, Reading
from services.gateway.web.submitting import Result, check, sent_before, submit, submit_one
from services.gateway.web.training_fields import declared_fields, form_values
from services.gateway.web.views.frame import Area, FieldError, FormState
from services.gateway.web.views.training_form import DEFAULTS, CorrectTrainingView, Double, NewTrainingView
from services.gateway.web.views.trainings import CancelTrainingView
from services.gateway.wiring import gateway_of
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
Kind = DeclarationKind
MOST_NAMES = 5


@router.get("/new", response_class=HTMLResponse)
async def new(request: Request, reader: Reading, number: Number, employee: UUID | None = None) -> Response:
    """An empty form; `employee` ticks someone beforehand."""
    reader.door(number, write=True)
    ticked = (str(employee),) if employee else ()
    return await _new_page(request, reader, number, new_form(DEFAULTS, {"employees": ticked}))


@router.post("/new", response_class=HTMLResponse)
async def register(request: Request, reader: Reading, number: Number) -> Response:
    """Register for everyone ticked; or only search again."""
    sender = reader.sender(number)
    form = await form_of(request, reader)
    ticked = tuple(str(value) for value in form.getlist("employees"))
    if form.get("action") == "search":
        return await _new_page(request, reader, number, state_of(form, NewTrainingView.fields, ("employees",)))
    gateway, key = gateway_of(request), typed(form, "submission_key")
    async with transaction(gateway.engine) as connection:
        chosen = await people.chosen(driver(connection), number, reader.open_at(number), ids_of(ticked))
        employees = _one_each(chosen)
        ssins = await gateway.persons.ssins(driver(connection), {e.person for e in employees})
    fields = declared_fields(form) | {"enterpriseNumber": number}
    reference = typed(form, "reference")
    errors = _errors(reader, _declared(employees, ssins, fields, reference), fields)
    if errors:
        return await _new_page(
            request, reader, number, state_of(form, NewTrainingView.fields, ("employees",), errors), 422
        )
    answer = doubles.answered(form, fields)
    declared = _declared(employees, ssins, fields, reference, answer)
    if not await sent_before(gateway, sender, declared, key):
        there = await doubles.already_there(gateway, reader, number, employees, fields, reference)
        if there.keys() - answer.asked:
            return await _ask_page(request, reader, number, form, employees, there, fields)
        if not declared:
            known = set(there.values())
            return see_other(
                told(links.training(number, *known) if len(known) == 1 else links.trainings(number), "unchanged")
            )
    result = await submit(gateway, sender, declared, key)
    if len(result.refused) == len(declared):
        found = errors_of(next(iter(result.refused.values())), reader.language)
        state = state_of(form, NewTrainingView.fields, ("employees",), _on_employees(found))
        return await _new_page(request, reader, number, state, 422)
    skipped = [e for e in employees if answer.skips(e)]
    return see_other(_registered(number, result, [e for e in employees if e not in skipped], skipped))


def _one_each(employees: Sequence[Employee]) -> list[Employee]:
    """Each person once, whichever of their employments were ticked, in one order however often the form is sent."""
    ordered = sorted(employees, key=lambda e: e.employment, reverse=True)
    return sorted({e.person: e for e in ordered}.values(), key=lambda e: e.employment)


def _declared(
    employees: Sequence[Employee],
    ssins: Mapping[str, str],
    fields: dict[str, Any],
    reference: str,
    answer: Answered = NOT_ASKED,
) -> list[Declared]:
    """One declaration for each of these but those for whom it is there already and was not to be registered again."""
    chosen = [(line, e) for line, e in enumerate(employees, 1) if not answer.skips(e)]
    return [
        Declared(
            line,
            Kind.TRAINING_REGISTRATION,
            fields
            | {"ssin": ssins[e.person]}
            | _reference(reference, place, len(employees))
            | ({"distinct": True} if answer.confirms(e) else {}),
        )
        for line, (place, e) in enumerate(chosen, 1)
    ]


def _reference(reference: str, line: int, of: int) -> dict[str, str]:
    """A reference is unique: for several people the typed one gets a number behind it."""
    if not reference:
        return {}
    return {"reference": reference if of == 1 else f"{reference}/{line}"}


def _errors(reader: Reader, declared: Sequence[Declared], fields: dict[str, Any]) -> tuple[FieldError, ...]:
    if not declared:
        text = translate(reader.language, N_("Choose at least one employee."))
        # What else is wrong is told at once: a number that is certainly right stands in for the missing person.
        probe = Declared(1, Kind.TRAINING_REGISTRATION, fields | {"ssin": "85073003328"})
        return (*errors_of(check(probe), reader.language), FieldError("employees", text))
    return errors_of(check(declared[0]), reader.language)


def _on_employees(errors: Sequence[FieldError]) -> tuple[FieldError, ...]:
    """An error about a person belongs to the list of people on this form."""
    return tuple(FieldError("employees", e.text) if e.field in ("ssin", "enterpriseNumber") else e for e in errors)


def _registered(number: str, result: Result, employees: Sequence[Employee], skipped: Sequence[Employee]) -> str:
    address = links.trainings(number)
    if result.pending:
        return told(address, "pending")
    refused = result.refused
    if refused:
        names = ", ".join(employees[line - 1].name for line in sorted(refused)[:MOST_NAMES])
        return told(address, "partly", count=len(employees) - len(refused), refused=len(refused), names=names)
    if skipped:
        return told(address, "exceptThere", count=len(employees), names=_some([e.name for e in skipped]))
    if len(employees) > 1:
        return told(address, "registered", count=len(employees))
    assert result.subject is not None
    codes = {found["code"] for anomalies in result.anomalies.values() for found in anomalies}
    notice = "unchanged" if "unchanged" in codes else "outside" if "outsideEmployment" in codes else "registeredOne"
    return told(links.training(number, result.subject), notice)


async def _new_page(
    request: Request,
    reader: Reader,
    number: str,
    form: FormState,
    status: int = 200,
    asked: tuple[Sequence[Double], str] = ((), ""),
) -> HTMLResponse:
    async with transaction(gateway_of(request).engine) as connection:
        picker = await people.picker(
            driver(connection),
            number,
            reader.open_at(number),
            reader.language,
            text=form.value("employeeSearch"),
            ticked=ids_of(form.chosen("employees")),
        )
    view = NewTrainingView(
        reader.door(number).acting.party, form, picker, await known_providers(request, reader, number), *asked
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view, status)


async def _ask_page(
    request: Request,
    reader: Reader,
    number: str,
    form: FormData,
    employees: Sequence[Employee],
    there: Mapping[str, str],
    fields: dict[str, Any],
) -> HTMLResponse:
    """The form with the question whether to register it all the same for those who have it."""
    found = [Double(e.employment, e.name, there[e.employment]) for e in employees if e.employment in there]
    names = _some([double.name for double in found])
    text = translate(reader.language, N_("This is there already for %(names)s. Register it all the same?"), names=names)
    state = state_of(form, NewTrainingView.fields, ("employees",), (FieldError("again", text),))
    return await _new_page(request, reader, number, state, 422, (found, doubles.fingerprint(fields)))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")


async def known_providers(request: Request, reader: Reader, number: str) -> tuple[str, ...]:
    """Providers this enterprise used before, to choose from while typing."""
    found = await gateway_of(request).questions.ask(
        "dashboard", f"/internal/enterprises/{number}/summary", reader.scope(number), year=datetime.now(BRUSSELS).year
    )
    shares = (found or {"byProvider": {"items": ()}})["byProvider"]["items"]
    return tuple(sorted({share["provider"] for share in shares if share.get("provider")}))


def ids_of(values: Sequence[str]) -> list[str]:
    """Those of these texts that are ids."""
    ids: list[str] = []
    for value in values:
        try:
            ids.append(str(UUID(value)))
        except ValueError:
            continue
    return ids


async def training_of(request: Request, reader: Reader, number: str, training: UUID) -> dict[str, Any]:
    """The training with its versions. ForbiddenError where it is not this enterprise's."""
    found: dict[str, Any] | None = await gateway_of(request).questions.ask(
        "registration", f"/internal/trainings/{training}", reader.scope(number)
    )
    if found is None:
        raise ForbiddenError
    return found


@router.get("/{training}/correct", response_class=HTMLResponse)
async def correction(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """The form with the training as it is now."""
    reader.door(number, write=True)
    current = (await training_of(request, reader, number, training))["training"]
    values = form_values(current["content"]) | {"expectedVersion": str(current["version"])}
    return await _correct_page(request, reader, number, current, new_form(values))


@router.post("/{training}/correct", response_class=HTMLResponse)
async def correct(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """Correct it, unless someone was first."""
    reader.door(number, write=True)
    form = await form_of(request, reader)
    current = (await training_of(request, reader, number, training))["training"]
    fields = declared_fields(form)
    result, errors = await _change(request, reader, number, current, Kind.TRAINING_CORRECTION, fields, form)
    if errors:
        state = state_of(form, CorrectTrainingView.fields, errors=errors_of(errors, reader.language))
        return await _correct_page(request, reader, number, current, state, 422)
    return see_other(_changed(number, training, result, "corrected"))


async def _correct_page(
    request: Request, reader: Reader, number: str, current: Mapping[str, Any], form: FormState, status: int = 200
) -> HTMLResponse:
    view = CorrectTrainingView(
        enterprise=reader.door(number).acting.party,
        training=current["training"],
        title=current["content"]["title"],
        employee_name=await name_of(request, number, current["person"]),
        form=form,
        known_providers=await known_providers(request, reader, number),
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view, status)


@router.get("/{training}/cancel", response_class=HTMLResponse)
async def cancellation(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """Ask why, before cancelling."""
    reader.door(number, write=True)
    current = (await training_of(request, reader, number, training))["training"]
    return await _cancel_page(request, reader, number, current, new_form({"expectedVersion": str(current["version"])}))


@router.post("/{training}/cancel", response_class=HTMLResponse)
async def cancel(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """Cancel it; it stays visible."""
    reader.door(number, write=True)
    form = await form_of(request, reader)
    current = (await training_of(request, reader, number, training))["training"]
    result, errors = await _change(request, reader, number, current, Kind.TRAINING_CANCELLATION, {}, form)
    if errors:
        state = state_of(form, CancelTrainingView.fields, errors=errors_of(errors, reader.language))
        return await _cancel_page(request, reader, number, current, state, 422)
    return see_other(_changed(number, training, result, "cancelled"))


async def _cancel_page(
    request: Request, reader: Reader, number: str, current: Mapping[str, Any], form: FormState, status: int = 200
) -> HTMLResponse:
    content = current["content"]
    view = CancelTrainingView(
        enterprise=reader.door(number).acting.party,
        training=current["training"],
        title=content["title"],
        employee_name=await name_of(request, number, current["person"]),
        start_date=date.fromisoformat(content["startDate"]),
        end_date=date.fromisoformat(content["endDate"]),
        form=form,
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view, status)


async def _change(
    request: Request,
    reader: Reader,
    number: str,
    current: Mapping[str, Any],
    kind: DeclarationKind,
    fields: dict[str, Any],
    form: FormData,
) -> tuple[Result, list[Anomaly]]:
    """Submit a correction or cancellation; what is wrong, if anything."""
    fields = fields | {
        "trainingId": current["training"],
        "ssin": await ssin_of(request, current["person"]),
        "enterpriseNumber": number,
        "expectedVersion": typed(form, "expectedVersion") or current["version"],
    }
    if reason := typed(form, "reason"):
        fields["reason"] = reason
    key = typed(form, "submission_key")
    return await submit_one(gateway_of(request), reader.sender(number), Declared(1, kind, fields), key)


def _changed(number: str, training: UUID, result: Result, done: str) -> str:
    codes = {found["code"] for found in result.anomalies.get(1, ())}
    notice = "pending" if result.pending else "unchanged" if "unchanged" in codes else done
    return told(links.training(number, str(training)), notice)
