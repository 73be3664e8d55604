"""What the calculation needs to know about a training."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.entitlements.domain.arrangements.rows import RightType


class TrainingStatus(StrEnum):
    """A planned training reserves, a completed one charges, the others give back."""

    PLANNED = "planned"
    COMPLETED = "completed"
    NOT_FOLLOWED = "notFollowed"
    CANCELLED = "cancelled"


class TrainingContext(StrEnum):
    """In which context it was followed: decides whether it counts for the right."""

    PROFESSIONAL = "professional"
    NON_PROFESSIONAL = "nonProfessional"
    FLEMISH_TRAINING_LEAVE = "flemishTrainingLeave"
    PAID_EDUCATIONAL_LEAVE = "paidEducationalLeave"


COUNTING_CONTEXTS = frozenset({TrainingContext.PROFESSIONAL})
"""Contexts that count for the right, well-being training included; Flemish training leave (VOV) and paid educational
leave (BEV) do not."""


@dataclass(frozen=True, slots=True)
class Training:
    """One version of a training of one person. `end` is its last day; `minutes` its duration.

    `charged_minutes` is what the sender charges to the credit: the duration where it says nothing, never more.
    `is_double`: it is the same as another training, which is charged in its place.
    """

    id: str
    version: int
    start: date
    end: date
    minutes: int
    status: TrainingStatus
    context: TrainingContext = TrainingContext.PROFESSIONAL
    charged_minutes: int | None = None
    right_type: RightType | None = None
    is_double: bool = False

    def __post_init__(self) -> None:
        if self.end < self.start or self.minutes < 0:
            raise ValueError("a training does not end before it starts and lasts no negative time")

    @property
    def minutes_to_charge(self) -> int:
        """Get the minutes charged over all its days: none where another training is charged in its place."""
        if self.is_double:
            return 0
        if self.charged_minutes is None or self.charged_minutes > self.minutes:
            return self.minutes
        return max(self.charged_minutes, 0)
