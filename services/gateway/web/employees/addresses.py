"""Addresses of the pages about employees."""

from services.gateway.web.kit import addresses


def employees(enterprise: str) -> str:
    """Give the address of the list of employees."""
    return f"{addresses.enterprise(enterprise)}/employees"


def new_employee(enterprise: str) -> str:
    """Give the address of the form that adds an employment."""
    return f"{employees(enterprise)}/new"


def employee(enterprise: str, employment: str) -> str:
    """Give the address of one employment."""
    return f"{employees(enterprise)}/{employment}"


def change_employee(enterprise: str, employment: str) -> str:
    """Give the address of the form that changes an employment."""
    return f"{employee(enterprise, employment)}/change"


def suppose_employee(enterprise: str, employment: str) -> str:
    """Give the address at which an employment is calculated with other facts."""
    return f"{employee(enterprise, employment)}/what-if"


def cancel_employee(enterprise: str, employment: str) -> str:
    """Give the address of the form that cancels an employment."""
    return f"{employee(enterprise, employment)}/cancel"
