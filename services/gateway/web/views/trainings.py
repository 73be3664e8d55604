"""Trainings: the list, one with its history, cancelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from services.gateway.web.views.frame import FormState, Party
from services.gateway.web.views.listing import Listing
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import Channel, RegisteredBy, TrainingKind, TrainingStatus


@dataclass(frozen=True)
class TrainingRow:
    """One training in a list. `employee_name` is empty where the list is about one person.

    `same_as`: the training that counts in its place.
    """

    training: str
    title: str
    employee_name: str
    start_date: date
    end_date: date
    minutes: int
    kind: TrainingKind
    status: TrainingStatus
    provider: str = ""
    enterprise_name: str = ""
    same_as: str | None = None


@dataclass(frozen=True)
class TrainingFilters:
    """What the list is narrowed to, as in the address: `q`, `year`, `status`, `kind`. Empty means all."""

    q: str = ""
    year: str = ""
    status: str = ""
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.q or self.year or self.status or self.kind)


@dataclass(frozen=True)
class TrainingsView:
    """`…/trainings`. Columns to sort by: title, startDate, minutes."""

    template: ClassVar[str] = "pages/trainings.html"

    enterprise: Party
    trainings: Listing[TrainingRow]
    filters: TrainingFilters
    years: Sequence[int]


class Event(StrEnum):
    """What made a version of a training. MATCHED: another one, the same as it, was registered or went."""

    REGISTERED = "registered"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    MATCHED = "matched"


@dataclass(frozen=True)
class TrainingVersion:
    """One version, as recorded. `by` names who acted, in words; `reason` is what they said.

    `changes` holds, for a correction, each field that changed: its API path with the text before and after. `same_as`:
    the training that counted in its place.
    """

    version: int
    event: Event
    recorded_at: datetime
    by: str
    registered_by: RegisteredBy
    channel: Channel | None = None
    reason: str | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    same_as: str | None = None


@dataclass(frozen=True)
class TrainingView:
    """`…/trainings/{training_id}`: `content` is the current one, `versions` has the newest first.

    `employment` is None while the employment is not known yet: the training is kept and settled when it arrives.
    `same_as`: the training that counts in its place.
    """

    template: ClassVar[str] = "pages/training.html"

    enterprise: Party
    training: str
    employment: str | None
    employee_name: str
    content: TrainingContent
    reference: str | None
    versions: Sequence[TrainingVersion]
    same_as: str | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it was voided: then nothing can be changed any more."""
        return self.content["status"] == "cancelled"


@dataclass(frozen=True)
class CancelTrainingView:
    """`…/trainings/{training_id}/cancel`."""

    template: ClassVar[str] = "pages/training_cancel.html"
    fields: ClassVar[tuple[str, ...]] = ("reason", "expectedVersion")

    enterprise: Party
    training: str
    title: str
    employee_name: str
    start_date: date
    end_date: date
    form: FormState
