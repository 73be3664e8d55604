"""An employment as the dashboard service answers it, for every page that is about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from fastapi import Request

from services.gateway.intake.rules import USUAL_WEEK
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.wiring import gateway_of
from shared.contracts.answers.dashboard import Employment
from shared.contracts.employer_submissions import Terms


@dataclass(frozen=True)
class TermsRow:
    """The contract from a day on. `weekly_hours`: where the working time was declared so."""

    valid_from: date
    joint_committee: str
    fraction: Decimal
    weekly_hours: Decimal | None = None
    full_time_week: Decimal = Decimal(USUAL_WEEK)


def terms_rows(terms: Sequence[Terms]) -> list[TermsRow]:
    """Make the rows of an employment's terms."""
    return [
        TermsRow(
            date.fromisoformat(one["validFrom"]),
            one["jointCommittee"],
            Decimal(one["fraction"]),
            Decimal(one["weeklyHours"]) if "weeklyHours" in one else None,
            Decimal(one.get("fullTimeWeek", USUAL_WEEK)),
        )
        for one in terms
    ]


async def employment_of(request: Request, enterprise: EnterpriseAccess, employment: UUID) -> Employment:
    """Ask for the employment. Raises ForbiddenError where it is not this enterprise's."""
    found = await gateway_of(request).questions.dashboard.employment(enterprise.scope, employment)
    if found is None or found.enterprise != enterprise.number:
        raise ForbiddenError
    return found
