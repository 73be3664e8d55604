"""Addresses of an employer's dashboard."""

from services.gateway.web.kit import addresses


def dashboard(enterprise: str) -> str:
    """The employer's dashboard."""
    return addresses.enterprise(enterprise)


def changes(enterprise: str) -> str:
    """The stream of server-sent events that says when something of the enterprise changed."""
    return f"{addresses.enterprise(enterprise)}/changes"
