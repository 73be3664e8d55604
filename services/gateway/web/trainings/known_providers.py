"""Providers that an enterprise used before."""

from fastapi import Request

from services.gateway.web.kit.access import EnterpriseAccess
from services.gateway.wiring import gateway_of
from shared.clock import brussels_today


async def known_providers(request: Request, enterprise: EnterpriseAccess) -> tuple[str, ...]:
    """List the providers that the enterprise used before, to choose from while typing."""
    found = await gateway_of(request).questions.dashboard.summary(
        enterprise.scope, enterprise.number, brussels_today().year
    )
    shares = found.by_provider.items if found else ()
    return tuple(sorted({share.provider for share in shares if share.provider}))
