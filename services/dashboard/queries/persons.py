"""A person's own account, over all employers: `GET /internal/persons/{person}`."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from services.dashboard.queries.answers import DEFAULT_PAGE_SIZE, Page, PageSize
from services.dashboard.queries.asking import Answering, of_person
from services.dashboard.queries.employments import balances_by_employment, facts, year_balances
from services.dashboard.queries.trainings import Sort, counted, listed, training_line
from services.dashboard.storage.tables import balance, employment, training
from shared.contracts.answers.dashboard import AccountTrainings, OwnEmployment, PersonAccount
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/persons")


@router.get("/{person}")
async def account(
    person: UUID,
    scope: Asking,
    questions: Answering,
    page: Page = 1,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    sort: Sort = "-startDate",
) -> Response:
    """Answer employments with their balances, and a page of all trainings from every employer.

    A balance may be here before its employment: such an employment has its id and balances only.
    """
    own = [training.c.person == person]
    async with questions.reading(of_person(person, scope)) as connection:
        employments = select(employment).where(employment.c.person == person).order_by(employment.c.start_date.desc())
        employed = (await connection.execute(employments)).all()
        balances = (await connection.execute(select(balance).where(balance.c.person == person, ~balance.c.gone))).all()
        totals = (await connection.execute(counted(own))).one()
        rows = (await connection.execute(listed(own, sort, page=page, page_size=page_size))).all()
    by_employment = balances_by_employment(balances)
    answered = [OwnEmployment(**facts(row), balances=year_balances(by_employment.pop(row.id, []))) for row in employed]
    answered += [
        OwnEmployment(employment=str(id_), enterprise=of_it[0].enterprise, balances=year_balances(of_it))
        for id_, of_it in by_employment.items()
    ]
    trainings = AccountTrainings(
        items=[training_line(row) for row in rows],
        page=page,
        page_size=page_size,
        total=totals.shown,
        minutes=totals.minutes,
    )
    return answer(PersonAccount(person=str(person), employments=answered, trainings=trainings))
