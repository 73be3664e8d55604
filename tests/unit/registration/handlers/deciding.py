"""Deciding without a database: one batch after another on what the batches before left."""

from typing import Any

from services.registration.handlers import HANDLERS
from services.registration.handlers.training_submissions import Verdicts, decide
from services.registration.storage.versions import KnownTrainings
from shared.contracts.training_submissions import TOPIC
from tests.support.reading import as_read


def decided(*events: dict[str, Any], known: KnownTrainings | None = None) -> Verdicts:
    return decide(KnownTrainings() if known is None else known, as_read(HANDLERS, TOPIC, events))


def told(verdicts: Verdicts) -> list[tuple[int, str, list[str]]]:
    """What each sender hears: line, status and codes, in order of line."""
    return sorted(
        (
            origin.line,
            outcome["status"] if outcome else "accepted",
            [found["code"] for found in outcome["anomalies"]] if outcome else [],
        )
        for origin, outcome in verdicts.outcomes
    )


def anomalies(verdicts: Verdicts) -> list[Any]:
    """Every anomaly in full, in the order of the items."""
    return [found for _, outcome in verdicts.outcomes if outcome for found in outcome["anomalies"]]


def versions(verdicts: Verdicts) -> list[tuple[int, str]]:
    return [(version.training.version, version.training.change.value) for version in verdicts.versions]
