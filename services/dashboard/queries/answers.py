"""What answers look like: no nulls, amounts as text, pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import orjson
from fastapi import Query, Response

# Further than anyone reads, and near enough that its offset is a number the database knows.
Page = Annotated[int, Query(ge=1, le=1_000_000, description="from 1")]
WITHOUT_NUL = r"^[^\x00]*$"
"""What a text must be to be looked for: PostgreSQL knows no NUL."""
PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=500)]
Year = Annotated[int, Query(ge=1900, le=2200)]
DEFAULT_PAGE_SIZE = 25


def answer(content: Mapping[str, Any]) -> Response:
    """JSON with dates and ids as text and decimals as plain decimal text, so that nobody makes a float of them."""
    return Response(orjson.dumps(content, default=_plain), media_type="application/json")


def _plain(value: object) -> str:
    return amount(value) if isinstance(value, Decimal) else str(value)


def amount(value: Decimal) -> str:
    """Decimal text without an exponent or trailing zeros: `4.5`, `100`, `0`."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def known(**fields: Any) -> dict[str, Any]:
    """The fields that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def page_of(items: Sequence[Any], *, page: int, page_size: int, total: int, **more: Any) -> dict[str, Any]:
    """One page of a collection; `total` counts all items."""
    return {"items": items, "page": page, "pageSize": page_size, "total": total, **more}


def days_of(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
