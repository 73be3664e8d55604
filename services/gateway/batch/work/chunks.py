"""A step of registering a file: what goes out, what was decided on the way, and how far that brings the file."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.batch.work.leases import Step
from services.gateway.intake.submission_outcomes import StoredOutcome
from shared.messaging.records import Outgoing


@dataclass(frozen=True, slots=True)
class Chunk:
    """Prepared declarations, those that have an outcome already, and the step they are."""

    outgoing: Sequence[Outgoing]
    items: Sequence[StoredOutcome]
    step: Step
