"""Which submission items were decided: each gets one outcome, ever."""

from collections.abc import Collection
from datetime import datetime

import asyncpg

_DECIDED = "select item::text from decided_item where item = any($1::text[]::uuid[])"
_DECIDE = "insert into decided_item (item, decided_at) select unnest($1::text[]::uuid[]), $2 on conflict do nothing"
# Submissions are kept for 90 days: what is older can never come again.
_FORGET = "delete from decided_item where decided_at < $1"


async def decided(connection: asyncpg.Connection, items: Collection[str]) -> set[str]:
    """Find those of these items that were decided before."""
    return {row["item"] for row in await connection.fetch(_DECIDED, items)}


async def decide(connection: asyncpg.Connection, items: Collection[str], now: datetime) -> None:
    """Store that these items are decided."""
    await connection.execute(_DECIDE, items, now)


async def forget(connection: asyncpg.Connection, before: datetime) -> None:
    """Delete items decided before this moment."""
    await connection.execute(_FORGET, before)
