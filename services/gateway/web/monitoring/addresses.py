"""Addresses of the operator's pages."""

OPERATOR = "/operator"
REOPENED = "/operator/access"
OPERATOR_CLAIMS = "/operator/representation"


def parked_key(action: str) -> str:
    """Give the address to which the forms about a parked key are posted: `release` or `drop`."""
    return f"{OPERATOR}/parked/{action}"


def withdraw_reopened(identifier: str) -> str:
    """Give the address at which the operator closes again what was opened."""
    return f"{REOPENED}/{identifier}/withdraw"


def operator_claim(identifier: str, action: str) -> str:
    """Give the address at which the operator grants, refuses or revokes a claim, or asks the source again."""
    return f"{OPERATOR_CLAIMS}/{identifier}/{action}"


def resolve_contest(employment: str) -> str:
    """Give the address at which the operator says how a contest of an employer ended."""
    return f"{OPERATOR_CLAIMS}/contests/{employment}/resolve"
