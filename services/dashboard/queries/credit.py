"""Days of right as questions answer them: of one employment, or added up."""

from typing import Any

from sqlalchemy import Row

FIGURES = ("granted", "carried_over", "charged", "reserved", "lost", "balance", "available")

SUMS = ", ".join(f"coalesce(sum({figure}), 0) as {figure}" for figure in FIGURES)
"""Select list: each figure's exact sum."""

IS_SOMETHING = " or ".join(f"{figure} <> 0" for figure in FIGURES)
"""Condition: a balance that has anything in it."""


def credit(row: Row[Any]) -> dict[str, Any]:
    """The seven figures of a row, in days, as the contract of `fla.entitlements.v1` names them."""
    return {
        "granted": row.granted,
        "carriedOver": row.carried_over,
        "charged": row.charged,
        "reserved": row.reserved,
        "lost": row.lost,
        "balance": row.balance,
        "available": row.available,
    }
