"""The fields of every declaration: one definition for web, API and batch.

Typed dictionaries, because 100,000 lines of a file pass through them. Dates stay text here (their calendar is checked
in `rules`), so that text from XML and JSON reads alike and nothing is converted twice.
"""

import types
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired, get_type_hints

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from services.gateway.intake.declared import DeclarationKind
from services.gateway.limits import (
    LONGEST_DESCRIPTION,
    LONGEST_LINE,
    LONGEST_REASON,
    LONGEST_REFERENCE,
    MOST_COMMITTEES,
    MOST_SIZES,
    MOST_TERMS,
)
from shared.contracts.vocabulary import Modality, RightType, TrainingContext, TrainingKind
from shared.number_types import PlainNumber
from shared.text_types import OneLine, Prose

_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)

Ssin = Annotated[
    str, PlainNumber("[0-9]{11}", "National or BIS number, 11 digits. The usual punctuation is taken out.")
]
EnterpriseNumber = Annotated[
    str,
    PlainNumber("[01][0-9]{9}", "Enterprise number (KBO/BCE), 10 digits. The usual punctuation and BE are taken out."),
]
Date = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"})]
Duration = Annotated[
    str,
    Field(
        pattern=r"^PT([0-9]{1,5}H)?([0-9]{1,5}M)?$",
        min_length=4,
        description="ISO 8601 duration in hours and minutes: PT7H36M.",
    ),
]
Reference = Annotated[
    str, OneLine(LONGEST_REFERENCE, unique=True, description="The sender's own reference, unique per sender.")
]
JointCommittee = Annotated[
    str, Field(pattern=r"^[0-9]{3}(\.?[0-9]{2}){0,2}$", description="As 200, 225.01 or 305.02.09.")
]
Line = Annotated[str, OneLine(LONGEST_LINE)]
Description = Annotated[str, Prose(LONGEST_DESCRIPTION)]
Reason = Annotated[str, Prose(LONGEST_REASON)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", json_schema_extra={"format": "uuid"})]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="The version that this replaces, as it was read.")]
EndReason = Literal[
    "resignation", "seriousCause", "noticeServed", "indemnity", "mutualAgreement", "endOfTerm", "retirement", "other"
]


@with_config(_STRICT)
class ProviderFields(TypedDict):
    """Who gives the training."""

    name: Line
    enterpriseNumber: NotRequired[EnterpriseNumber]
    internal: NotRequired[bool]


@with_config(_STRICT)
class CertificateFields(TypedDict):
    """Whether a certificate was given."""

    awarded: bool
    validUntil: NotRequired[Date]


@with_config(_STRICT)
class TrainingFields(TypedDict):
    """What a training is, whoever followed it."""

    title: Line
    startDate: Date
    endDate: Date
    duration: Duration
    status: NotRequired[Literal["planned", "completed", "notFollowed"]]
    kind: NotRequired[TrainingKind]
    context: NotRequired[TrainingContext]
    rightType: NotRequired[RightType]
    chargedDuration: NotRequired[Duration]
    description: NotRequired[Description]
    provider: NotRequired[ProviderFields]
    certificate: NotRequired[CertificateFields]
    result: NotRequired[Line]
    financing: NotRequired[Line]
    language: NotRequired[Annotated[str, Field(pattern=r"^[a-z]{2}$")]]
    location: NotRequired[Line]
    modality: NotRequired[Modality]
    theme: NotRequired[Annotated[str, Field(pattern=r"^[0-9]{2,4}$", description="ISCED-F 2013 code.")]]


@with_config(_STRICT)
class TrainingRegistration(TrainingFields):
    """Register a training of one person at one enterprise."""

    reference: NotRequired[Reference]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    distinct: NotRequired[
        Annotated[bool, Field(description="True: another training than the same one that is there, counted by itself.")]
    ]


@with_config(_STRICT)
class TrainingCorrection(TrainingFields):
    """Replace what an earlier registration said; the earlier version stays visible."""

    reference: NotRequired[Reference]
    trainingId: NotRequired[Id]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    reason: Reason
    expectedVersion: NotRequired[Version]


@with_config(_STRICT)
class TrainingCancellation(TypedDict):
    """Void an earlier registration; it stays visible."""

    reference: NotRequired[Reference]
    trainingId: NotRequired[Id]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    reason: Reason
    expectedVersion: NotRequired[Version]


@with_config(_STRICT)
class TermsFields(TypedDict):
    """The contract from a day on."""

    validFrom: Date
    jointCommittee: JointCommittee
    workingTime: Annotated[
        Decimal, Field(gt=0, le=1, max_digits=9, decimal_places=8, description="Part of full time, 0 to 1.")
    ]


@with_config(_STRICT)
class EmploymentRegistration(TypedDict):
    """Register that a person works at an enterprise."""

    reference: NotRequired[Reference]
    ssin: Ssin
    givenName: NotRequired[Line]
    familyName: NotRequired[Line]
    enterpriseNumber: EnterpriseNumber
    startDate: Date
    endDate: NotRequired[Date]
    endReason: NotRequired[EndReason]
    terms: Annotated[list[TermsFields], Field(min_length=1, max_length=MOST_TERMS)]


@with_config(_STRICT)
class EmploymentChange(EmploymentRegistration):
    """Replace what is known of an employment, by reference or id."""

    employmentId: NotRequired[Id]
    reason: NotRequired[Reason]
    expectedVersion: NotRequired[Version]


@with_config(_STRICT)
class EmploymentCancellation(TypedDict):
    """The employment never was."""

    reference: NotRequired[Reference]
    employmentId: NotRequired[Id]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    reason: Reason


@with_config(_STRICT)
class EntitlementRegistration(TypedDict):
    """The employer's own figure for a person's year, with the reason why it deviates."""

    reference: NotRequired[Reference]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    employmentReference: NotRequired[Reference]
    employmentId: NotRequired[Id]
    year: Annotated[int, Field(ge=2023, le=2100)]
    basis: NotRequired[Literal["resultingDays", "fullTimeDays"]]
    days: Annotated[Decimal, Field(ge=0, le=366, max_digits=9, decimal_places=6)]
    rightType: NotRequired[RightType]
    validFrom: NotRequired[Date]
    validUntil: NotRequired[Date]
    reason: Reason
    collectiveAgreement: NotRequired[Annotated[str, Field(pattern=r"^[0-9]{1,7}/CO/[0-9./]{3,12}$")]]


@with_config(_STRICT)
class EntitlementCancellation(TypedDict):
    """Take an own figure back: what the arrangement gives counts again."""

    reference: NotRequired[Reference]
    entitlementId: NotRequired[Id]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    reason: Reason


@with_config(_STRICT)
class SizeFields(TypedDict):
    """A size of the enterprise."""

    basis: NotRequired[Literal["stated", "measured"]]
    workers: Annotated[Decimal, Field(ge=0, le=10_000_000, max_digits=12, decimal_places=4)]
    validFrom: Date
    validUntil: NotRequired[Date]


@with_config(_STRICT)
class EnterpriseRegistration(TypedDict):
    """Register an enterprise, or change what is known of it."""

    enterpriseNumber: EnterpriseNumber
    name: Line
    jointCommittees: Annotated[list[JointCommittee], Field(min_length=1, max_length=MOST_COMMITTEES)]
    sizes: NotRequired[Annotated[list[SizeFields], Field(max_length=MOST_SIZES)]]


_FIELDS: dict[DeclarationKind, Any] = {
    DeclarationKind.TRAINING_REGISTRATION: TrainingRegistration,
    DeclarationKind.TRAINING_CORRECTION: TrainingCorrection,
    DeclarationKind.TRAINING_CANCELLATION: TrainingCancellation,
    DeclarationKind.EMPLOYMENT_REGISTRATION: EmploymentRegistration,
    DeclarationKind.EMPLOYMENT_CHANGE: EmploymentChange,
    DeclarationKind.EMPLOYMENT_CANCELLATION: EmploymentCancellation,
    DeclarationKind.ENTITLEMENT_REGISTRATION: EntitlementRegistration,
    DeclarationKind.ENTITLEMENT_CANCELLATION: EntitlementCancellation,
    DeclarationKind.ENTERPRISE_REGISTRATION: EnterpriseRegistration,
}


def _without_number(fields: Any) -> Any:
    """Copy a typed dictionary without its field `ssin`."""
    kept = {name: hint for name, hint in get_type_hints(fields, include_extras=True).items() if name != "ssin"}
    copy = types.new_class(fields.__name__, (TypedDict,), {}, lambda body: body.update(__annotations__=kept))
    return with_config(_STRICT)(copy)


MODELS: dict[DeclarationKind, TypeAdapter[Any]] = {kind: TypeAdapter(fields) for kind, fields in _FIELDS.items()}
"""The model of what a sender wrote, by kind."""

MODELS_OF_KNOWN_PERSON: dict[DeclarationKind, TypeAdapter[Any]] = {
    kind: TypeAdapter(_without_number(fields)) for kind, fields in _FIELDS.items()
}
"""The model of a declaration about a person whom the gateway names by id (`Declared.person`): no field `ssin`."""
