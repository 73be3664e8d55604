"""`fla.trainings.v1`: what happened to a training and what it now is. Key: the person's id. Kept for ever."""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.envelope import Envelope
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import EnterpriseNumber, Moment, RegisteredBy, Uuid

TOPIC = "fla.trainings.v1"


class TrainingState(TypedDict):
    """A training after the event. `version` grows by one each time; a reader applies only what is newer.

    `sameAs`: it is the same as that training, which counts in its place: this one is shown and counts for nothing.
    """

    training: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    registeredBy: RegisteredBy
    receivedAt: Moment
    recordedAt: Moment
    reason: NotRequired[str]
    content: TrainingContent
    sameAs: NotRequired[Uuid]


class TrainingRegistered(Envelope):
    type: Literal["be.fla.training.registered.v1"]
    data: TrainingState


class TrainingCorrected(Envelope):
    type: Literal["be.fla.training.corrected.v1"]
    data: TrainingState


class TrainingCancelled(Envelope):
    """The content is the last one, with status `cancelled`."""

    type: Literal["be.fla.training.cancelled.v1"]
    data: TrainingState


class TrainingMatched(Envelope):
    """Nobody touched this training: another one, the same as it, was registered, corrected or cancelled."""

    type: Literal["be.fla.training.matched.v1"]
    data: TrainingState


Event = Annotated[
    TrainingRegistered | TrainingCorrected | TrainingCancelled | TrainingMatched, Field(discriminator="type")
]
