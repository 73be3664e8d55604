"""One employment with its balances and trainings: `GET /internal/employments/{employment}`."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Response
from sqlalchemy import Row, select

from services.dashboard.queries import credit
from services.dashboard.queries.answers import answer, known
from services.dashboard.queries.asking import Answering
from services.dashboard.queries.trainings import counted, listed, of_employment, training_line
from services.dashboard.storage.tables import balance, employment
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/employments")

_MOST_TRAININGS = 200


@router.get("/{id_}")
async def one_employment(id_: UUID, scope: Asking, questions: Answering) -> Response:
    """An employment for its employer or for the person; its latest trainings (all of them: `trainings?employment=`).

    `others` are the person's other employments at the same enterprise, which count trainings of their own.
    """
    async with questions.reading(scope) as connection:
        own = (await connection.execute(select(employment).where(employment.c.id == id_))).one_or_none()
        if own is None:
            raise HTTPException(404, "no such employment in your scope")
        same = (employment.c.enterprise == own.enterprise, employment.c.person == own.person, employment.c.id != id_)
        others = (await connection.execute(select(employment).where(*same).order_by(employment.c.start_date))).all()
        balances = (await connection.execute(select(balance).where(balance.c.employment == id_))).all()
        condition = await of_employment(connection, id_)
        totals = (await connection.execute(counted([condition]))).one()
        latest = listed([condition], "-startDate", page=1, page_size=_MOST_TRAININGS)
        trainings = (await connection.execute(latest)).all()
    return answer(
        employment_facts(own)
        | {
            "balances": year_balances(balances),
            "trainings": {
                "total": totals.shown,
                "minutes": totals.minutes,
                "items": [training_line(row) for row in trainings],
            },
            "others": [employment_facts(other) for other in others],
        }
    )


def employment_facts(row: Row[Any]) -> dict[str, Any]:
    """What is known of an employment itself."""
    return known(
        employment=row.id,
        version=row.version,
        person=row.person,
        enterprise=row.enterprise,
        startDate=row.start_date,
        endDate=row.end_date,
        endReason=row.end_reason,
        terms=row.terms,
        cancelled=row.cancelled,
    )


def year_balances(rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Balances of one employment, newest year first."""
    ordered = sorted(rows, key=lambda row: -row.year)
    return [{"year": row.year, "incomplete": row.incomplete, **credit.credit(row)} for row in ordered]


def balances_by_employment(rows: Iterable[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    """Rows of several employments, apart."""
    apart: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        apart[row.employment].append(row)
    return apart
