"""`fla.employments.v1`: enterprises and who they employ, as decided. Kept for ever.

Key: the person's id for an employment, the enterprise number for an enterprise.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.employer_submissions import EndReason, OptOut, QuarterSize, RestAgreed, Size, Terms
from shared.contracts.envelope import Envelope
from shared.contracts.vocabulary import EnterpriseNumber, JointCommittee, LocalDate, Moment, Uuid

TOPIC = "fla.employments.v1"


class EnterpriseState(TypedDict):
    """An enterprise after the event, with the sizes that hold.

    One that was withdrawn has an empty name, no joint committee and no size, until it is registered anew.
    """

    enterprise: EnterpriseNumber
    version: int
    name: str
    jointCommittees: list[JointCommittee]
    sizes: list[Size]
    quarters: NotRequired[list[QuarterSize]]
    optOuts: NotRequired[list[OptOut]]
    recordedAt: Moment


class EmploymentState(TypedDict):
    """An employment after the event. `cancelled` ones stay known so that what hung on them can be undone."""

    employment: Uuid
    version: int
    person: Uuid
    enterprise: EnterpriseNumber
    startDate: LocalDate
    endDate: NotRequired[LocalDate]
    endReason: NotRequired[EndReason]
    restAgreed: NotRequired[RestAgreed]
    terms: list[Terms]
    optOuts: NotRequired[list[OptOut]]
    cancelled: bool
    recordedAt: Moment


class EnterpriseRegistered(Envelope):
    type: Literal["be.fla.enterprise.registered.v1"]
    data: EnterpriseState


class EmploymentRegistered(Envelope):
    type: Literal["be.fla.employment.registered.v1"]
    data: EmploymentState


class EmploymentChanged(Envelope):
    type: Literal["be.fla.employment.changed.v1"]
    data: EmploymentState


class EmploymentCancelled(Envelope):
    type: Literal["be.fla.employment.cancelled.v1"]
    data: EmploymentState


Event = Annotated[
    EnterpriseRegistered | EmploymentRegistered | EmploymentChanged | EmploymentCancelled,
    Field(discriminator="type"),
]
