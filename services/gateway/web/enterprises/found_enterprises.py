"""The enterprises open to a visitor whose name or number matches, a page of them at a time."""

from dataclasses import dataclass

from fastapi import Request

from services.gateway.access import registered_enterprises
from services.gateway.web.kit.frame import Party
from services.gateway.web.kit.search import is_enterprise
from services.gateway.web.kit.visitor import OpenEnterprise, Visitor
from services.gateway.wiring import gateway_of
from shared.database.engine import driver, transaction


@dataclass(frozen=True, slots=True)
class FoundEnterprises:
    """Enterprises in order of name, how many match in all, and the visitor to whom these are open."""

    visitor: Visitor
    opened: tuple[OpenEnterprise, ...]
    total: int

    @property
    def parties(self) -> list[Party]:
        """Numbers and names, in order."""
        return [one.acting.party for one in self.opened]


async def find_enterprises(
    request: Request, visitor: Visitor, search: str, *, limit: int, offset: int = 0, descending: bool = False
) -> FoundEnterprises:
    """Find the open enterprises that match. To an inspector all are open: they are searched in the database."""
    if visitor.inspects:
        async with transaction(gateway_of(request).engine) as connection:
            found = await registered_enterprises.search(
                driver(connection), search, limit=limit, offset=offset, descending=descending
            )
        visitor = visitor.inspecting(found.names)
        return FoundEnterprises(visitor, tuple(visitor.enterprises[number] for number in found.names), found.total)
    matching = [
        one for number, one in visitor.enterprises.items() if is_enterprise(search, one.acting.party.name, number)
    ]
    ordered = matching[::-1] if descending else matching
    return FoundEnterprises(visitor, tuple(ordered[offset : offset + limit]), len(matching))
