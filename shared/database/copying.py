"""COPY in its text form: a third of the cost of encoding each value on this side, and the server parses it in C."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import asyncpg
import orjson

NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def as_json(value: Any) -> str:
    """Write JSON as a field of COPY. Its control characters are escapes already; only its backslashes need another."""
    return orjson.dumps(value).decode().replace("\\", "\\\\")


def as_text(value: str | None) -> str:
    """Write any text, or null, as a field of COPY."""
    return NULL if value is None else value.translate(_ESCAPES)


def as_day(value: date | None) -> str:
    """Write a day, or null, as a field of COPY."""
    return NULL if value is None else value.isoformat()


async def copy(connection: asyncpg.Connection, table: str, columns: Sequence[str], rows: Sequence[str]) -> None:
    """Add these rows, each its fields joined by tabs. UniqueViolationError, and none added, if one is there already."""
    if rows:
        # As a view, because asyncpg takes plain bytes for the name of a file.
        data = memoryview(("\n".join(rows) + "\n").encode())
        await connection.copy_to_table(table, source=data, columns=columns, format="text")
