"""Questions to the dashboard: read models of enterprises, employments, persons and trainings."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from uuid import UUID

import httpx

from services.gateway.questions.service import ServiceQuestions
from shared.access.scope import Scope
from shared.contracts.answers import dashboard as answers
from shared.contracts.vocabulary import TrainingKind, TrainingStatus


class DashboardQuestions(ServiceQuestions):
    """The client of the dashboard."""

    async def enterprises(
        self,
        scope: Scope,
        year: int,
        *,
        page: int | None = None,
        page_size: int | None = None,
        sort: str | None = None,
        numbers: Sequence[str] | None = None,
        text: str | None = None,
    ) -> answers.EnterprisePage | None:
        """Ask for a page of the scope's enterprises with their year's figures, at most 100 a page."""
        parameters = {"page": page, "pageSize": page_size, "sort": sort, "number": numbers, "text": text}
        return await self._get(answers.EnterprisePage, "/internal/enterprises", scope, year=year, **parameters)

    async def enterprise(self, scope: Scope, number: str) -> answers.Enterprise | None:
        """Ask for an enterprise's name, joint committees and sizes; None: out of scope, or nothing is known yet."""
        return await self._get(answers.Enterprise, f"/internal/enterprises/{number}", scope)

    async def summary(self, scope: Scope, number: str, year: int) -> answers.Summary | None:
        """Ask for an enterprise's key figures of a year; None: not in the scope."""
        return await self._get(answers.Summary, f"/internal/enterprises/{number}/summary", scope, year=year)

    async def trainings(
        self,
        scope: Scope,
        number: str,
        *,
        page: int | None = None,
        page_size: int | None = None,
        sort: str | None = None,
        person: UUID | str | None = None,
        employment: UUID | None = None,
        training: Sequence[str] | None = None,
        year: int | None = None,
        first: date | str | None = None,
        last: date | str | None = None,
        status: TrainingStatus | str | Sequence[TrainingStatus | str] | None = None,
        kind: TrainingKind | str | None = None,
        provider: str | None = None,
        theme: str | None = None,
        text: str | None = None,
    ) -> answers.TrainingPage | None:
        """Ask for a page of an enterprise's trainings that meet all conditions; None: not in the scope.

        `training`: ids, at most 100. `year`: on at least one day of it. `first`, `last`: the period in which a training
        begins. `text`: in title, provider or reference.
        """
        parameters = {
            "page": page,
            "pageSize": page_size,
            "sort": sort,
            "person": person,
            "employment": employment,
            "training": training,
            "year": year,
            "from": first,
            "until": last,
            "status": status,
            "kind": kind,
            "provider": provider,
            "theme": theme,
            "text": text,
        }
        return await self._get(answers.TrainingPage, f"/internal/enterprises/{number}/trainings", scope, **parameters)

    async def employees(
        self,
        scope: Scope,
        number: str,
        year: int,
        *,
        page: int | None = None,
        page_size: int | None = None,
        sort: str | None = None,
        employments: Sequence[str] | None = None,
        person: UUID | None = None,
        without_training: bool | None = None,
    ) -> answers.EmployeePage | None:
        """Ask for a page of an enterprise's employees in a year, one line an employment; None: not in the scope."""
        parameters = {
            "year": year,
            "page": page,
            "pageSize": page_size,
            "sort": sort,
            "employment": employments,
            "person": person,
            "withoutTraining": without_training,
        }
        return await self._get(answers.EmployeePage, f"/internal/enterprises/{number}/employees", scope, **parameters)

    async def employee_ids(self, scope: Scope, number: str, year: int) -> answers.EmployeeIds | None:
        """Ask for all of a year's employees as pairs of employment and person, to be sorted by name where names are
        known; None: not in the scope."""
        return await self._get(answers.EmployeeIds, f"/internal/enterprises/{number}/employees/ids", scope, year=year)

    async def employment(self, scope: Scope, employment: UUID) -> answers.Employment | None:
        """Ask for an employment with its balances and its latest trainings; None: there is none in the scope."""
        return await self._get(answers.Employment, f"/internal/employments/{employment}", scope)

    async def person(
        self,
        scope: Scope,
        person: UUID | str,
        *,
        page: int | None = None,
        page_size: int | None = None,
        sort: str | None = None,
    ) -> answers.PersonAccount | None:
        """Ask for a person's employments and a page of trainings, over all employers; None: not in the scope."""
        return await self._get(
            answers.PersonAccount, f"/internal/persons/{person}", scope, page=page, pageSize=page_size, sort=sort
        )

    async def totals(self, scope: Scope) -> answers.Totals | None:
        """Ask how many rows every read model has; None: the scope is no operator's."""
        return await self._get(answers.Totals, "/internal/totals", scope)

    def changes(
        self, scope: Scope, *, enterprise: str | None = None, person: str | None = None
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Open the stream of changes of an enterprise or a person (exactly one of them)."""
        of = {"enterprise": enterprise, "person": person}
        given = {name: value for name, value in of.items() if value is not None}
        return self.transport.stream(self.service, "/internal/changes", scope, given)
