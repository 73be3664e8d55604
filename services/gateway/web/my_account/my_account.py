"""The employee's own account: right, balance and trainings, from every employer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.access.rights_and_mandates import enterprise_names
from services.gateway.questions import UnavailableError
from services.gateway.web.claims.own_claims import Announced, Offer, OwnClaim, announced, offers, own_claims
from services.gateway.web.credit.credit import YearOfCredit
from services.gateway.web.credit.from_answers import why_no_credit, year_of_credit
from services.gateway.web.kit.access import SignedIn, may_claim
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.frame import Area, Capacity, Frame, Party
from services.gateway.web.kit.known_then import NOW, KnownThen, TypedDay, known_then
from services.gateway.web.kit.visitor import Visitor
from services.gateway.web.kit.years import years_until_now
from services.gateway.web.trainings.training_row import TrainingRow, training_row
from services.gateway.wiring import gateway_of
from shared.access.scope import Role
from shared.clock import brussels_today
from shared.contracts.answers import dashboard as answers
from shared.contracts.answers.dashboard import TrainingLine
from shared.contracts.answers.entitlements import FiveYearPeriod, Ledger
from shared.database.engine import driver, transaction

router = APIRouter(prefix="/me", include_in_schema=False)
Year = Annotated[int, Query(ge=2000, le=2100)]
MOST_TRAININGS = 500
_CAPACITIES = {Role.PROVIDER: Capacity.PROVIDER, Role.SECTOR_FUND: Capacity.SECTOR_FUND}


@dataclass(frozen=True)
class OwnEmployment:
    """One of the reader's employments; `year` is the credit of the year shown, None where there is none.

    `why_no_right` then says why, by its label's code. `short_periods`: five years with less training than right.
    """

    employment: str
    enterprise: Party
    joint_committee: str
    fraction: Decimal
    start_date: date
    end_date: date | None
    year: YearOfCredit | None
    why_no_right: str = "pending"
    short_periods: Sequence[FiveYearPeriod] = ()


@dataclass(frozen=True)
class Office:
    """A role that opens no pages of its own yet: as what, and for which organisation (None where it is not named)."""

    capacity: Capacity
    organisation: Party | None


@dataclass(frozen=True)
class MeView:
    """Right, balance and trainings of the visitor, from every employer. `trainings` are of all years, newest first.

    `announced`: new employers, and what became of those that the reader contests. `offices`: what the visitor is
    besides, said because whoever signed in for it finds nothing of it here.
    """

    template: ClassVar[str] = "my_account/my_account.html"

    name: str
    shown_year: int
    years: Sequence[int]
    employments: Sequence[OwnEmployment]
    trainings: Sequence[TrainingRow]
    offices: Sequence[Office] = ()
    announced: Sequence[Announced] = ()
    claims: Sequence[OwnClaim] = ()
    offers: Sequence[Offer] = ()
    may_register: bool = False
    known: KnownThen = NOW

    def year_tabs(self, frame: Frame) -> list[tuple[str, str, bool]]:
        """List a tab for each year: its text, its address, whether it is the one shown."""
        return [(str(year), frame.with_query(year=year), year == self.shown_year) for year in self.years]


@router.get("", response_class=HTMLResponse)
async def account(
    request: Request,
    visitor: SignedIn,
    year: Year | None = None,
    asKnownOn: TypedDay = "",  # noqa: N803 - as the address has it
) -> Response:
    """Show everything about the visitor."""
    person, shown_year = visitor.person, year or brussels_today().year
    gateway, scope = gateway_of(request), visitor.own_scope
    then = known_then(asKnownOn, visitor.language)
    found = await gateway.questions.dashboard.person(scope, person, page_size=MOST_TRAININGS)
    if found is None:
        raise UnavailableError("dashboard")
    employments = shown_employments(found)
    numbers = {one.enterprise for one in employments} | {line.enterprise for line in found.trainings.items}
    numbers |= {grant.enterprise for grant in visitor.grants if grant.enterprise}
    async with transaction(gateway.engine) as connection:
        names = await enterprise_names(driver(connection), numbers)
    ledgers = await asyncio.gather(
        *(gateway.questions.entitlements.ledger(scope, employment.employment, then.day) for employment in employments)
    )
    own, trainings = view_of(found, ledgers, names, shown_year)
    assert visitor.session is not None
    view = MeView(
        name=visitor.session.name,
        shown_year=shown_year,
        years=years_until_now(),
        employments=own,
        trainings=trainings,
        offices=_offices(visitor, names),
        announced=await announced(request, visitor),
        claims=await own_claims(request, visitor),
        offers=await offers(request, visitor),
        may_register=may_claim(visitor),
        known=then,
    )
    return page(request, visitor.frame(request, area=Area.ME), view)


def view_of(
    answer: answers.PersonAccount, ledgers: Sequence[Ledger | None], names: Mapping[str, str], year: int
) -> tuple[list[OwnEmployment], list[TrainingRow]]:
    """Turn the answers into employments and trainings of the page.

    `ledgers`: of `shown_employments`, in their order; `names`: dict[enterprise number, name].
    """
    lines = shown_trainings(answer.trainings.items, [one for one in answer.employments if one.start_date is not None])
    titles = {line.training: line.title for line in lines}
    own = [
        _own(one, Party(one.enterprise, names.get(one.enterprise, one.enterprise)), ledger, year, titles)
        for one, ledger in zip(shown_employments(answer), ledgers, strict=True)
    ]
    return own, [training_row(line, enterprise_name=names.get(line.enterprise, line.enterprise)) for line in lines]


def shown_employments(answer: answers.PersonAccount) -> list[answers.OwnEmployment]:
    """List the employments that are known here and not cancelled."""
    return [one for one in answer.employments if one.start_date is not None and not one.cancelled]


def shown_trainings(lines: Sequence[TrainingLine], employments: Sequence[answers.OwnEmployment]) -> list[TrainingLine]:
    """Leave out cancelled trainings of an employer where the person never was: every employment there is cancelled.

    A training that was cancelled at a real employer stays visible with its history.
    """
    real = {employment.enterprise for employment in employments if not employment.cancelled}
    never = {employment.enterprise for employment in employments} - real
    return [line for line in lines if line.status != "cancelled" or line.enterprise not in never]


def _own(
    employment: answers.OwnEmployment, party: Party, ledger: Ledger | None, year: int, titles: dict[str, str]
) -> OwnEmployment:
    start, end, known = employment.start_date, employment.end_date, employment.terms
    assert start is not None and known is not None
    terms = [one for one in known if one["validFrom"][:4] <= str(year)] or known[:1]
    return OwnEmployment(
        employment=employment.employment,
        enterprise=party,
        joint_committee=terms[-1]["jointCommittee"],
        fraction=Decimal(terms[-1]["fraction"]),
        start_date=start,
        end_date=end,
        year=year_of_credit(ledger, year, titles),
        why_no_right=why_no_credit(start, end, year, brussels_today()),
        short_periods=[period for period in (ledger.periods if ledger else ()) if period.warning],
    )


def _offices(visitor: Visitor, names: dict[str, str]) -> tuple[Office, ...]:
    return tuple(
        Office(
            _CAPACITIES[grant.role],
            Party(grant.enterprise, names.get(grant.enterprise, "")) if grant.enterprise else None,
        )
        for grant in visitor.grants
        if grant.role in _CAPACITIES
    )
