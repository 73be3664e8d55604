"""Addresses of the pages about enterprises."""

from services.gateway.web.kit import addresses

NEW_ENTERPRISE = "/enterprises/new"
ENTERPRISES = "/enterprises"


def facts(enterprise: str) -> str:
    """Size and joint committees of the enterprise."""
    return f"{addresses.enterprise(enterprise)}/facts"
