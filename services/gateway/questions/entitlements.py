"""Questions to entitlements: arrangements, enterprises, ledgers and overrides."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.gateway.questions.service import ServiceQuestions
from shared.access.scope import Scope
from shared.contracts.answers import entitlements as answers


class EntitlementsQuestions(ServiceQuestions):
    """The client of entitlements."""

    async def arrangement(
        self,
        scope: Scope,
        *,
        joint_committee: str | None = None,
        size: str | None = None,
        on: date | str | None = None,
        enterprise: str | None = None,
    ) -> answers.ArrangementLookUp | None:
        """Ask which arrangement applies to a committee and a size (decimal text), or to an enterprise's committees.

        On a day, or today. None: there is no such enterprise.
        """
        parameters = {"jointCommittee": joint_committee, "size": size, "on": on, "enterprise": enterprise}
        return await self._get(answers.ArrangementLookUp, "/internal/arrangement", scope, **parameters)

    async def general_rule(self, scope: Scope, on: date | str | None = None) -> answers.GeneralRule | None:
        """Ask for the days by size where no joint committee says otherwise, on a day or today."""
        return await self._get(answers.GeneralRule, "/internal/generalRule", scope, on=on)

    async def joint_committees(self, scope: Scope) -> answers.JointCommittees | None:
        """Ask for the joint committees that have an arrangement of their own."""
        return await self._get(answers.JointCommittees, "/internal/jointCommittees", scope)

    async def enterprise(self, scope: Scope, number: str, on: date | str | None = None) -> answers.Enterprise | None:
        """Ask for an enterprise: its sizes, and the arrangement per committee on a day or today. None: not in scope."""
        return await self._get(answers.Enterprise, f"/internal/enterprises/{number}", scope, on=on)

    async def employments(
        self, scope: Scope, number: str, *, after: str | None = None, page_size: int | None = None
    ) -> answers.Employments | None:
        """Ask for an enterprise's employments by id with their balances, those behind the id `after`."""
        return await self._get(
            answers.Employments, f"/internal/enterprises/{number}/employments", scope, after=after, pageSize=page_size
        )

    async def employment(self, scope: Scope, employment: UUID) -> answers.Employment | None:
        """Ask for an employment with its balances per year; None: there is none in the scope."""
        return await self._get(answers.Employment, f"/internal/employments/{employment}", scope)

    async def ledger(
        self, scope: Scope, employment: UUID | str, known_on: date | str | None = None
    ) -> answers.Ledger | None:
        """Ask for an employment's ledger lines by year, as known now or at the end of a day; None: not in scope."""
        return await self._get(answers.Ledger, f"/internal/employments/{employment}/ledger", scope, knownOn=known_on)

    async def overrides(
        self,
        scope: Scope,
        number: str,
        *,
        employment: UUID | None = None,
        year: int | None = None,
        page: int | None = None,
        page_size: int | None = None,
    ) -> answers.OverridePage | None:
        """Ask for a page of an enterprise's overrides, of one employment or year, the last registered first."""
        parameters = {"employment": employment, "year": year, "page": page, "pageSize": page_size}
        path = f"/internal/enterprises/{number}/entitlements"
        return await self._get(answers.OverridePage, path, scope, **parameters)

    async def override(self, scope: Scope, entitlement: UUID) -> answers.OverrideVersions | None:
        """Ask for an override and its versions, newest first; None: there is none in the scope."""
        return await self._get(answers.OverrideVersions, f"/internal/entitlements/{entitlement}", scope)

    async def enterprise_overrides(
        self,
        scope: Scope,
        number: str,
        *,
        year: int | None = None,
        page: int | None = None,
        page_size: int | None = None,
    ) -> answers.EnterpriseOverridePage | None:
        """Ask for a page of an enterprise's overrides for everybody, or those of a year, the last registered first."""
        parameters = {"year": year, "page": page, "pageSize": page_size}
        path = f"/internal/enterprises/{number}/enterpriseEntitlements"
        return await self._get(answers.EnterpriseOverridePage, path, scope, **parameters)

    async def enterprise_override(self, scope: Scope, entitlement: UUID) -> answers.EnterpriseOverrideVersions | None:
        """Ask for an override for everybody and its versions, newest first; None: there is none in the scope."""
        path = f"/internal/enterpriseEntitlements/{entitlement}"
        return await self._get(answers.EnterpriseOverrideVersions, path, scope)

    async def override_effects(self, scope: Scope, override: Mapping[str, Any]) -> answers.OverrideEffects | None:
        """Ask what an override would change for each of some employments (`employments`) of an enterprise."""
        return await self._post(answers.OverrideEffects, "/internal/entitlements/effects", scope, override)

    async def what_if(self, scope: Scope, supposed: Mapping[str, Any]) -> answers.WhatIf | None:
        """Ask what an employment's years would be with other facts; None: the employment is not in the scope."""
        return await self._post(answers.WhatIf, "/internal/what-if", scope, supposed)

    async def recalculations(self, scope: Scope) -> answers.Recalculations | None:
        """Ask how far the last recalculations have come, newest first."""
        return await self._get(answers.Recalculations, "/internal/recalculations", scope)
