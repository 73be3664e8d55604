"""Providers that an enterprise used before."""

from datetime import datetime

from fastapi import Request

from services.gateway.intake.writer import BRUSSELS
from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.wiring import gateway_of


async def known_providers(request: Request, enterprise: EnterpriseAccess) -> tuple[str, ...]:
    """Providers this enterprise used before, to choose from while typing."""
    found = await gateway_of(request).questions.ask(
        "dashboard",
        f"/internal/enterprises/{enterprise.number}/summary",
        enterprise.scope,
        year=datetime.now(BRUSSELS).year,
    )
    shares = (found or {"byProvider": {"items": ()}})["byProvider"]["items"]
    return tuple(sorted({share["provider"] for share in shares if share.get("provider")}))
