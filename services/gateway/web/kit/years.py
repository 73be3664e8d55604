"""The years that have balances."""

from shared.clock import brussels_today

FIRST_YEAR = 2023


def years_until_now() -> list[int]:
    """List the years that have balances, newest first."""
    return list(range(brussels_today().year, FIRST_YEAR - 1, -1))
