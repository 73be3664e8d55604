"""An enterprise's trainings: `GET /internal/enterprises/{number}/trainings`."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Response
from sqlalchemy import ColumnElement, Row, Select, Uuid, and_, false, func, not_, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.dashboard.queries import closed, never_employed
from services.dashboard.queries.answers import DEFAULT_PAGE_SIZE, WITHOUT_NUL, Page, PageSize, moment
from services.dashboard.queries.asking import Answering, EnterpriseScope
from services.dashboard.queries.ownership import Days, Employed, counted_days
from services.dashboard.storage.tables import employment as employments
from services.dashboard.storage.tables import training
from shared.access.scope import Scope
from shared.contracts.answers.dashboard import Certificate, Count, Provider, TrainingLine, TrainingPage
from shared.contracts.vocabulary import TrainingKind, TrainingStatus
from shared.database.scope import counting_everyone
from shared.http.answers import answer
from shared.http.route_parameters import EnterpriseNumber

router = APIRouter(prefix="/internal/enterprises/{number}")

_SORTED_BY = {
    "startDate": training.c.start_date,
    "endDate": training.c.end_date,
    "recordedAt": training.c.recorded_at,
    "title": training.c.title,
    "minutes": training.c.minutes,
}
Sort = Literal[
    "startDate",
    "-startDate",
    "endDate",
    "-endDate",
    "recordedAt",
    "-recordedAt",
    "title",
    "-title",
    "minutes",
    "-minutes",
]
Condition = ColumnElement[bool]
MOST_IDS = 100
"""More ids would make an address longer than servers take."""


@router.get("/trainings")
async def trainings(
    number: EnterpriseNumber,
    scope: EnterpriseScope,
    questions: Answering,
    page: Page = 1,
    page_size: PageSize = DEFAULT_PAGE_SIZE,
    sort: Sort = "-startDate",
    person: UUID | None = None,
    employment: UUID | None = None,
    ids: Annotated[list[UUID] | None, Query(alias="training", max_length=MOST_IDS)] = None,
    year: Annotated[int | None, Query(ge=2000, le=2100, description="on at least one of its days")] = None,
    first: Annotated[date | None, Query(alias="from", description="first day on or after")] = None,
    last: Annotated[date | None, Query(alias="until", description="first day on or before")] = None,
    status: Annotated[list[TrainingStatus] | None, Query()] = None,
    kind: TrainingKind | None = None,
    provider: Annotated[
        str | None, Query(pattern=WITHOUT_NUL, description="enterprise number, or part of the name")
    ] = None,
    theme: Annotated[str | None, Query(pattern=WITHOUT_NUL)] = None,
    containing: Annotated[
        str | None, Query(alias="text", pattern=WITHOUT_NUL, description="in title, provider or reference")
    ] = None,
) -> Response:
    """Answer a page of trainings, and count and minutes of all that match. A period is one of first days.

    `total` counts what is shown. `totals` count former employees too, whose data is closed, unless it is narrowed to a
    person, an employment or a text.
    A training that is the same as another is listed and not counted: `total` has it, `totals` have not.
    """
    conditions: list[Condition] = [training.c.enterprise == number, not_(_of_who_never_was(number))]
    equal = ((training.c.person, person), (training.c.kind, kind), (training.c.theme, theme))
    conditions += [column == value for column, value in equal if value]
    if ids:
        conditions.append(training.c.id.in_(ids))
    if year:
        conditions += [training.c.start_date <= date(year, 12, 31), training.c.end_date >= date(year, 1, 1)]
    if first:
        conditions.append(training.c.start_date >= first)
    if last:
        conditions.append(training.c.start_date <= last)
    if status:
        conditions.append(training.c.status.in_(status))
    if provider:
        conditions.append(_by_provider(provider))
    if containing:
        texts = (training.c.title, training.c.provider_name, training.c.reference)
        conditions.append(or_(*(column.icontains(containing, autoescape=True) for column in texts)))
    async with questions.reading(scope) as connection:
        if employment:
            conditions.append(await of_employment(connection, employment))
        if person or employment or ids or containing:
            # A sum over everyone is the enterprise's own figure; one over what somebody is found by would tell of them.
            totals = (await connection.execute(counted(conditions))).one()
        else:
            async with counting_everyone(connection, scope):
                totals = (await connection.execute(counted(conditions, closed_to(scope, number)))).one()
        rows = (await connection.execute(listed(conditions, sort, page=page, page_size=page_size))).all()
    sums = Count(trainings=totals.trainings, minutes=totals.minutes)
    items = [training_line(row) for row in rows]
    return answer(TrainingPage(items=items, page=page, page_size=page_size, total=totals.shown, totals=sums))


def _of_who_never_was(number: str) -> Condition:
    """Select cancelled trainings of people who turned out never to have worked here."""
    people = text(never_employed.PEOPLE).bindparams(number=number).columns(person=Uuid)
    return and_(training.c.status == "cancelled", training.c.person.in_(people.subquery().select()))


def _by_provider(provider: str) -> Condition:
    if provider.isdigit():
        return training.c.provider_number == provider
    return training.c.provider_name.icontains(provider, autoescape=True)


def listed(conditions: Sequence[Condition], sort: Sort, *, page: int, page_size: int) -> Select[Any]:
    """Select one page of the trainings that meet all conditions; ties go by id, so that pages never overlap."""
    column = _SORTED_BY[sort.lstrip("-")]
    order = (column.desc(), training.c.id.desc()) if sort.startswith("-") else (column, training.c.id)
    statement = select(training).where(*conditions).order_by(*order)
    return statement.limit(page_size).offset((page - 1) * page_size)


def counted(conditions: Sequence[Condition], hidden: Condition | None = None) -> Select[Any]:
    """Count the trainings that meet all conditions, and their minutes, each that is there twice counted once.

    `shown`: how many are listed, doubles too, which is all that are not `hidden`.
    """
    counts = training.c.same_as.is_(None)
    return select(
        func.count().filter(counts).label("trainings"),
        func.coalesce(func.sum(training.c.minutes).filter(counts), 0).label("minutes"),
        (func.count() if hidden is None else func.count().filter(~hidden)).label("shown"),
    ).where(*conditions)


def closed_to(scope: Scope, number: str) -> Condition | None:
    """Select the enterprise's trainings that are closed to the asker, though its totals count them."""
    if scope.open_since is None:
        return None
    people = text(closed.PEOPLE).bindparams(*closed.parameters).bindparams(number=number, **closed.asked(scope))
    return training.c.person.in_(people.columns(person=Uuid).subquery().select())


async def of_employment(connection: AsyncConnection, employment: UUID) -> Condition:
    """Select the trainings that are counted to this employment (see `ownership`). Raises 404 when out of scope."""
    own = (await connection.execute(select(employments).where(employments.c.id == employment))).one_or_none()
    if own is None:
        raise HTTPException(404, "no such employment in your scope")
    siblings = (
        await connection.execute(
            select(employments).where(
                employments.c.enterprise == own.enterprise, employments.c.person == own.person, ~employments.c.cancelled
            )
        )
    ).all()
    where = and_(training.c.enterprise == own.enterprise, training.c.person == own.person)
    extremes = select(func.min(training.c.start_date), func.max(training.c.start_date)).where(where)
    earliest, latest = (await connection.execute(extremes)).one()
    if earliest is None:
        return false()
    days = counted_days(
        str(employment),
        [Employed(str(one.id), one.start_date, one.end_date) for one in siblings],
        range(earliest.year, latest.year + 1),
    )
    return and_(where, or_(false(), *(_within(stretch) for stretch in days)))


def _within(days: Days) -> Condition:
    return training.c.start_date.between(days.first, days.last)


def training_line(row: Row[Any]) -> TrainingLine:
    """Make the line of a row of `training`."""
    return TrainingLine(
        training=str(row.id),
        version=row.version,
        person=str(row.person),
        enterprise=row.enterprise,
        title=row.title,
        start_date=row.start_date,
        end_date=row.end_date,
        minutes=row.minutes,
        charged_minutes=row.charged_minutes,
        status=row.status,
        kind=row.kind,
        context=row.context,
        right_type=row.right_type,
        provider=_provider(row),
        certificate=_certificate(row),
        theme=row.theme,
        modality=row.modality,
        reference=row.reference,
        registered_by=row.registered_by,
        same_as=None if row.same_as is None else str(row.same_as),
        received_at=moment(row.received_at),
        recorded_at=moment(row.recorded_at),
    )


def _provider(row: Row[Any]) -> Provider | None:
    if row.provider_name is None and row.provider_number is None:
        return None
    return Provider(name=row.provider_name, enterprise_number=row.provider_number)


def _certificate(row: Row[Any]) -> Certificate | None:
    return None if row.certificate is None else Certificate(awarded=row.certificate, valid_until=row.certificate_until)
