"""Addresses of one's own account."""

ME = "/me"
MY_CHANGES = "/me/changes"


def my_employer(employment: str, action: str) -> str:
    """Where an employee confirms or contests an employer, or closes what was told of it."""
    return f"{ME}/employers/{employment}/{action}"
