"""Which arrangement applies: `/arrangements`, for anyone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.api.enterprises import PUBLIC
from services.gateway.web.arrangements.general_rule import SizeBand, general_rule
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.forms import FieldError, FormState, new_form
from services.gateway.web.kit.joint_committees import choices
from services.gateway.web.kit.typed_values import day_typed
from services.gateway.web.kit.visitor import CurrentVisitor, Visitor
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers.entitlements import Arrangement
from shared.i18n import N_, translate
from shared.reference.joint_committees import dotted

router = APIRouter(include_in_schema=False)
LARGEST_SIZE = Decimal(10_000_000)
# Plain digits only: `1e-99999` is a number too, but one whose exact fraction keeps the rules busy for minutes.
_SIZE = re.compile(r"[0-9]{1,8}([.][0-9]{1,9})?")


@dataclass(frozen=True)
class ArrangementAnswer:
    """What the entitlements service answers. `days` and `hours` are None where the right is unknown.

    `reason` and `parameters` are `Applicable.reason` untouched: the page has a sentence for each code. `set` is
    `brochure`, `law` or `sector`. `source` is where the row was read, an address or a title.
    """

    reason: str
    parameters: Mapping[str, str]
    days: Decimal | None = None
    hours: Decimal | None = None
    hours_per_day: Decimal | None = None
    set: str | None = None
    source: str | None = None
    confidence: str = "high"
    average_per_fte: bool = False
    min_months_worked: int | None = None
    note: str = ""

    @property
    def source_host(self) -> str:
        """Who published the source, where it is an address."""
        return urlsplit(self.source or "").hostname or ""


@dataclass(frozen=True)
class ArrangementsView:
    """The form is sent by GET: `jointCommittee`, `size`, `date`. `answer` is None until all three are there and valid.

    `committees` holds codes with their names, to choose from while typing.
    `general_rule`: the base that is set, the brochure's or the law's.
    """

    template: ClassVar[str] = "arrangements/look_up.html"
    fields: ClassVar[tuple[str, ...]] = ("jointCommittee", "size", "date")

    form: FormState
    answer: ArrangementAnswer | None = None
    committees: Sequence[tuple[str, str]] = ()
    general_rule: Sequence[SizeBand] = ()


@router.get("/arrangements", response_class=HTMLResponse)
async def arrangements(request: Request, visitor: CurrentVisitor) -> Response:
    """Look up an arrangement: joint committee, size and date in; days, source and why out."""
    entitlements = gateway_of(request).questions.entitlements
    committees = await entitlements.joint_committees(PUBLIC)
    form, asked = _asked(request, visitor)
    found = await entitlements.arrangement(PUBLIC, **asked) if asked else None
    answer = found.items[0] if found else None
    view = ArrangementsView(
        form,
        _answer(answer) if answer else None,
        choices(
            [committee.code for committee in (committees.items if committees else ())],
            visitor.language,
            brussels_today(),
        ),
        await general_rule(request, asked.get("on")),
    )
    return page(request, visitor.frame(request), view, 422 if form.errors else 200)


def _asked(request: Request, visitor: Visitor) -> tuple[FormState, dict[str, str]]:
    """Read the form of the address, and the question when it is complete and right."""
    query = request.query_params
    values = {name: query.get(name, "").strip() for name in ArrangementsView.fields}
    today = brussels_today().isoformat()
    if not any(values.values()):
        return new_form({"date": today}), {}
    values["date"] = day_typed(values["date"]) or today
    errors: list[FieldError] = []

    def wrong(field: str, text: str) -> None:
        errors.append(FieldError(field, translate(visitor.language, text)))

    digits = values["jointCommittee"].replace(".", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (3, 5, 7):
        wrong("jointCommittee", N_("This is not a joint committee: write it as 200, 225.01 or 305.02.09."))
    size = values["size"].replace(",", ".")
    if not _SIZE.fullmatch(size) or Decimal(size) > LARGEST_SIZE:
        wrong("size", N_("This is not a number."))
    try:
        # A day may be written without hyphens or as a week's day; it is asked for in its usual form.
        values["date"] = date.fromisoformat(values["date"]).isoformat()
    except ValueError:
        wrong("date", N_("This is not an existing date. Write day, month and year: 16/06/2024."))
    form = FormState(new_form().submission_key, values, {}, tuple(errors))
    if errors:
        return form, {}
    return form, {"joint_committee": dotted(digits), "size": size, "on": values["date"]}


def _answer(found: Arrangement) -> ArrangementAnswer:
    """Make the page's answer of the service's."""
    return ArrangementAnswer(
        reason=found.reason,
        parameters=found.parameters,
        days=found.days,
        hours=found.hours,
        hours_per_day=found.hours_per_day,
        set=found.set,
        source=found.source,
        confidence=found.confidence or "high",
        average_per_fte=bool(found.average_per_fte),
        min_months_worked=found.min_months_worked,
        note=found.note or "",
    )
