"""A chunk of a file's declarations: its events, its outcomes, and the checkpoint behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.batch.work.leases import Step
from services.gateway.intake.submission_outcomes import StoredOutcome
from shared.messaging.records import Outgoing


@dataclass(frozen=True, slots=True)
class Chunk:
    """Prepared declarations: `outgoing` events, `items` that have an outcome already, and the `step` they make."""

    outgoing: Sequence[Outgoing]
    items: Sequence[StoredOutcome]
    step: Step
