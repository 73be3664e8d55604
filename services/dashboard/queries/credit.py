"""Days of right in answers: of one employment, or added up."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from services.dashboard.queries.answers import days
from shared.contracts.answers.parts import Credit

FIGURES = ("granted", "carried_over", "charged", "reserved", "lost", "balance", "available")

SUMS = ", ".join(f"coalesce(sum({figure}), 0) as {figure}" for figure in FIGURES)
"""Select list: each figure's exact sum."""

IS_SOMETHING = " or ".join(f"{figure} <> 0" for figure in FIGURES)
"""Condition: a balance that has anything in it."""


def figures(row: Row[Any]) -> dict[str, Decimal]:
    """Read the seven figures of a row, in days, by the names of `Credit` and of what extends it."""
    return {figure: days(getattr(row, figure)) for figure in FIGURES}


def credit(row: Row[Any]) -> Credit:
    """Read the credit of a row."""
    return Credit(**figures(row))
