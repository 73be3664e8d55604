"""Of several versions of one thing in a batch, only the newest is worth writing."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
State = TypeVar("State")


def newest(versions: Iterable[tuple[Key, int, State]]) -> dict[Key, State]:
    """Get the state with the highest version for each key, whatever the order they come in."""
    latest: dict[Key, tuple[int, State]] = {}
    for key, version, state in versions:
        seen = latest.get(key)
        if seen is None or version > seen[0]:
            latest[key] = version, state
    return {key: state for key, (_, state) in latest.items()}
