"""How each enterprise that the reader acts for stands."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fastapi import Request

from services.gateway.intake.writer import BRUSSELS
from services.gateway.web.reader import Reader
from services.gateway.web.routes.employees import PAGE_SIZE, sorting
from services.gateway.web.searching import is_enterprise
from services.gateway.web.telling import moment
from services.gateway.web.views.enterprises import EnterpriseRow
from services.gateway.web.views.listing import Direction, Listing
from services.gateway.wiring import gateway_of

_NEVER = datetime.min.replace(tzinfo=UTC)
_KEYS: dict[str, Callable[[EnterpriseRow], Any]] = {
    "name": lambda row: row.party.name.casefold(),
    "employees": lambda row: row.employees,
    "trainings": lambda row: row.trainings,
    "available": lambda row: row.available,
    "lastRegistration": lambda row: row.last_registration or _NEVER,
}
_MOST_ASKED = 100


async def overview(request: Request, reader: Reader, search: str, sort: str, at: int) -> Listing[EnterpriseRow]:
    """A page of the enterprises whose name or number matches, with this year's figures."""
    numbers = [n for n, door in reader.doors.items() if is_enterprise(search, door.acting.party.name, n)]
    order = sorting(sort, tuple(_KEYS))
    if order.column == "name":
        # Names are known here: only the page's own enterprises need to be asked about.
        ordered = numbers if order.direction is Direction.ASCENDING else numbers[::-1]
        rows = await _rows(request, reader, ordered[(at - 1) * PAGE_SIZE : at * PAGE_SIZE])
        return Listing(tuple(rows), len(numbers), at, PAGE_SIZE, order)
    rows = await _rows(request, reader, numbers)
    rows.sort(key=_KEYS[order.column], reverse=order.direction is Direction.DESCENDING)
    return Listing(tuple(rows[(at - 1) * PAGE_SIZE : at * PAGE_SIZE]), len(rows), at, PAGE_SIZE, order)


async def _rows(request: Request, reader: Reader, numbers: list[str]) -> list[EnterpriseRow]:
    year = datetime.now(BRUSSELS).year
    items: dict[str, dict[str, Any]] = {}
    for start in range(0, len(numbers), _MOST_ASKED):
        chunk = numbers[start : start + _MOST_ASKED]
        found = await gateway_of(request).questions.ask(
            "dashboard", "/internal/enterprises", reader.scope(*chunk), year=year, pageSize=_MOST_ASKED
        )
        items |= {item["enterprise"]: item for item in (found or {"items": ()})["items"]}
    return [_row(reader, number, items.get(number, {})) for number in numbers]


def _row(reader: Reader, number: str, item: dict[str, Any]) -> EnterpriseRow:
    return EnterpriseRow(
        party=reader.doors[number].acting.party,
        employees=item.get("employees", 0),
        trainings=item.get("trainings", 0),
        available=Decimal(item.get("available", "0")),
        incomplete=bool(item.get("incomplete")),
        last_registration=moment(item.get("lastRegistration")),
    )
