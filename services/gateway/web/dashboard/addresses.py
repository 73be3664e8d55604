"""Addresses of an employer's dashboard."""

from services.gateway.web.kit import addresses


def dashboard(enterprise: str) -> str:
    """Give the address of an employer's dashboard."""
    return addresses.enterprise(enterprise)


def changes(enterprise: str) -> str:
    """Give the address of the stream of changes of an enterprise."""
    return f"{addresses.enterprise(enterprise)}/changes"
