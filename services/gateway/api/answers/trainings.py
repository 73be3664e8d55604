"""Trainings as they are read."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from services.gateway.api.answers.common import Address, Minutes, OfPerson, Page, TrainingCount
from shared.contracts.training_submissions import Certificate, TrainingContent
from shared.contracts.vocabulary import (
    EnterpriseNumber,
    LocalDate,
    Modality,
    Moment,
    RegisteredBy,
    RightType,
    TrainingContext,
    TrainingKind,
    TrainingStatus,
    Uuid,
)


class Training(OfPerson):
    """A version of a training: what it is, who recorded it when and why. `supersededAt`: when the next one came.

    `sameAs`: the training that counts in its place, as it is the same; a version `matched` says so, or no longer.
    `distinct`: its sender said that it is another one all the same.
    """

    training: Uuid
    version: int
    change: Literal["registered", "corrected", "cancelled", "matched"]
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    registeredBy: RegisteredBy
    content: TrainingContent
    receivedAt: Moment
    recordedAt: Moment
    supersededAt: NotRequired[Moment]
    submission: Uuid
    actor: str
    party: EnterpriseNumber
    reason: NotRequired[str]
    sameAs: NotRequired[Uuid]
    distinct: NotRequired[bool]


class TrainingVersions(TypedDict):
    """Everything that was ever known of a training, newest first."""

    self: Address
    items: list[Training]


class LineProvider(TypedDict):
    """Who gave a training, as far as it is known."""

    name: NotRequired[str]
    enterpriseNumber: NotRequired[EnterpriseNumber]


class TrainingLine(OfPerson):
    """A training as a list shows it. `sameAs`: the training that counts in its place."""

    training: Uuid
    version: int
    enterprise: EnterpriseNumber
    title: str
    startDate: LocalDate
    endDate: LocalDate
    minutes: Minutes
    chargedMinutes: NotRequired[Minutes]
    status: TrainingStatus
    kind: TrainingKind
    context: TrainingContext
    rightType: RightType
    provider: NotRequired[LineProvider]
    certificate: NotRequired[Certificate]
    theme: NotRequired[str]
    modality: NotRequired[Modality]
    reference: NotRequired[str]
    registeredBy: RegisteredBy
    receivedAt: Moment
    recordedAt: Moment
    sameAs: NotRequired[Uuid]


class TrainingPage(Page):
    """A page of trainings, and count and minutes of all that match."""

    items: list[TrainingLine]
    totals: TrainingCount
