"""Addresses that stand in the frame of every page."""

HOME = "/"
ARRANGEMENTS = "/arrangements"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
PARTIES = "/parties"
HELP = "/help"
API_DOCS = "/api/docs"


def enterprise(number: str) -> str:
    """Give the address under which all pages of an enterprise lie."""
    return f"/enterprises/{number}"


SCHEMA = "/api/v1/schemas/fla-batch-1.xsd"
