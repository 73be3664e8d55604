"""An employee's own word on an employer: this is right, or it is not."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.intake.models import Reason
from services.gateway.intake.validation import explained
from services.gateway.representation import employer_announcements
from services.gateway.web.kit.access import SignedIn
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.forms import FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.visitor import ForbiddenError, Visitor
from services.gateway.web.my_account import addresses
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/me/employers/{employment}", include_in_schema=False)
_TEXT: TypeAdapter[str] = TypeAdapter(Reason)


@dataclass(frozen=True)
class ContestView:
    """`/me/employers/{employment}/contest`: the reader says not to work there, with a message if wanted."""

    template: ClassVar[str] = "my_account/contest_employer.html"
    fields: ClassVar[tuple[str, ...]] = ("text",)

    employment: str
    party: Party
    start_date: date
    form: FormState


@router.post("/confirm")
@router.post("/close")
async def confirm(request: Request, visitor: SignedIn, employment: UUID, _: PostedForm) -> Response:
    """Confirm an employer, or close the answer to a contest that was read."""
    person = visitor.person
    async with transaction(gateway_of(request).engine) as connection:
        if not await employer_announcements.close(driver(connection), str(employment), person):
            raise ForbiddenError
    return see_other(request, addresses.ME)


@router.get("/contest", response_class=HTMLResponse)
async def ask(request: Request, visitor: SignedIn, employment: UUID) -> Response:
    """Ask what is not right."""
    return await _page(request, visitor, employment, new_form())


@router.post("/contest", response_class=HTMLResponse)
async def contest(request: Request, visitor: SignedIn, employment: UUID, form: PostedForm) -> Response:
    """Mark the employment as contested, with a message that only the operator reads."""
    person = visitor.person
    text = typed_text(form, "text")
    if text:
        try:
            text = _TEXT.validate_python(text)
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            wrong = errors_of([explained({**one, "loc": ("text",)}) for one in found], visitor.language)
            state = state_of(form, ContestView.fields, errors=wrong)
            return await _page(request, visitor, employment, state, 422)
    async with transaction(gateway_of(request).engine) as connection:
        if not await employer_announcements.contest(driver(connection), str(employment), person, text):
            raise ForbiddenError
    return see_other(request, with_notice(addresses.ME, "contested"))


async def _page(
    request: Request, visitor: Visitor, employment: UUID, form: FormState, status: int = 200
) -> HTMLResponse:
    person = visitor.person
    async with transaction(gateway_of(request).engine) as connection:
        raw = driver(connection)
        own = await employer_announcements.own(raw, str(employment), person)
        if own is None:
            raise ForbiddenError
        names = await enterprise_names(raw, [own.enterprise])
    party = Party(own.enterprise, names.get(own.enterprise, own.enterprise))
    view = ContestView(own.employment, party, own.start_date, form)
    return page(request, visitor.frame(request, area=Area.ME), view, status)
