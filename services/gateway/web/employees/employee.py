"""One employment: contract, balance with the why of each line, trainings of the year."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import Questions
from services.gateway.representation import employer_announcements
from services.gateway.web.credit.credit import YearOfCredit
from services.gateway.web.credit.from_answers import why_no_credit, year_of_credit
from services.gateway.web.employees.employees import Year
from services.gateway.web.employees.employment import TermsRow, employment_of, terms_rows
from services.gateway.web.entitlements.override import Override, override_of
from services.gateway.web.kit.access import EnterpriseAccess, ReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.frame import Area, Frame, Party
from services.gateway.web.kit.known_then import NOW, KnownThen, TypedDay, known_then
from services.gateway.web.kit.opt_outs import OptOutPeriod, opt_out_periods
from services.gateway.web.kit.people import name_of
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.trainings.training_row import TrainingRow, training_row
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today
from shared.contracts.answers import entitlements
from shared.contracts.answers.dashboard import Employment, TrainingLine
from shared.contracts.answers.entitlements import FiveYearPeriod, Ledger
from shared.contracts.employer_submissions import EndReason, RestAgreed
from shared.database.engine import driver, transaction

PAGE_OF_TRAININGS = 500
MOST_IDS = 100
router = APIRouter(prefix="/enterprises/{number}/employees", include_in_schema=False)


@dataclass(frozen=True)
class EmployeeView:
    """`…/employees/{employment_id}` in one year.

    `masked_national_number` is made by `Formatter.masked_national_number`, or None where it is not to be shown.
    `year` is None where there is no credit of that year; `why_no_right` is then the label's code: not in service, not
    begun, or the entitlements service has not calculated yet (a moment after the employment was added).
    `own_figures` are the employer's own for the year shown, those taken back among them. `contested_at`: the person
    says not to work here. `short_periods`: five years that are over, with less training than right.
    """

    template: ClassVar[str] = "employees/employee.html"

    enterprise: Party
    employment: str
    name: str
    masked_national_number: str | None
    start_date: date
    end_date: date | None
    end_reason: EndReason | None
    terms: Sequence[TermsRow]
    years: Sequence[int]
    shown_year: int
    year: YearOfCredit | None
    trainings: Sequence[TrainingRow]
    why_no_right: str = "pending"
    own_figures: Sequence[Override] = ()
    contested_at: datetime | None = None
    rest_agreed: RestAgreed | None = None
    opt_outs: Sequence[OptOutPeriod] = ()
    short_periods: Sequence[FiveYearPeriod] = ()
    known: KnownThen = NOW

    def year_tabs(self, frame: Frame) -> list[tuple[str, str, bool]]:
        """List a tab for each year: its text, its address, whether it is the one shown."""
        return [(str(year), frame.with_query(year=year), year == self.shown_year) for year in self.years]


@router.get("/{employment}", response_class=HTMLResponse)
async def employee(
    request: Request,
    enterprise: ReadAccess,
    employment: UUID,
    year: Year | None = None,
    asKnownOn: TypedDay = "",  # noqa: N803 - as the address has it
) -> Response:
    """Show one employment: contract, balance with the why of each line, trainings of the year."""
    shown_year = year or brussels_today().year
    gateway, scope = gateway_of(request), enterprise.scope
    questions = gateway.questions
    then = known_then(asKnownOn, enterprise.language)
    known, ledger, lines, figures = await asyncio.gather(
        employment_of(request, enterprise, employment),
        questions.entitlements.ledger(scope, employment, then.day),
        _trainings_of_year(questions, enterprise, employment, shown_year),
        questions.entitlements.overrides(scope, enterprise.number, employment=employment, year=shown_year),
    )
    titles = await _titles(questions, enterprise, ledger, lines, shown_year)
    person = known.person
    async with transaction(gateway.engine) as connection:
        contested_at = await employer_announcements.contested_at(driver(connection), person, enterprise.number)
        ssins = await gateway.persons.ssins(driver(connection), [person])
    view = view_of(
        known,
        ledger,
        lines,
        figures.items if figures else (),
        titles,
        enterprise.party,
        shown_year,
        name=await name_of(request, enterprise.number, person),
        masked_national_number=Formatter(enterprise.language).masked_national_number(ssins[person]) if ssins else None,
        contested_at=contested_at,
        then=then,
    )
    return page(request, enterprise.frame(request, Area.EMPLOYEES), view)


def view_of(
    known: Employment,
    ledger: Ledger | None,
    lines: Sequence[TrainingLine],
    overrides: Sequence[entitlements.Override],
    titles: Mapping[str, str],
    party: Party,
    shown_year: int,
    *,
    name: str,
    masked_national_number: str | None,
    contested_at: datetime | None = None,
    then: KnownThen | None = None,
) -> EmployeeView:
    """Turn the answers into what the page shows. `lines`: the year's trainings; `titles`: dict[training id, title]."""
    start, end = known.start_date, known.end_date
    return EmployeeView(
        enterprise=party,
        employment=known.employment,
        name=name,
        masked_national_number=masked_national_number,
        start_date=start,
        end_date=end,
        end_reason=known.end_reason,
        terms=terms_rows(known.terms),
        years=years_until_now(),
        shown_year=shown_year,
        year=year_of_credit(ledger, shown_year, titles),
        why_no_right=why_no_credit(start, end, shown_year, brussels_today()),
        trainings=[training_row(line) for line in lines],
        own_figures=[override_of(one) for one in overrides],
        contested_at=contested_at,
        rest_agreed=known.rest_agreed,
        opt_outs=opt_out_periods(known.opt_outs or ()),
        short_periods=[period for period in (ledger.periods if ledger else ()) if period.warning],
        known=then or NOW,
    )


async def _trainings_of_year(
    questions: Questions, enterprise: EnterpriseAccess, employment: UUID, year: int
) -> list[TrainingLine]:
    """Ask for all trainings of an employment that lie in a year, newest first, however many there are."""
    lines: list[TrainingLine] = []
    for at in count(1):
        found = await questions.dashboard.trainings(
            enterprise.scope, enterprise.number, employment=employment, year=year, page=at, page_size=PAGE_OF_TRAININGS
        )
        lines += found.items if found else ()
        if found is None or at * PAGE_OF_TRAININGS >= found.total:
            break
    return lines


async def _titles(
    questions: Questions, enterprise: EnterpriseAccess, ledger: Ledger | None, lines: Sequence[TrainingLine], year: int
) -> dict[str, str]:
    """Get the titles of the trainings in a year's ledger: dict[training id, title].

    Lines may name trainings that are not of this year any more, or of another employment: they are asked for by id.
    """
    titles = {line.training: line.title for line in lines}
    booked = [line for entry in (ledger.years if ledger else ()) if entry.year == year for line in entry.lines]
    others = list(dict.fromkeys(line.training for line in booked if line.training and line.training not in titles))
    for at in range(0, len(others), MOST_IDS):
        ids = others[at : at + MOST_IDS]
        found = await questions.dashboard.trainings(
            enterprise.scope, enterprise.number, training=ids, page_size=MOST_IDS
        )
        titles |= {line.training: line.title for line in (found.items if found else ())}
    return titles
