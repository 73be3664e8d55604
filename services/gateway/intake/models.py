"""The fields of every declaration: one definition for web, API and batch.

Typed dictionaries, because 100,000 lines of a file pass through them. Dates stay text here (their calendar is checked
in `rules`), so that text from XML and JSON reads alike and nothing is converted twice.
"""

import types
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, NotRequired, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict, is_typeddict

from services.gateway.intake.declared import DeclarationKind
from services.gateway.limits import (
    FIRST_QUARTER_YEAR,
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_DESCRIPTION,
    LONGEST_LINE,
    LONGEST_REASON,
    LONGEST_REFERENCE,
    LONGEST_WEEK,
    MOST_COMMITTEES,
    MOST_OPT_OUTS,
    MOST_QUARTERS,
    MOST_SIZES,
    MOST_TERMS,
)
from shared.contracts.employer_submissions import EndReason, RestAgreed
from shared.contracts.vocabulary import Modality, RightType, TrainingContext, TrainingKind
from shared.numbers import plain_number
from shared.text_types import OneLine, Prose
from shared.value_types import Form, typed_number, typed_whole_number, typed_word

WORD = BeforeValidator(typed_word)
_STRICT = ConfigDict(extra="forbid", str_strip_whitespace=True)

Ssin = Annotated[
    str,
    Form(
        "[0-9]{11}",
        "malformedSsin",
        read=plain_number,
        schema={"description": "National or BIS number, 11 digits. The usual punctuation is taken out."},
    ),
]
EnterpriseNumber = Annotated[
    str,
    Form(
        "[01][0-9]{9}",
        "malformedEnterpriseNumber",
        read=plain_number,
        schema={"description": "Enterprise number (KBO/BCE), 10 digits. The usual punctuation and BE are taken out."},
    ),
]
Date = Annotated[str, Form("[0-9]{4}-[0-9]{2}-[0-9]{2}", "invalidDate", schema={"format": "date"})]
Duration = Annotated[
    str,
    Form(
        "PT([0-9]{1,5}H([0-9]{1,5}M)?|[0-9]{1,5}M)",
        "invalidDuration",
        schema={"description": "ISO 8601 duration in hours and minutes: PT7H36M."},
    ),
]
Reference = Annotated[
    str, OneLine(LONGEST_REFERENCE, unique=True, description="The sender's own reference, unique per sender.")
]
JointCommittee = Annotated[
    str,
    Form(
        r"[0-9]{3}(\.?[0-9]{2}){0,2}",
        "invalidJointCommittee",
        schema={"description": "As 200, 225.01 or 305.02.09."},
    ),
]
Line = Annotated[str, OneLine(LONGEST_LINE)]
Description = Annotated[str, Prose(LONGEST_DESCRIPTION)]
Reason = Annotated[str, Prose(LONGEST_REASON)]
Id = Annotated[str, Form("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "invalidId", schema={"format": "uuid"})]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR), BeforeValidator(typed_whole_number)]
UntilYear = Annotated[
    int,
    Field(ge=FIRST_YEAR, le=LAST_YEAR, description="The last year for which it holds; absent: `year` alone."),
    BeforeValidator(typed_whole_number),
]
OwnDays = Annotated[Decimal, Field(ge=0, le=366, decimal_places=6), BeforeValidator(typed_number)]
OwnBasis = Annotated[Literal["resultingDays", "fullTimeDays"], WORD]
CollectiveAgreement = Annotated[str, Form("[0-9]{1,7}/CO/[0-9./]{3,12}", "invalidCollectiveAgreement")]
Version = Annotated[
    int,
    Field(ge=1, le=2**31 - 1, description="The version that this replaces, as it was read."),
    BeforeValidator(typed_whole_number),
]


@with_config(_STRICT)
class ProviderFields(TypedDict):
    """Who gives the training."""

    name: Line
    enterpriseNumber: NotRequired[EnterpriseNumber]
    internal: NotRequired[Annotated[bool, WORD]]


@with_config(_STRICT)
class CertificateFields(TypedDict):
    """Whether a certificate was given."""

    awarded: Annotated[bool, WORD]
    validUntil: NotRequired[Date]


@with_config(_STRICT)
class TrainingFields(TypedDict):
    """What a training is, whoever followed it."""

    title: Line
    startDate: Date
    endDate: Date
    duration: Duration
    status: NotRequired[Annotated[Literal["planned", "completed", "notFollowed"], WORD]]
    kind: NotRequired[Annotated[TrainingKind, WORD]]
    context: NotRequired[Annotated[TrainingContext, WORD]]
    rightType: NotRequired[Annotated[RightType, WORD]]
    chargedDuration: NotRequired[Duration]
    description: NotRequired[Description]
    provider: NotRequired[ProviderFields]
    certificate: NotRequired[CertificateFields]
    result: NotRequired[Line]
    financing: NotRequired[Line]
    language: NotRequired[Annotated[str, Form("[a-z]{2}", "invalidLanguage")]]
    location: NotRequired[Line]
    modality: NotRequired[Annotated[Modality, WORD]]
    theme: NotRequired[Annotated[str, Form("[0-9]{2,4}", "invalidTheme", schema={"description": "ISCED-F 2013 code."})]]


@with_config(_STRICT)
class TrainingRegistration(TrainingFields):
    """Register a training of one person at one enterprise."""

    reference: NotRequired[Reference]
    ssin: Ssin
    enterpriseNumber: EnterpriseNumber
    distinct: NotRequired[
        Annotated[
            bool, WORD, Field(description="True: another training than the same one that is there, counted by itself.")
        ]
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
    workingTime: NotRequired[
        Annotated[
            Decimal,
            Field(ge=0, le=1, decimal_places=8, description="Part of full time, 0 to 1; or else `weeklyHours`."),
            BeforeValidator(typed_number),
        ]
    ]
    weeklyHours: NotRequired[
        Annotated[
            Decimal,
            Field(ge=0, le=LONGEST_WEEK, decimal_places=2, description="Hours a week, in the place of `workingTime`."),
            BeforeValidator(typed_number),
        ]
    ]
    fullTimeWeek: NotRequired[
        Annotated[
            Decimal,
            Field(ge=1, le=LONGEST_WEEK, decimal_places=2, description="Hours a week of a full-timer; 38 if absent."),
            BeforeValidator(typed_number),
        ]
    ]


@with_config(_STRICT)
class OptOutFields(TypedDict):
    """A period in which no right is granted or recalculated by itself."""

    validFrom: Date
    validUntil: NotRequired[Date]


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
    endReason: NotRequired[Annotated[EndReason, WORD]]
    restAgreed: NotRequired[Annotated[RestAgreed, WORD]]
    terms: Annotated[list[TermsFields], Field(min_length=1, max_length=MOST_TERMS)]
    optOuts: NotRequired[
        Annotated[
            list[OptOutFields],
            Field(max_length=MOST_OPT_OUTS, description="All of them; absent: those that are known stay."),
        ]
    ]


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
    year: Year
    untilYear: NotRequired[UntilYear]
    basis: NotRequired[OwnBasis]
    days: OwnDays
    rightType: NotRequired[Annotated[RightType, WORD]]
    validFrom: NotRequired[Date]
    validUntil: NotRequired[Date]
    reason: Reason
    collectiveAgreement: NotRequired[CollectiveAgreement]


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

    basis: NotRequired[Annotated[Literal["stated", "measured"], WORD]]
    workers: Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=4), BeforeValidator(typed_number)]
    validFrom: Date
    validUntil: NotRequired[Date]


Heads = Annotated[int, Field(ge=0, le=10_000_000), BeforeValidator(typed_whole_number)]
FullTimeEquivalents = Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=4), BeforeValidator(typed_number)]


@with_config(_STRICT)
class QuarterFields(TypedDict):
    """What was declared to social security for a quarter: workers on its last day, agency workers apart."""

    year: Annotated[int, Field(ge=FIRST_QUARTER_YEAR, le=LAST_YEAR), BeforeValidator(typed_whole_number)]
    quarter: Annotated[int, Field(ge=1, le=4), BeforeValidator(typed_whole_number)]
    fullTimeEquivalents: FullTimeEquivalents
    heads: Heads
    agencyFullTimeEquivalents: NotRequired[FullTimeEquivalents]
    agencyHeads: NotRequired[Heads]


@with_config(_STRICT)
class EnterpriseRegistration(TypedDict):
    """Register an enterprise, or change what is known of it."""

    enterpriseNumber: EnterpriseNumber
    name: Line
    jointCommittees: Annotated[list[JointCommittee], Field(min_length=1, max_length=MOST_COMMITTEES)]
    sizes: NotRequired[Annotated[list[SizeFields], Field(max_length=MOST_SIZES)]]
    quarters: NotRequired[
        Annotated[
            list[QuarterFields],
            Field(max_length=MOST_QUARTERS, description="Each replaces what was declared for its quarter."),
        ]
    ]
    optOuts: NotRequired[
        Annotated[
            list[OptOutFields],
            Field(max_length=MOST_OPT_OUTS, description="All of them; absent: those that are known stay."),
        ]
    ]


@with_config(_STRICT)
class EnterpriseEntitlementRegistration(TypedDict):
    """The employer's own figure for everybody it employs in a year or several, now or later."""

    reference: NotRequired[Reference]
    enterpriseNumber: EnterpriseNumber
    year: Year
    untilYear: NotRequired[UntilYear]
    basis: NotRequired[OwnBasis]
    days: OwnDays
    rightType: NotRequired[Annotated[RightType, WORD]]
    validFrom: NotRequired[Date]
    validUntil: NotRequired[Date]
    reason: Reason
    collectiveAgreement: NotRequired[CollectiveAgreement]


@with_config(_STRICT)
class EnterpriseEntitlementCancellation(TypedDict):
    """Take an own figure for everybody back."""

    reference: NotRequired[Reference]
    entitlementId: NotRequired[Id]
    enterpriseNumber: EnterpriseNumber
    reason: Reason


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
    DeclarationKind.ENTERPRISE_ENTITLEMENT_REGISTRATION: EnterpriseEntitlementRegistration,
    DeclarationKind.ENTERPRISE_ENTITLEMENT_CANCELLATION: EnterpriseEntitlementCancellation,
}


def _lenient(hint: Any) -> Any:
    """Copy a type so that everything may be missing or unknown: only the form of what is there counts."""
    if is_typeddict(hint):
        parts = {name: _lenient(part) for name, part in get_type_hints(hint, include_extras=True).items()}
        copy = types.new_class(
            hint.__name__, (TypedDict,), {"total": False}, lambda body: body.update(__annotations__=parts)
        )
        return with_config(ConfigDict(extra="ignore", str_strip_whitespace=True))(copy)
    origin, parts_of = get_origin(hint), get_args(hint)
    if origin is NotRequired or (origin is Annotated and get_origin(parts_of[0]) is list):
        return _lenient(parts_of[0])
    return list[_lenient(parts_of[0])] if origin is list else hint  # type: ignore[misc]


def _optional(fields: Any, prefix: str = "") -> Iterator[str]:
    """List the paths of the fields that may be left out, as `provider.internal`, `sizes[].validUntil`."""
    for name, hint in get_type_hints(fields, include_extras=True).items():
        path, part = f"{prefix}{name}", hint
        if get_origin(part) is NotRequired:
            yield path
            (part,) = get_args(part)
        if get_origin(part) is Annotated:
            part = get_args(part)[0]
        if get_origin(part) is list:
            path, (part,) = f"{path}[]", get_args(part)
        if is_typeddict(part):
            yield from _optional(part, f"{path}.")


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

LENIENT_MODELS: dict[DeclarationKind, TypeAdapter[Any]] = {
    kind: TypeAdapter(_lenient(fields)) for kind, fields in _FIELDS.items()
}
"""The model of what is right in a declaration that has something wrong: everything may be missing."""

OPTIONAL: dict[DeclarationKind, frozenset[str]] = {
    kind: frozenset(_optional(fields)) for kind, fields in _FIELDS.items()
}
"""The paths of fields that may be left out, by kind; `[]` stands for the place in a list."""

ORDER: dict[DeclarationKind, dict[str, int]] = {
    kind: {name: place for place, name in enumerate(get_type_hints(fields))} for kind, fields in _FIELDS.items()
}
"""The place of each field in its declaration: what is wrong is said in this order."""
