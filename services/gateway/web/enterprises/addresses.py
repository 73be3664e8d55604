"""Addresses of the pages about enterprises."""

from services.gateway.web.kit import addresses

NEW_ENTERPRISE = "/enterprises/new"
ENTERPRISES = "/enterprises"


def facts(enterprise: str) -> str:
    """Give the address of an enterprise's size and joint committees."""
    return f"{addresses.enterprise(enterprise)}/facts"
