"""A batch as it is known: where it stands and what was counted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """For real, or a rehearsal that registers nothing; the letters of the exchange folder's file names."""

    PRODUCTION = "R"
    SIMULATION = "T"

    @property
    def word(self) -> str:
        """As the API writes it."""
        return self.name.lower()


class State(StrEnum):
    """How far a batch is. `rejected`, `completed` and `cancelled` are final."""

    WAITING = "waiting"
    CHECKING = "checking"
    REJECTED = "rejected"
    PROCESSING = "processing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Nothing will change any more."""
        return self in (State.REJECTED, State.COMPLETED, State.CANCELLED)


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
    state: State
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
        """How many declarations have an outcome."""
        return self.accepted + self.warned + self.unchanged + self.refused

    @property
    def is_rejected_for_now(self) -> bool:
        """Refused for a reason that lies outside the file and may pass: sent again, it is checked anew."""
        code = self.rejection["code"] if self.rejection else None
        return self.state is State.REJECTED and code in ("senderNotAllowed", "unreadable")

    @property
    def is_positive(self) -> bool:
        """The acknowledgement is there and says yes."""
        return self.acknowledged_at is not None and self.rejection is None
