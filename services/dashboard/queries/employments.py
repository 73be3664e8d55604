"""One employment with its balances and trainings: `GET /internal/employments/{employment}`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy import Row, select

from services.dashboard.queries import credit
from services.dashboard.queries.asking import Answering
from services.dashboard.queries.trainings import counted, listed, of_employment, training_line
from services.dashboard.storage.tables import balance, employment
from shared.contracts.answers.dashboard import Employment, EmploymentFacts, LatestTrainings, YearOfCredit
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/employments")

_MOST_TRAININGS = 200


@router.get("/{id_}")
async def one_employment(id_: UUID, scope: Asking, questions: Answering) -> Response:
    """Answer an employment to its employer or the person, with its latest trainings (all: `trainings?employment=`).

    `others` are the person's other employments at the same enterprise, which count trainings of their own.
    """
    async with questions.reading(scope) as connection:
        own = (await connection.execute(select(employment).where(employment.c.id == id_))).one_or_none()
        if own is None:
            raise HTTPException(404, "no such employment in your scope")
        same = (employment.c.enterprise == own.enterprise, employment.c.person == own.person, employment.c.id != id_)
        others = (await connection.execute(select(employment).where(*same).order_by(employment.c.start_date))).all()
        balances = (await connection.execute(select(balance).where(balance.c.employment == id_, ~balance.c.gone))).all()
        condition = await of_employment(connection, id_)
        totals = (await connection.execute(counted([condition]))).one()
        latest = listed([condition], "-startDate", page=1, page_size=_MOST_TRAININGS)
        trainings = (await connection.execute(latest)).all()
    items = [training_line(row) for row in trainings]
    return answer(
        Employment(
            **facts(own),
            balances=year_balances(balances),
            trainings=LatestTrainings(total=totals.shown, minutes=totals.minutes, items=items),
            others=[EmploymentFacts(**facts(other)) for other in others],
        )
    )


def facts(row: Row[Any]) -> dict[str, Any]:
    """Read what is known of an employment itself, by the names of `EmploymentFacts` and of what extends it."""
    return {
        "employment": str(row.id),
        "version": row.version,
        "person": str(row.person),
        "enterprise": row.enterprise,
        "start_date": row.start_date,
        "end_date": row.end_date,
        "end_reason": row.end_reason,
        "rest_agreed": row.rest_agreed,
        "terms": row.terms,
        "opt_outs": row.opt_outs,
        "cancelled": row.cancelled,
    }


def year_balances(rows: Iterable[Row[Any]]) -> list[YearOfCredit]:
    """Read the balances of one employment, newest year first."""
    ordered = sorted(rows, key=lambda row: -row.year)
    return [YearOfCredit(year=row.year, incomplete=row.incomplete, **credit.figures(row)) for row in ordered]


def balances_by_employment(rows: Iterable[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    """Group rows by their employment."""
    apart: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        apart[row.employment].append(row)
    return apart
