"""The enterprises registered here: adding one, and searching among all of them, as inspectors may."""

from dataclasses import dataclass

import asyncpg

from shared.numbers import plain_number
from shared.text import folded

ADD = """
insert into enterprise (number, name, registered_by, folded_name) values ($1, $2, $3, $4)
on conflict do nothing returning number
"""
SEARCH = """
select number, name, count(*) over () as total from enterprise
where position($1 in folded_name) > 0 or position(lower($5) in lower(name)) > 0
   or ($2 <> '' and position($2 in number) > 0)
order by name {direction}, number {direction} limit $3 offset $4
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the enterprises that match: dict[number, name] in order, and how many match in all."""

    names: dict[str, str]
    total: int


async def add(connection: asyncpg.Connection, number: str, name: str, actor: str) -> bool:
    """Register an enterprise; False if it was there already, then it stays as it is."""
    return await connection.fetchval(ADD, number, name, actor, folded(name)) is not None


async def search(
    connection: asyncpg.Connection, text: str, *, limit: int, offset: int = 0, descending: bool = False
) -> Found:
    """Search all enterprises by a part of their name or number, ordered by name."""
    digits = plain_number(text)
    statement = SEARCH.format(direction="desc" if descending else "asc")
    rows = await connection.fetch(statement, folded(text), digits if digits.isdecimal() else "", limit, offset, text)
    return Found({row["number"]: row["name"] for row in rows}, rows[0]["total"] if rows else 0)
