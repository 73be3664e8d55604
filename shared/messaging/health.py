"""Health: whether a service makes progress, by itself or only with help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.messaging.consumer_state import ConsumerState

OUTBOX_SECONDS = 60.0
"""An event that waits longer in the outbox is told: Kafka refuses it, or it is away."""


@dataclass(slots=True)
class Readings:
    """What the watch saw last: rows and seconds."""

    outbox_rows: int = 0
    outbox_oldest_seconds: float = 0.0
    parked: dict[str, int] = field(default_factory=dict)
    parked_keys: dict[str, int] = field(default_factory=dict)
    database_reachable: bool = True


def health_of(
    state: ConsumerState, readings: Readings, *, connected: bool, noted: Mapping[str, str | None] | None = None
) -> dict[str, Any]:
    """Report `{"status": "UP" | "DEGRADED" | "DOWN", "details": {...}}`; DOWN: no progress without help.

    `noted`: what else a person should know of, by part; None where all is well.
    """
    problems: dict[str, str] = {}
    if state.stopped:
        problems["consumer"] = state.stopped
    elif state.stalled:
        problems["progress"] = "lag without progress" if state.lag() else "no place in the group of consumers"
    down = bool(problems)
    if not connected or state.unreachable_since is not None:
        problems["kafka"] = "away; messages wait, nothing is lost"
    if not readings.database_reachable:
        problems["database"] = "away"
        down = True
    if readings.parked:
        problems["parked"] = f"{sum(readings.parked.values())} records wait for an operator"
    if readings.outbox_oldest_seconds > OUTBOX_SECONDS:
        problems["outbox"] = f"the oldest event has waited for {int(readings.outbox_oldest_seconds)} s"
    problems |= {part: text for part, text in (noted or {}).items() if text}
    return {"status": "DOWN" if down else "DEGRADED" if problems else "UP", "details": problems}
