"""What registration answers about trainings."""

from typing import Literal

from shared.contracts.answers.parts import Answer
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import EnterpriseNumber, Moment, RegisteredBy, Uuid


class TrainingVersion(Answer, frozen=True, kw_only=True):
    """A version of a training: what it is, who recorded it, when and why.

    `superseded_at`: when the next one was recorded; only in a history. `same_as`: the training that counts in its
    place, as it is the same. `distinct`: its sender said that it is another one all the same.
    """

    training: Uuid
    version: int
    change: Literal["registered", "corrected", "cancelled", "matched"]
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: str | None = None
    registered_by: RegisteredBy
    content: TrainingContent
    received_at: Moment
    recorded_at: Moment
    superseded_at: Moment | None = None
    submission: Uuid
    actor: str
    party: EnterpriseNumber
    reason: str | None = None
    same_as: Uuid | None = None
    distinct: bool | None = None


class TrainingHistory(Answer, frozen=True, kw_only=True):
    """A training as it stands, and all its versions, newest first."""

    training: TrainingVersion
    versions: list[TrainingVersion]


class Trainings(Answer, frozen=True, kw_only=True):
    """Trainings in the version that was asked for, in no particular order."""

    items: list[TrainingVersion]
