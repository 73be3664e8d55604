"""Of several versions of one thing in a batch, only the newest is worth writing."""

from collections.abc import Hashable, Iterable
from typing import Any, TypeVar

Key = TypeVar("Key", bound=Hashable)


def newest(versions: Iterable[tuple[Key, Any]]) -> dict[Key, Any]:
    """The state with the highest `version` for each key, whatever the order they come in."""
    latest: dict[Key, Any] = {}
    for key, state in versions:
        seen = latest.get(key)
        if seen is None or state["version"] > seen["version"]:
            latest[key] = state
    return latest
