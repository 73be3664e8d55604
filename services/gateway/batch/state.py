"""A batch: its mode, its state and its counters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """Production, or a simulation that registers nothing; the values are the letters in file names."""

    PRODUCTION = "R"
    SIMULATION = "T"

    @property
    def word(self) -> str:
        """Give the mode as the API writes it: `production` or `simulation`."""
        return self.name.lower()


class BatchState(StrEnum):
    """The state of a batch. `rejected`, `completed` and `cancelled` are final; `interrupted` until it is sent again."""

    WAITING = "waiting"
    CHECKING = "checking"
    REJECTED = "rejected"
    PROCESSING = "processing"
    INTERRUPTED = "interrupted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing will change any more."""
        return self in (BatchState.REJECTED, BatchState.COMPLETED, BatchState.CANCELLED)

    @property
    def is_at_work(self) -> bool:
        """Tell whether it goes on by itself."""
        return not self.is_final and self is not BatchState.INTERRUPTED


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with its submission's counters. `declared` is None until the file has been checked."""

    id: str
    sender: str
    actor: str
    mode: Mode
    file_name: str | None
    size: int
    language: str
    state: BatchState
    received_at: datetime
    read_bytes: int
    spool_bytes: int | None
    kinds: dict[str, int] | None
    sender_reference: str | None
    rejection: dict[str, Any] | None
    acknowledged_at: datetime | None
    checkpoint: int
    checkpoint_offset: int
    finished_at: datetime | None
    attempts: int
    declared: int | None
    accepted: int
    warned: int
    unchanged: int
    refused: int

    @property
    def decided(self) -> int:
        """Count the declarations that have an outcome."""
        return self.accepted + self.warned + self.unchanged + self.refused

    @property
    def is_rejected_for_now(self) -> bool:
        """Tell whether it was rejected for a reason outside the file, which may pass: sent again it is checked anew."""
        code = self.rejection["code"] if self.rejection else None
        return self.state is BatchState.REJECTED and code in ("senderNotAllowed", "unreadable")

    @property
    def is_positive(self) -> bool:
        """Tell whether there is an acknowledgement and it is positive."""
        return self.acknowledged_at is not None and self.rejection is None
