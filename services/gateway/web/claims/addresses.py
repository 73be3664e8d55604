"""Addresses of the claims to represent an enterprise."""

CLAIMS = "/claims"


def claim(identifier: str, action: str = "") -> str:
    """Give the address of a claim, for its asker; with an action that of its form."""
    return f"{CLAIMS}/{identifier}" + (f"/{action}" if action else "")
