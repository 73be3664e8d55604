"""`fla.training-submissions.v1`: what people and software declare about trainings. Key: the person's id."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.envelope import Envelope
from shared.contracts.vocabulary import (
    EnterpriseNumber,
    LocalDate,
    Modality,
    Moment,
    RegisteredBy,
    RightType,
    SubmissionItem,
    TrainingContext,
    TrainingKind,
    TrainingStatus,
    Uuid,
)

TOPIC = "fla.training-submissions.v1"


class Provider(TypedDict):
    """Who gives the training."""

    name: str
    enterpriseNumber: NotRequired[EnterpriseNumber]
    internal: NotRequired[bool]


class Certificate(TypedDict):
    """Whether a certificate was given, and until when it holds."""

    awarded: bool
    validUntil: NotRequired[LocalDate]


class TrainingContent(TypedDict):
    """What a training is, apart from whose it is. `minutes` is its duration; `chargedMinutes` never exceeds it."""

    title: str
    startDate: LocalDate
    endDate: LocalDate
    minutes: int
    status: TrainingStatus
    kind: TrainingKind
    context: TrainingContext
    rightType: RightType
    chargedMinutes: NotRequired[int]
    description: NotRequired[str]
    provider: NotRequired[Provider]
    certificate: NotRequired[Certificate]
    result: NotRequired[str]
    financing: NotRequired[str]
    language: NotRequired[str]
    location: NotRequired[str]
    modality: NotRequired[Modality]
    theme: NotRequired[str]


Defaulted = Literal["status"]
"""A field of a content that its sender left to the day: when it is compared with what is there, it says nothing."""


class RegistrationData(TypedDict):
    """Register a training. `training` is derived from (sender, reference), or from the item without a reference.

    `distinct`: the sender knows that the same training is there, and means another one all the same.
    """

    item: SubmissionItem
    training: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    registeredBy: RegisteredBy
    receivedAt: Moment
    content: TrainingContent
    warnings: NotRequired[list[str]]
    defaulted: NotRequired[list[Defaulted]]
    distinct: NotRequired[bool]


class CorrectionData(TypedDict):
    """Replace a training's content. `expectedVersion` refuses it when someone else was first."""

    item: SubmissionItem
    training: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    content: TrainingContent
    warnings: NotRequired[list[str]]
    defaulted: NotRequired[list[Defaulted]]
    reason: NotRequired[str]
    expectedVersion: NotRequired[int]


class CancellationData(TypedDict):
    """Void a training; it stays visible."""

    item: SubmissionItem
    training: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    reason: NotRequired[str]
    expectedVersion: NotRequired[int]
    warnings: NotRequired[list[str]]


class RegistrationSubmitted(Envelope):
    type: Literal["be.fla.training.registration-submitted.v1"]
    data: RegistrationData


class CorrectionSubmitted(Envelope):
    type: Literal["be.fla.training.correction-submitted.v1"]
    data: CorrectionData


class CancellationSubmitted(Envelope):
    type: Literal["be.fla.training.cancellation-submitted.v1"]
    data: CancellationData


Event = Annotated[RegistrationSubmitted | CorrectionSubmitted | CancellationSubmitted, Field(discriminator="type")]
