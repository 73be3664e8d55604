"""Every field of every declaration, found in the models, with each kind of value that is wrong there, and the cause."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, NotRequired, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt
from typing_extensions import is_typeddict

from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import MODELS, OPTIONAL
from shared.text_types import OneLine
from shared.value_types import Form
from tests.support.text_cases import BASES

Kind = DeclarationKind

RIGHT: Final[dict[str, Any]] = {
    "provider.enterpriseNumber": "1999010345",
    "provider.internal": "true",
    "certificate.awarded": "true",
    "certificate.validUntil": "2027-01-31",
    "chargedDuration": "PT1H",
    "status": "completed",
    "kind": "formal",
    "context": "professional",
    "rightType": "legal",
    "language": "nl",
    "modality": "online",
    "theme": "0413",
    "distinct": "true",
    "expectedVersion": "1",
    "trainingId": "01a21a67-b3f0-7497-b136-a4c571c9a7a5",
    "employmentId": "01a21a67-b3f0-7497-b136-a4c571c9a7a5",
    "entitlementId": "01a21a67-b3f0-7497-b136-a4c571c9a7a5",
    "endDate": "2025-12-31",
    "endReason": "resignation",
    "restAgreed": "lost",
    "untilYear": "2026",
    "terms[].weeklyHours": "30.4",
    "terms[].fullTimeWeek": "38",
    "optOuts[].validFrom": "2024-01-01",
    "optOuts[].validUntil": "2025-12-31",
    "quarters[].year": "2024",
    "quarters[].quarter": "1",
    "quarters[].fullTimeEquivalents": "12.5",
    "quarters[].heads": "14",
    "quarters[].agencyFullTimeEquivalents": "0.5",
    "quarters[].agencyHeads": "1",
    "basis": "resultingDays",
    "validFrom": "2026-01-01",
    "validUntil": "2026-12-31",
    "collectiveAgreement": "181682/CO/200",
    "sizes[].basis": "stated",
    "sizes[].workers": "12",
    "sizes[].validFrom": "2024-01-01",
    "sizes[].validUntil": "2025-12-31",
}
"""A right value of the fields that the least declarations leave out."""


@dataclass(frozen=True)
class AnyField:
    """A field of a declaration. `path` has `[]` for the place in a list; `parts` is what its type is made of."""

    kind: Kind
    path: str
    parts: tuple[Any, ...]

    @property
    def shown_path(self) -> str:
        """The path of the first one in a list."""
        return self.path.replace("[]", "[0]")

    @property
    def when_empty(self) -> str:
        """The code of an empty value: it must be filled in, or may be left out."""
        return "emptyInput" if self.path in OPTIONAL[self.kind] else "requiredInput"

    def part(self, type_: type) -> Any:
        """The part of this type; None where there is none."""
        return next((part for part in self.parts if isinstance(part, type_)), None)

    @property
    def base(self) -> Any:
        """The plain type."""
        return self.parts[0]


def all_fields() -> list[AnyField]:
    """All of them: a new field is tested by itself."""
    return [field for kind, model in MODELS.items() for field in _fields(kind, model._type, "")]


def _fields(kind: Kind, declared: Any, prefix: str) -> Iterator[AnyField]:
    for name, hint in get_type_hints(declared, include_extras=True).items():
        path, part, metadata = f"{prefix}{name}", hint, ()
        if get_origin(part) is NotRequired:
            (part,) = get_args(part)
        metadata = tuple(getattr(part, "__metadata__", ()))
        part = get_args(part)[0] if metadata else part
        if get_origin(part) is list:
            path, (part,) = f"{path}[]", get_args(part)
            metadata = tuple(getattr(part, "__metadata__", ()))
            part = get_args(part)[0] if metadata else part
        if is_typeddict(part):
            yield from _fields(kind, part, f"{path}.")
        else:
            flat = [inner for one in metadata for inner in getattr(one, "metadata", (one,))]
            yield AnyField(kind, path, (part, *flat))


def with_value(field: AnyField, value: Any) -> dict[str, Any]:
    """The kind's least declaration with this value in this field; groups around it are filled in."""
    whole: Any = _copied(BASES[field.kind])
    if field.path.startswith("sizes[]"):
        whole["sizes"] = [{"workers": "12", "validFrom": "2024-01-01"}]
    if field.path.startswith("certificate."):
        whole["certificate"] = {"awarded": "true"}
    if field.path.startswith("quarters[]"):
        whole["quarters"] = [{"year": "2024", "quarter": "1", "fullTimeEquivalents": "12.5", "heads": "14"}]
    if field.path.startswith("optOuts[]"):
        whole["optOuts"] = [{"validFrom": "2024-01-01"}]
    if field.path in ("endReason", "restAgreed"):
        whole["endDate"] = "2025-12-31"
    if field.path == "restAgreed":
        whole["endReason"] = "mutualAgreement"
    if field.path == "terms[].weeklyHours":
        del whole["terms"][0]["workingTime"]
    inner, (*parents, last) = whole, field.path.split(".")
    for parent in parents:
        inner = inner[parent.removesuffix("[]")]
        inner = inner[0] if parent.endswith("[]") else inner
    if last.endswith("[]"):
        inner[last.removesuffix("[]")] = [value]
    else:
        inner[last] = value
    return whole


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copied(one) for name, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value


def right_value(field: AnyField) -> str:
    """A value that is right in this field, as text."""
    found: Any = BASES[field.kind]
    for part in field.shown_path.replace("[0]", ".0").split("."):
        known = found if isinstance(found, dict) else dict(enumerate(found or ()))
        found = known.get(int(part) if part.isdigit() else part)
    if found is not None:
        return str(found)
    return "Ab cd" if field.part(OneLine) is not None else RIGHT[field.path]


def wrong_texts(field: AnyField) -> Iterator[tuple[str, str, str]]:
    """What may be typed there and is wrong, on whatever channel: (name, text, code)."""
    yield "nothing", "", field.when_empty
    yield "blanks", " ", field.when_empty
    form, text = field.part(Form), field.part(OneLine)
    name = field.path.rpartition(".")[2].removesuffix("[]")
    if form is not None:
        yield "another form", "x/y", form.code
        yield "its half", "dutch" if name == "language" else right_value(field)[:-1] + "x", form.code
    if text is not None:
        yield "too long", "x" * (text.most + 1), "tooLong"
        yield "a national number", "nr 85.07.30-033.28", "nationalNumberInText"
        yield "a control character of Windows", "a\u0093b", "invalidText"
    if name == "ssin":
        yield "too few digits", "8507300332", "malformedSsin"
        yield "too many digits", "850730033280", "malformedSsin"
        yield "wrong check digits", "85.07.30-033.29", "invalidSsin"
    if name == "enterpriseNumber":
        yield "too few digits", "040301926", "malformedEnterpriseNumber"
        yield "an establishment unit's", "2.222.222.240", "malformedEnterpriseNumber"
        yield "wrong check digits", "0403.019.262", "invalidEnterpriseNumber"
    if form is not None and form.code == "invalidDate":
        yield "no such day", "2024-02-30", "invalidDate"
    if get_origin(field.base) is Literal:
        yield "another word", "perhaps", "notInList"
    if field.base is bool:
        yield "another word", "perhaps", "wrongType"
    if field.base in (int, Decimal):
        yield "no number", "abc", "invalidNumber"
        yield "an endless number", "Infinity", "invalidNumber"
        most = field.part(Le) or field.part(Lt)
        least = field.part(Ge) or field.part(Gt)
        assert most is not None, field
        assert least is not None, field
        yield "too much", str(getattr(most, "le", 0) + 1), "outOfRange"
        yield "too little", "-1", "outOfRange"
    if field.base is int:
        yield "half of one", "2.5", "wrongType"
    if field.base is Decimal:
        yield "too many digits", "0.1234567890123456789", "tooManyDecimals"


NOT_TEXT: Final[tuple[tuple[str, Any], ...]] = (
    ("an object", {}),
    ("a list", ["x"]),
    ("nothing at all", None),
)
"""What only JSON can hold, and no field with a plain value takes."""
