"""Registering an enterprise: the first of the brochure's three steps."""

import asyncpg

ADD = "insert into enterprise (number, name, registered_by) values ($1, $2, $3) on conflict do nothing returning number"


async def add(connection: asyncpg.Connection, number: str, name: str, actor: str) -> bool:
    """Whether this made the enterprise known here; one that is known stays as it is."""
    return await connection.fetchval(ADD, number, name, actor) is not None
