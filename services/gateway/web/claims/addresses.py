"""Addresses of the claims to represent an enterprise."""

CLAIMS = "/claims"


def claim(identifier: str, action: str = "") -> str:
    """A claim to represent an enterprise, for its asker; with an action the address of its form."""
    return f"{CLAIMS}/{identifier}" + (f"/{action}" if action else "")
