"""Addresses of the forms about entitlements."""

from services.gateway.web.kit import addresses


def new_entitlement(enterprise: str) -> str:
    """Give the address of the form that registers an override for one or several."""
    return f"{addresses.enterprise(enterprise)}/entitlements/new"


def cancel_entitlement(enterprise: str, entitlement: str) -> str:
    """Give the address of the form that cancels an override."""
    return f"{addresses.enterprise(enterprise)}/entitlements/{entitlement}/cancel"


def cancel_enterprise_entitlement(enterprise: str, entitlement: str) -> str:
    """Give the address of the form that cancels an override for everybody."""
    return f"{addresses.enterprise(enterprise)}/entitlements/for-all/{entitlement}/cancel"
