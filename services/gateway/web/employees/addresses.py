"""Addresses of the pages about employees."""

from services.gateway.web.kit import addresses


def employees(enterprise: str) -> str:
    """The employees with their credit."""
    return f"{addresses.enterprise(enterprise)}/employees"


def new_employee(enterprise: str) -> str:
    """The form that adds an employment."""
    return f"{employees(enterprise)}/new"


def employee(enterprise: str, employment: str) -> str:
    """One employment: terms, balances, ledger, trainings."""
    return f"{employees(enterprise)}/{employment}"


def change_employee(enterprise: str, employment: str) -> str:
    """The form that changes an employment."""
    return f"{employee(enterprise, employment)}/change"


def cancel_employee(enterprise: str, employment: str) -> str:
    """The form that cancels an employment that never was."""
    return f"{employee(enterprise, employment)}/cancel"
