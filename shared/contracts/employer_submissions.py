"""`fla.employer-submissions.v1`: what is declared about enterprises, employments and entitlements.

Key: the person's id for an employment or a person's entitlement, else the enterprise number. `warnings`: what intake
noticed; who decides adds it to the outcome of what is accepted.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from shared.contracts.envelope import Envelope
from shared.contracts.vocabulary import (
    Anomaly,
    Days,
    EnterpriseNumber,
    JointCommittee,
    LocalDate,
    Moment,
    SubmissionItem,
    Uuid,
)

TOPIC = "fla.employer-submissions.v1"

EndReason = Literal[
    "resignation", "seriousCause", "noticeServed", "indemnity", "mutualAgreement", "endOfTerm", "retirement", "other"
]


class Size(TypedDict):
    """A size of the enterprise: `stated` (number of workers) or `measured` (full-time equivalents), unrounded."""

    basis: Literal["stated", "measured"]
    workers: Days
    validFrom: LocalDate
    validUntil: NotRequired[LocalDate]


class EnterpriseData(TypedDict):
    """Register an enterprise, or change what is known of it: its whole state. A size is added, never lost."""

    item: SubmissionItem
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    name: str
    jointCommittees: list[JointCommittee]
    sizes: list[Size]
    warnings: NotRequired[list[Anomaly]]


class EnterpriseWithdrawalData(TypedDict):
    """Nothing that was declared of the enterprise holds any more: name, joint committees and sizes.

    No sender can declare this. The gateway does, when who registered the enterprise turns out not to represent it.
    """

    item: SubmissionItem
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    reason: NotRequired[str]


class Terms(TypedDict):
    """The contract from a day on: joint committee and fraction of full time (0 to 1)."""

    validFrom: LocalDate
    jointCommittee: JointCommittee
    fraction: Days


class EmploymentData(TypedDict):
    """Register an employment, or replace what is known of it. `terms` in order, the first from the start date.

    `nameChanged`: the declaration gives the person another name than before; which one is nobody's but the gateway's.
    """

    item: SubmissionItem
    employment: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    receivedAt: Moment
    startDate: LocalDate
    endDate: NotRequired[LocalDate]
    endReason: NotRequired[EndReason]
    terms: list[Terms]
    reason: NotRequired[str]
    expectedVersion: NotRequired[int]
    nameChanged: NotRequired[bool]
    warnings: NotRequired[list[Anomaly]]


class EmploymentCancellationData(TypedDict):
    """The employment never was."""

    item: SubmissionItem
    employment: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    reason: NotRequired[str]


class EntitlementData(TypedDict):
    """The employer's own figure for one employment's year (an override), with the reason why it deviates.

    `fullTimeDays` replaces the arrangement's days and is still multiplied by working time and months;
    `resultingDays` is the year's right as such.
    """

    item: SubmissionItem
    entitlement: Uuid
    employment: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    receivedAt: Moment
    year: int
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: Literal["legal", "sectoral", "company"]
    validFrom: NotRequired[LocalDate]
    validUntil: NotRequired[LocalDate]
    reason: str
    collectiveAgreement: NotRequired[str]
    warnings: NotRequired[list[Anomaly]]


class EntitlementCancellationData(TypedDict):
    """The employer takes an own figure back: what the arrangement gives counts again."""

    item: SubmissionItem
    entitlement: Uuid
    person: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    reason: NotRequired[str]


class EnterpriseSubmitted(Envelope):
    type: Literal["be.fla.enterprise.registration-submitted.v1"]
    data: EnterpriseData


class EnterpriseWithdrawalSubmitted(Envelope):
    type: Literal["be.fla.enterprise.withdrawal-submitted.v1"]
    data: EnterpriseWithdrawalData


class EmploymentSubmitted(Envelope):
    type: Literal["be.fla.employment.registration-submitted.v1"]
    data: EmploymentData


class EmploymentChangeSubmitted(Envelope):
    type: Literal["be.fla.employment.change-submitted.v1"]
    data: EmploymentData


class EmploymentCancellationSubmitted(Envelope):
    type: Literal["be.fla.employment.cancellation-submitted.v1"]
    data: EmploymentCancellationData


class EntitlementSubmitted(Envelope):
    type: Literal["be.fla.entitlement.registration-submitted.v1"]
    data: EntitlementData


class EntitlementCancellationSubmitted(Envelope):
    type: Literal["be.fla.entitlement.cancellation-submitted.v1"]
    data: EntitlementCancellationData


Event = Annotated[
    EnterpriseSubmitted
    | EnterpriseWithdrawalSubmitted
    | EmploymentSubmitted
    | EmploymentChangeSubmitted
    | EmploymentCancellationSubmitted
    | EntitlementSubmitted
    | EntitlementCancellationSubmitted,
    Field(discriminator="type"),
]
