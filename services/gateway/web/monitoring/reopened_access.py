"""The operator's page that opens a person again to a former employer, for a correction that came late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.access import reopened_access
from services.gateway.api.caller import forget_callers
from services.gateway.limits import LONGEST_REOPENING_DAYS, LONGEST_REOPENING_REASON
from services.gateway.web.kit.access import Operator, OperatorAccess
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.csrf import PostedForm
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.forms import FieldError, FormState, errors_of, new_form, state_of, typed_text
from services.gateway.web.kit.notices import with_notice
from services.gateway.web.kit.people import actors_named
from services.gateway.web.kit.typed_values import typed_day
from services.gateway.web.monitoring import addresses
from services.gateway.wiring import gateway_of
from shared.anomalies import anomaly
from shared.clock import brussels_today
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver, transaction
from shared.i18n import N_, translate
from shared.identifiers import is_valid_enterprise_number, is_valid_ssin
from shared.numbers import holds_national_number, plain_number
from shared.reasons import SHORTEST_REASON
from shared.text import is_refused

router = APIRouter(prefix="/operator/access", include_in_schema=False)
MOST_ROWS = 100


@dataclass(frozen=True)
class ReopenedRow:
    """A person opened again: `state` is `open`, `over` or `withdrawn`; the person shows by half the number."""

    id: str
    enterprise: str
    masked_national_number: str
    until: date
    reason: str
    opened_by: str
    opened_at: datetime
    state: str


@dataclass(frozen=True)
class ReopeningView:
    """The form posts to `/operator/access`, a row is withdrawn at `/operator/access/{id}/withdraw`."""

    template: ClassVar[str] = "monitoring/reopened_access.html"
    fields: ClassVar[tuple[str, ...]] = ("enterpriseNumber", "ssin", "until", "reason")

    form: FormState
    rows: Sequence[ReopenedRow]
    days_after_end: int
    longest_days: int


@router.get("", response_class=HTMLResponse)
async def former_employees(request: Request, operator: OperatorAccess) -> Response:
    """Show the form, and whose access was opened again."""
    return await _page(request, operator, new_form())


@router.post("", response_class=HTMLResponse)
async def reopen(request: Request, operator: OperatorAccess, form: PostedForm) -> Response:
    """Open a person again at an enterprise that once employed them, until a day not far away."""
    enterprise, ssin = (plain_number(typed_text(form, name)) for name in ("enterpriseNumber", "ssin"))
    until, reason = typed_day(form, "until"), typed_text(form, "reason")
    today = _today()
    errors = errors_of(_wrong_with(enterprise, ssin, until, reason, today), operator.language)
    if not errors:
        gateway = gateway_of(request)
        async with transaction(gateway.engine) as connection:
            raw = driver(connection)
            person = (await gateway.persons.find(raw, {ssin})).get(ssin)
            if person is not None and await reopened_access.ever_employed(raw, enterprise, person):
                by = f"person:{operator.person}"
                await reopened_access.reopen(raw, enterprise, person, date.fromisoformat(until), reason, by)
                # Software that asked a moment ago sees it with its next question, not when it is forgotten by itself.
                forget_callers()
                return see_other(request, with_notice(addresses.REOPENED, "accessReopened"))
        text = translate(operator.language, N_("This enterprise never registered an employment of this person."))
        errors = (FieldError("ssin", text),)
    return await _page(request, operator, state_of(form, ReopeningView.fields, errors=errors), 422)


def _wrong_with(enterprise: str, ssin: str, until: str, reason: str, today: date) -> list[Anomaly]:
    found: list[Anomaly] = []
    if not is_valid_enterprise_number(enterprise):
        found.append(anomaly("invalidEnterpriseNumber", "enterpriseNumber"))
    if not is_valid_ssin(ssin):
        found.append(anomaly("invalidSsin", "ssin"))
    last = today + timedelta(LONGEST_REOPENING_DAYS)
    try:
        if not today <= date.fromisoformat(until) <= last:
            found.append(anomaly("dateTooFar", "until", minimum=today, maximum=last))
    except ValueError:
        found.append(anomaly("invalidDate", "until"))
    if is_refused(reason):
        found.append(anomaly("invalidText", "reason"))
    elif len(reason) < SHORTEST_REASON:
        found.append(anomaly("tooShort", "reason", minimum=SHORTEST_REASON))
    elif len(reason) > LONGEST_REOPENING_REASON:
        found.append(anomaly("tooLong", "reason", maximum=LONGEST_REOPENING_REASON))
    elif holds_national_number(reason):
        found.append(anomaly("nationalNumberInText", "reason"))
    return found


@router.post("/{reopened}/withdraw")
async def withdraw(request: Request, operator: OperatorAccess, reopened: UUID, _: PostedForm) -> Response:
    """Close it again before its day."""
    async with transaction(gateway_of(request).engine) as connection:
        await reopened_access.withdraw(driver(connection), str(reopened), f"person:{operator.person}")
    forget_callers()
    return see_other(request, with_notice(addresses.REOPENED, "accessWithdrawn"))


async def _page(request: Request, operator: Operator, form: FormState, status: int = 200) -> HTMLResponse:
    gateway = gateway_of(request)
    async with transaction(gateway.engine) as connection:
        listed = await reopened_access.listed(driver(connection), MOST_ROWS)
        ssins = await gateway.persons.ssins(driver(connection), {one.person for one in listed})
    operators = await actors_named(request, {one.opened_by.removeprefix("person:") for one in listed})
    today, masked = _today(), Formatter(operator.language).masked_national_number
    rows = [
        ReopenedRow(
            one.id,
            one.enterprise,
            masked(ssins[one.person]),
            one.until,
            one.reason,
            operators.get(one.opened_by.removeprefix("person:"), "—"),
            one.opened_at,
            "withdrawn" if one.withdrawn_at else "open" if one.until >= today else "over",
        )
        for one in listed
    ]
    view = ReopeningView(form, rows, gateway.settings.access_days_after_end, LONGEST_REOPENING_DAYS)
    return page(request, operator.frame(request), view, status)


def _today() -> date:
    return brussels_today()
