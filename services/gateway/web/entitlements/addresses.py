"""Addresses of the forms about entitlements."""

from services.gateway.web.kit import addresses


def new_entitlement(enterprise: str) -> str:
    """The form that registers or modifies an entitlement for one or several."""
    return f"{addresses.enterprise(enterprise)}/entitlements/new"


def cancel_entitlement(enterprise: str, entitlement: str) -> str:
    """The form that takes an own figure back."""
    return f"{addresses.enterprise(enterprise)}/entitlements/{entitlement}/cancel"
