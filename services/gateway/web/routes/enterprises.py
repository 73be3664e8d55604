"""Registering an enterprise, and the mandatary's overview."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from services.gateway.access import enterprises, rights
from services.gateway.access.rights import WRITERS
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.writer import BRUSSELS
from services.gateway.web import links
from services.gateway.web.committees import asked_about, doubtful, question
from services.gateway.web.notices import told
from services.gateway.web.pages import PageNumber, errors_of, form_of, new_form, page, see_other, state_of, typed
from services.gateway.web.reader import Reader, Reading
from services.gateway.web.routes.overview import overview
from services.gateway.web.searching import Searched
from services.gateway.web.submitting import check, submit
from services.gateway.web.views.enterprises import EnterprisesView, NewEnterpriseView
from services.gateway.web.views.frame import Area, FieldError, FormState, Party
from services.gateway.wiring import gateway_of
from shared.access.scope import Role
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate
from shared.numbers import plain_number
from shared.text import one_line

router = APIRouter(include_in_schema=False)

FIELD_NAMES = {
    f"sizes[0].{name}": f"sizes.{name}" for name in ("workers", "basis", "validFrom")
} | {"jointCommittees[0]": "jointCommittees"}  # fmt: skip


@router.get("/enterprises", response_class=HTMLResponse)
async def all_enterprises(
    request: Request,
    reader: Reading,
    q: Searched,
    sort: str = "name",
    at: PageNumber = 1,
) -> Response:
    """How every enterprise the reader acts for stands."""
    _ = reader.person
    listing = await overview(request, reader, q, sort, at)
    view = EnterprisesView(listing, datetime.now(BRUSSELS).year, q)
    return page(request, reader.frame(request, area=Area.ENTERPRISES), view)


@router.get("/enterprises/new", response_class=HTMLResponse)
async def new(request: Request, reader: Reading) -> Response:
    """An empty form, with the enterprises this reader represents and that are not registered yet."""
    today = datetime.now(BRUSSELS).date()
    values = {"sizes.validFrom": f"{today.year}-01-01", "sizes.basis": "stated"}
    return _page(request, reader, new_form(values))


@router.post("/enterprises/new", response_class=HTMLResponse)
async def register(request: Request, reader: Reading) -> Response:
    """Register it; who registers becomes its legal representative, unless somebody else is."""
    form = await form_of(request, reader)
    fields = enterprise_fields(form)
    declared = Declared(1, DeclarationKind.ENTERPRISE_REGISTRATION, fields)
    errors = errors_of(check(declared), reader.language, FIELD_NAMES)
    if not errors and doubtful(form, fields["jointCommittees"], ()):
        errors = question(reader.language)
    number = str(fields.get("enterpriseNumber", ""))
    if not errors and not await _claim(request, reader, number, one_line(str(fields["name"]))):
        text = N_("This enterprise is registered already. Ask its access manager to give you access.")
        errors = (FieldError("enterpriseNumber", translate(reader.language, text)),)
    if errors:
        return _page(request, reader, state_of(form, NewEnterpriseView.fields, errors=errors), 422)
    sender = Sender(number, f"person:{reader.person}", frozenset({number}))
    result = await submit(gateway_of(request), sender, [declared], typed(form, "submission_key"))
    if result.refused:
        errors = errors_of(result.refused[1], reader.language, FIELD_NAMES)
        return _page(request, reader, state_of(form, NewEnterpriseView.fields, errors=errors), 422)
    return see_other(told(links.dashboard(number), "pending" if result.pending else "enterpriseRegistered"))


def enterprise_fields(form: FormData) -> dict[str, Any]:
    """What the form says of an enterprise, as the API would have it."""
    fields: dict[str, Any] = {name: typed(form, name) for name in ("enterpriseNumber", "name") if typed(form, name)}
    if "enterpriseNumber" in fields:
        fields["enterpriseNumber"] = plain_number(fields["enterpriseNumber"])
    fields["jointCommittees"] = committee_codes(typed(form, "jointCommittees"))
    size = {name: typed(form, f"sizes.{name}") for name in ("workers", "basis", "validFrom")}
    if size["workers"]:
        fields["sizes"] = [{name: value.replace(",", ".") for name, value in size.items() if value}]
    return fields


def committee_codes(text: str) -> list[str]:
    """Codes as typed in one field, with commas or semicolons between them."""
    return [code for code in map(str.strip, text.replace(";", ",").split(",")) if code]


async def _claim(request: Request, reader: Reader, number: str, name: str) -> bool:
    """Whether the reader may register this enterprise; a new one gets the reader as its legal representative."""
    if any(grant.enterprise == number and grant.role in WRITERS for grant in reader.grants):
        async with transaction(gateway_of(request).engine) as connection:
            await enterprises.add(driver(connection), number, name, f"person:{reader.person}")
        return True
    today = datetime.now(BRUSSELS).date()
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        if await rights.has_representative(raw, number, today):
            return False
        if not await enterprises.add(raw, number, name, f"person:{reader.person}"):
            return False
        await rights.grant(raw, reader.person, Role.LEGAL_REPRESENTATIVE, number, f"person:{reader.person}", today)
    return True


def _page(request: Request, reader: Reader, form: FormState, status: int = 200) -> HTMLResponse:
    _ = reader.person
    represented = {g.enterprise for g in reader.grants if g.role is Role.LEGAL_REPRESENTATIVE and g.enterprise}
    doubted = asked_about(form, committee_codes(form.value("jointCommittees")), ())
    own = tuple(Party(number, "") for number in sorted(represented - reader.doors.keys()))
    return page(request, reader.frame(request), NewEnterpriseView(form, own, doubted), status)
