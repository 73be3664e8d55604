"""An employment as the dashboard service answers it, for every page that is about one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request

from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.web.kit.visitor import ForbiddenError
from services.gateway.wiring import gateway_of


@dataclass(frozen=True)
class TermsRow:
    """The contract from a day on."""

    valid_from: date
    joint_committee: str
    fraction: Decimal


async def employment_of(request: Request, enterprise: EnterpriseAccess, employment: UUID) -> dict[str, Any]:
    """The employment with its terms. ForbiddenError where it is not this enterprise's."""
    found = await gateway_of(request).questions.dashboard.employment(enterprise.scope, employment)
    if found is None or found["enterprise"] != enterprise.number:
        raise ForbiddenError
    return found
