"""The same contracts, lean: of the events that come by the thousand, what their readers take, as msgspec structs.

Reading the whole contract costs seven microseconds an event, reading this one: fields that are not here are skipped
before they become Python objects. The contracts stay the definition; a test holds each struct against them. Structs
are kept out of the garbage collector's sight, as nothing here can refer to itself.
"""

from typing import Literal

from msgspec import Struct

from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import RegisteredBy, RightType, TrainingContext, TrainingKind, TrainingStatus


class Event(Struct, gc=False):
    """The part of an envelope that says why: which event, who acted for whom, and in which submission."""

    id: str
    actor: str
    party: str
    submissionid: str | None = None
    traceparent: str | None = None


class Charge(Struct, rename="camel", gc=False):
    """Of a training's content, what a charge depends on."""

    start_date: str
    end_date: str
    minutes: int
    status: TrainingStatus
    context: TrainingContext
    right_type: RightType
    charged_minutes: int | None = None


class ChargedTraining(Struct, rename="camel", gc=False):
    """A training as the ledger sees it. One that is the same as another charges nothing."""

    training: str
    version: int
    person: str
    enterprise: str
    content: Charge
    same_as: str | None = None


class TrainingToCharge(Event, gc=False, kw_only=True):
    """`fla.trainings.v1` as entitlements reads it."""

    data: ChargedTraining


class Provider(Struct, rename="camel", gc=False):
    """Who gives the training."""

    name: str
    enterprise_number: str | None = None


class Certificate(Struct, rename="camel", gc=False):
    """Whether a certificate was given, and until when it holds."""

    awarded: bool
    valid_until: str | None = None


class ShownContent(Struct, rename="camel", gc=False):
    """Of a training's content, what lists and figures show."""

    title: str
    start_date: str
    end_date: str
    minutes: int
    status: TrainingStatus
    kind: TrainingKind
    context: TrainingContext
    right_type: RightType
    charged_minutes: int | None = None
    provider: Provider | None = None
    certificate: Certificate | None = None
    modality: str | None = None
    theme: str | None = None


class ShownTraining(Struct, rename="camel", gc=False):
    """A training as the dashboard shows it."""

    training: str
    version: int
    person: str
    enterprise: str
    registered_by: RegisteredBy
    received_at: str
    recorded_at: str
    content: ShownContent
    reference: str | None = None
    same_as: str | None = None


class TrainingToShow(Struct, gc=False):
    """`fla.trainings.v1` as the dashboard reads it."""

    data: ShownTraining


class ShownYear(Struct, rename="camel", gc=False):
    """One year's figures, in days as text."""

    year: int
    granted: str
    carried_over: str
    charged: str
    reserved: str
    lost: str
    balance: str
    available: str
    incomplete: bool
    gone: Literal[True] | None = None


class ShownBalance(Struct, rename="camel", gc=False):
    """The years of an employment that changed."""

    employment: str
    version: int
    person: str
    enterprise: str
    years: list[ShownYear]
    recorded_at: str


class BalanceToShow(Struct, gc=False):
    """`fla.entitlements.v1` as the dashboard reads it."""

    data: ShownBalance


class Item(Struct, gc=False):
    """Where a declaration came from."""

    id: str
    submission: str
    line: int


class Registration(Struct, rename="camel", gc=False, kw_only=True):
    """A training declared for the first time. The content is passed on as it came."""

    item: Item
    training: str
    person: str
    enterprise: str
    sender: str
    registered_by: RegisteredBy
    received_at: str
    content: TrainingContent
    reference: str | None = None
    warnings: list[str] | None = None
    defaulted: list[str] | None = None
    distinct: bool | None = None


class Correction(Struct, rename="camel", gc=False, kw_only=True):
    """Another content for a training."""

    item: Item
    training: str
    person: str
    enterprise: str
    received_at: str
    content: TrainingContent
    expected_version: int | None = None
    reason: str | None = None
    warnings: list[str] | None = None
    defaulted: list[str] | None = None


class Cancellation(Struct, rename="camel", gc=False, kw_only=True):
    """A training declared void."""

    item: Item
    training: str
    person: str
    enterprise: str
    received_at: str
    expected_version: int | None = None
    reason: str | None = None
    warnings: list[str] | None = None


class RegistrationSubmitted(
    Event, tag_field="type", tag="be.fla.training.registration-submitted.v1", gc=False, kw_only=True
):
    """A registration, as registration reads it."""

    data: Registration


class CorrectionSubmitted(
    Event, tag_field="type", tag="be.fla.training.correction-submitted.v1", gc=False, kw_only=True
):
    """A correction, as registration reads it."""

    data: Correction


class CancellationSubmitted(
    Event, tag_field="type", tag="be.fla.training.cancellation-submitted.v1", gc=False, kw_only=True
):
    """A cancellation, as registration reads it."""

    data: Cancellation


TrainingSubmitted = RegistrationSubmitted | CorrectionSubmitted | CancellationSubmitted
"""`fla.training-submissions.v1` as registration reads it."""
