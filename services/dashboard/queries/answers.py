"""What questions and answers have in common: pages and years asked for, amounts as text, no nulls."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Query

# Further than anyone reads, and near enough that its offset is a number the database knows.
Page = Annotated[int, Query(ge=1, le=1_000_000, description="from 1")]
WITHOUT_NUL = r"^[^\x00]*$"
"""The pattern of a text that can be looked for: PostgreSQL knows no NUL."""
PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=500)]
Year = Annotated[int, Query(ge=1900, le=2200)]
DEFAULT_PAGE_SIZE = 25


def days(value: Decimal) -> Decimal:
    """Strip an amount of days of trailing zeros and exponent: it is written as `4.5`, `100`, `0`.

    Amounts have six decimals at most: one with more could be written with an exponent.
    """
    return Decimal(amount(value))


def amount(value: Decimal) -> str:
    """Write an amount as decimal text without an exponent or trailing zeros: `4.5`, `100`, `0`."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: datetime) -> str:
    """Write a moment in UTC as ISO 8601, `2026-03-02T09:00:00+00:00`."""
    return value.astimezone(UTC).isoformat()


def days_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
