"""A declaration, its sender and its submission, as every channel hands them over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shared.contracts.vocabulary import Anomaly, Channel, RegisteredBy


class DeclarationKind(StrEnum):
    """What can be declared."""

    TRAINING_REGISTRATION = "trainingRegistration"
    TRAINING_CORRECTION = "trainingCorrection"
    TRAINING_CANCELLATION = "trainingCancellation"
    EMPLOYMENT_REGISTRATION = "employmentRegistration"
    EMPLOYMENT_CHANGE = "employmentChange"
    EMPLOYMENT_CANCELLATION = "employmentCancellation"
    ENTITLEMENT_REGISTRATION = "entitlementRegistration"
    ENTITLEMENT_CANCELLATION = "entitlementCancellation"
    ENTERPRISE_REGISTRATION = "enterpriseRegistration"
    ENTERPRISE_ENTITLEMENT_REGISTRATION = "enterpriseEntitlementRegistration"
    ENTERPRISE_ENTITLEMENT_CANCELLATION = "enterpriseEntitlementCancellation"

    @property
    def area(self) -> str:
        """The name of its scopes: `trainings`, `employments`, `entitlements`, `enterprises`."""
        if self in FOR_ALL:
            return "entitlements"
        return next(one for one in AREAS if self.value.startswith(one[:-1]))


FOR_ALL = frozenset(
    {DeclarationKind.ENTERPRISE_ENTITLEMENT_REGISTRATION, DeclarationKind.ENTERPRISE_ENTITLEMENT_CANCELLATION}
)
"""Own figures for everybody at an enterprise."""
ABOUT_ENTERPRISES = FOR_ALL | {DeclarationKind.ENTERPRISE_REGISTRATION}
"""What is about an enterprise and no person."""

AREAS = ("trainings", "employments", "entitlements", "enterprises", "batches")
"""What a submission can be about, as scopes name it; a file is about anything, and an area of its own."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration: its place in the submission (from 1), its kind and its fields in API spelling.

    Values are what the channel has: text from XML and forms, JSON types from the API. The models read both alike.
    `person`: the id of somebody whom the gateway knows already, in the place of the field `ssin`. Our own code sets it,
    for a thing that was looked up or an employee who was chosen; what a sender wrote never does.
    """

    line: int
    kind: DeclarationKind
    fields: dict[str, Any]
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who submits: the organisation whose references these are, and for which enterprises it may act."""

    organisation: str
    actor: str
    enterprises: frozenset[str]

    def acts_as(self, enterprise: str) -> RegisteredBy:
        """Tell in which capacity a declaration about this enterprise is registered: as employer, or as mandatary."""
        return "employer" if enterprise == self.organisation else "mandatary"


@dataclass(frozen=True, slots=True)
class SubmissionEnvelope:
    """What all declarations of one submission share: an ISO moment in UTC, and the trace of the request or file."""

    submission: str
    sender: Sender
    channel: Channel
    received_at: str
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedDeclaration:
    """A declaration that is refused, and why."""

    line: int
    reference: str | None
    anomalies: list[Anomaly]
