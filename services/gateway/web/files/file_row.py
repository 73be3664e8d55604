"""A file as lists and its own page show it."""

from dataclasses import dataclass
from datetime import datetime

from services.gateway.batch.state import Batch, BatchState


@dataclass(frozen=True)
class BatchRow:
    """One file. `declared` is None until all of it was read; the counts only grow."""

    batch: str
    file_name: str
    size: int
    received_at: datetime
    state: BatchState
    declared: int | None
    accepted: int
    warned: int
    unchanged: int
    refused: int

    @property
    def decided(self) -> int:
        """How many declarations have their outcome."""
        return self.accepted + self.warned + self.unchanged + self.refused


def file_row(batch: Batch) -> BatchRow:
    return BatchRow(
        batch=batch.id,
        file_name=batch.file_name or batch.id,
        size=batch.size,
        received_at=batch.received_at,
        state=batch.state,
        declared=batch.declared,
        accepted=batch.accepted,
        warned=batch.warned,
        unchanged=batch.unchanged,
        refused=batch.refused,
    )
