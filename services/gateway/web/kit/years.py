"""The years that have balances."""

from datetime import datetime

from services.gateway.intake.writer import BRUSSELS

FIRST_YEAR = 2023


def years_until_now() -> list[int]:
    """List the years that have balances, newest first."""
    return list(range(datetime.now(BRUSSELS).year, FIRST_YEAR - 1, -1))
