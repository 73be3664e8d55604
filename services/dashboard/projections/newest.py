"""Of several versions of one thing in a batch, only the newest is worth writing."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from shared.contracts.employments import EmploymentState, EnterpriseState
from shared.contracts.trainings import TrainingState

Key = TypeVar("Key", bound=Hashable)
State = TypeVar("State", EmploymentState, EnterpriseState, TrainingState)


def newest(versions: Iterable[tuple[Key, State]]) -> dict[Key, State]:
    """The state with the highest `version` for each key, whatever the order they come in."""
    latest: dict[Key, State] = {}
    for key, state in versions:
        seen = latest.get(key)
        if seen is None or state["version"] > seen["version"]:
            latest[key] = state
    return latest
