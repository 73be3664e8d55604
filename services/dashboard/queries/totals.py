"""How much there is in all: `GET /internal/totals`, for operators."""

from fastapi import APIRouter, Request, Response
from sqlalchemy import text

from services.dashboard.queries.answers import moment
from services.dashboard.queries.asking import Answering
from shared.contracts.answers.dashboard import SummaryStatus, Totals
from shared.http.answers import answer
from shared.http.scope import AskingOperator

router = APIRouter(prefix="/internal")

_COUNTS = text("""
select (select count(*) from enterprise where name <> '') as enterprises,
       (select count(*) from employment where not cancelled) as employments,
       (select count(*) from balance where not gone) as balances,
       now() as as_of
""")
_TRAININGS = text("select status, count(*) as trainings, sum(minutes)::int8 as minutes from training group by status")


@router.get("/totals")
async def totals(request: Request, scope: AskingOperator, questions: Answering) -> Response:
    """Count the rows of every read model, trainings by status, and how many pages watch live here."""
    async with questions.reading(scope) as connection:
        counts = (await connection.execute(_COUNTS)).one()
        statuses = (await connection.execute(_TRAININGS)).all()
    return answer(
        Totals(
            as_of=moment(counts.as_of),
            enterprises=counts.enterprises,
            employments=counts.employments,
            balances=counts.balances,
            trainings=sum(row.trainings for row in statuses),
            by_status=[
                SummaryStatus(status=row.status, trainings=row.trainings, minutes=row.minutes)
                for row in sorted(statuses, key=lambda row: str(row.status))
            ],
            open_streams=request.app.state.hub.open_streams,
        )
    )
