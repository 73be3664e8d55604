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
    Hours,
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
RestAgreed = Literal["lost", "openCredit"]
"""What was agreed about the rest of the credit at the end of a contract, where its reason leaves that open."""


class Size(TypedDict):
    """A size of the enterprise: `stated` (number of workers) or `measured` (full-time equivalents), unrounded."""

    basis: Literal["stated", "measured"]
    workers: Days
    validFrom: LocalDate
    validUntil: NotRequired[LocalDate]


class QuarterSize(TypedDict):
    """What was declared for a quarter: full-time equivalents and heads on its last day, agency workers apart."""

    year: int
    quarter: int
    fullTimeEquivalents: Days
    heads: int
    agencyFullTimeEquivalents: NotRequired[Days]
    agencyHeads: NotRequired[int]


class OptOut(TypedDict):
    """A period in which no right is granted or recalculated by itself; without `validUntil` it goes on."""

    validFrom: LocalDate
    validUntil: NotRequired[LocalDate]


class EnterpriseData(TypedDict):
    """Register an enterprise, or change what is known of it: its whole state. A size is added, never lost.

    `quarters`: those that are given replace what was declared for them. `optOuts`: all of them; where the field is
    absent those that are known stay.
    """

    item: SubmissionItem
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    name: str
    jointCommittees: list[JointCommittee]
    sizes: list[Size]
    quarters: NotRequired[list[QuarterSize]]
    optOuts: NotRequired[list[OptOut]]
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
    """The contract from a day on: joint committee and fraction of full time (0 to 1).

    `weeklyHours`: where the working time was declared so; the exact fraction is then these of the `fullTimeWeek`, the
    hours a week of a full-timer (38 where it is not said), and `fraction` is rounded to 8 decimals.
    """

    validFrom: LocalDate
    jointCommittee: JointCommittee
    fraction: Days
    weeklyHours: NotRequired[Hours]
    fullTimeWeek: NotRequired[Hours]


class EmploymentData(TypedDict):
    """Register an employment, or replace what is known of it. `terms` in order, the first from the start date.

    `nameChanged`: the declaration gives the person another name than before; which one is nobody's but the gateway's.
    `optOuts`: all of them; where the field is absent those that are known stay.
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
    restAgreed: NotRequired[RestAgreed]
    terms: list[Terms]
    optOuts: NotRequired[list[OptOut]]
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
    `resultingDays` is the year's right as such. `untilYear`: it holds for each year up to that one.
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
    untilYear: NotRequired[int]
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: Literal["legal", "sectoral", "company"]
    validFrom: NotRequired[LocalDate]
    validUntil: NotRequired[LocalDate]
    reason: str
    collectiveAgreement: NotRequired[str]
    warnings: NotRequired[list[Anomaly]]


class EnterpriseEntitlementData(TypedDict):
    """The employer's own figure for everybody whom it employs in a period, now or later, with the reason."""

    item: SubmissionItem
    entitlement: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    reference: NotRequired[str]
    receivedAt: Moment
    basis: Literal["fullTimeDays", "resultingDays"]
    days: Days
    rightType: Literal["legal", "sectoral", "company"]
    validFrom: LocalDate
    validUntil: LocalDate
    reason: str
    collectiveAgreement: NotRequired[str]


class EnterpriseEntitlementCancellationData(TypedDict):
    """The employer takes an own figure for everybody back."""

    item: SubmissionItem
    entitlement: Uuid
    enterprise: EnterpriseNumber
    sender: EnterpriseNumber
    receivedAt: Moment
    reason: NotRequired[str]


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


class EnterpriseEntitlementSubmitted(Envelope):
    type: Literal["be.fla.enterprise-entitlement.registration-submitted.v1"]
    data: EnterpriseEntitlementData


class EnterpriseEntitlementCancellationSubmitted(Envelope):
    type: Literal["be.fla.enterprise-entitlement.cancellation-submitted.v1"]
    data: EnterpriseEntitlementCancellationData


Event = Annotated[
    EnterpriseSubmitted
    | EnterpriseWithdrawalSubmitted
    | EmploymentSubmitted
    | EmploymentChangeSubmitted
    | EmploymentCancellationSubmitted
    | EntitlementSubmitted
    | EntitlementCancellationSubmitted
    | EnterpriseEntitlementSubmitted
    | EnterpriseEntitlementCancellationSubmitted,
    Field(discriminator="type"),
]
