"""Addresses of one's own account."""

ME = "/me"
MY_CHANGES = "/me/changes"


def my_employer(employment: str, action: str) -> str:
    """Give the address at which an employee confirms or contests an employer, or closes the answer."""
    return f"{ME}/employers/{employment}/{action}"
