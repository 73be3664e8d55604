"""Telling every replica, at the moment of the commit, whom a batch touched."""

from collections.abc import Iterable, Iterator

import asyncpg

CHANNEL = "fla_changes"
ENTERPRISES = "e"
PERSONS = "p"

_NOTIFY = "select pg_notify($1, payload) from unnest($2::text[]) as payload"
_PAYLOAD_BYTES = 7900  # PostgreSQL takes fewer than 8000
_ENTERPRISE_SIZE = 10
_TAIL_SIZE = 8


def tail(person: str) -> str:
    """Get the end of a person's id, enough to signal by: two who share it are at worst refreshed in vain."""
    return person[-_TAIL_SIZE:]


def chunks(enterprises: Iterable[str], persons: Iterable[str]) -> list[str]:
    """Split into payloads that fit one notification each: a letter, then enterprise numbers or tails of person ids."""
    return [
        *_joined(ENTERPRISES, sorted(enterprises), _ENTERPRISE_SIZE),
        *_joined(PERSONS, sorted({tail(person) for person in persons}), _TAIL_SIZE),
    ]


def touched(payload: str) -> tuple[list[str], list[str]]:
    """Read enterprise numbers and tails of person ids from a payload: the inverse of `chunks`."""
    size = _ENTERPRISE_SIZE if payload[:1] == ENTERPRISES else _TAIL_SIZE
    names = [payload[at : at + size] for at in range(1, len(payload), size)]
    return (names, []) if payload[:1] == ENTERPRISES else ([], names)


def _joined(letter: str, names: list[str], size: int) -> Iterator[str]:
    most = (_PAYLOAD_BYTES - 1) // size
    for at in range(0, len(names), most):
        yield letter + "".join(names[at : at + most])


async def announce(connection: asyncpg.Connection, enterprises: set[str], persons: set[str]) -> None:
    """Notify inside the open transaction: it is heard when, and only when, that commits."""
    if enterprises or persons:
        await connection.execute(_NOTIFY, CHANNEL, chunks(enterprises, persons))
