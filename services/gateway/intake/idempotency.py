"""The same request twice: an idempotency key stands for one request, whose receipt is given again.

Kept with the submission (`submission.idempotency_key`, unique per sender) for as long as it is kept itself. Keys of the
API come from the sender, those of the web from the form, those of our own acts from what they are about.
"""

from collections.abc import Collection
from typing import Any, Final

import asyncpg

Key = tuple[str, str | None]
"""(organisation that sends, its key)."""

_FIND: Final = """
select s.id::text, s.sender, s.idempotency_key, s.body_hash, s.subject::text
from submission s join unnest($1::text[], $2::text[]) as k(sender, key)
  on s.sender = k.sender and s.idempotency_key = k.key
"""


class KeyReusedError(Exception):
    """The idempotency key was used before with another body."""


async def earlier_submissions(connection: asyncpg.Connection, keys: Collection[Key]) -> dict[Key, Any]:
    """Find what was submitted with these keys before: dict[key, row of `id`, `subject` and `body_hash`]."""
    keyed = [(sender, key) for sender, key in keys if key]
    if not keyed:
        return {}
    rows = await connection.fetch(_FIND, *map(list, zip(*keyed, strict=True)))
    return {(row["sender"], row["idempotency_key"]): row for row in rows}
