"""Every field of a declaration that takes free text, found in the models, and what people and software put there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin, get_type_hints

from stdnum.be import ssn

from services.gateway.intake.declared import DeclarationKind
from services.gateway.intake.models import MODELS, OPTIONAL
from shared.text_types import OneLine, Prose

Kind = DeclarationKind

_IDENTITY: Final = {"reference": "R-1", "ssin": "85051297104", "enterpriseNumber": "1999010345"}
_OF_ENTERPRISE: Final = {"reference": "R-1", "enterpriseNumber": "1999010345"}
_TRAINING: Final = {
    **_IDENTITY, "title": "Veilig laden", "startDate": "2024-06-16", "endDate": "2024-06-19", "duration": "PT7H36M",
    "provider": {"name": "Leerhaven"},
}  # fmt: skip
_EMPLOYMENT: Final = {
    **_IDENTITY, "startDate": "2024-03-01",
    "terms": [{"validFrom": "2024-03-01", "jointCommittee": "200", "workingTime": "0.8"}],
}  # fmt: skip
BASES: Final[dict[Kind, dict[str, Any]]] = {
    Kind.TRAINING_REGISTRATION: _TRAINING,
    Kind.TRAINING_CORRECTION: _TRAINING | {"reason": "verbeterd"},
    Kind.TRAINING_CANCELLATION: _IDENTITY | {"reason": "dubbel"},
    Kind.EMPLOYMENT_REGISTRATION: _EMPLOYMENT,
    Kind.EMPLOYMENT_CHANGE: _EMPLOYMENT,
    Kind.EMPLOYMENT_CANCELLATION: _IDENTITY | {"reason": "dubbel"},
    Kind.ENTITLEMENT_REGISTRATION: _IDENTITY | {"year": "2026", "days": "6.5", "reason": "eigen cao"},
    Kind.ENTITLEMENT_CANCELLATION: _IDENTITY | {"reason": "dubbel"},
    Kind.ENTERPRISE_REGISTRATION: {
        "enterpriseNumber": "1999010345", "name": "Bakkerij", "jointCommittees": ["200"],
    },
    Kind.ENTERPRISE_ENTITLEMENT_REGISTRATION: _OF_ENTERPRISE | {"year": "2026", "days": "6.5", "reason": "eigen cao"},
    Kind.ENTERPRISE_ENTITLEMENT_CANCELLATION: _OF_ENTERPRISE | {"reason": "dubbel"},
}  # fmt: skip
"""The least right declaration of each kind, with its texts in place."""


@dataclass(frozen=True)
class TextField:
    """A field that takes text: its path in API spelling, and its bounds."""

    kind: Kind
    path: str
    most: int
    is_prose: bool

    @property
    def when_empty(self) -> str:
        """The code of an empty text: it must be filled in, or may be left out."""
        return "emptyInput" if self.path in OPTIONAL[self.kind] else "requiredInput"


def text_fields() -> list[TextField]:
    """All of them, from the models: a new one is tested by itself."""
    return [field for kind, model in MODELS.items() for field in _fields(kind, model._type, "")]


def _fields(kind: Kind, declared: Any, prefix: str) -> Iterator[TextField]:
    for name, hint in get_type_hints(declared, include_extras=True).items():
        path = f"{prefix}{name}"
        for part in _parts(hint):
            if isinstance(part, OneLine):
                yield TextField(kind, path, part.most, isinstance(part, Prose))
            elif hasattr(part, "__required_keys__"):
                yield from _fields(kind, part, f"{path}.")


def _parts(hint: Any) -> Iterator[Any]:
    """A hint with everything that it is made of."""
    yield hint
    if get_origin(hint) is not None:
        for part in (*get_args(hint), *getattr(hint, "__metadata__", ())):
            yield from _parts(part)


def with_text(field: TextField, text: str) -> dict[str, Any]:
    """The kind's declaration with this text in this field."""
    *parents, last = field.path.split(".")
    whole: dict[str, Any] = {**BASES[field.kind]}
    inner = whole
    for parent in parents:
        inner[parent] = {**inner[parent]}
        inner = inner[parent]
    inner[last] = text
    return whole


def text_in(fields: dict[str, Any], path: str) -> str:
    """The text at a path."""
    found: Any = fields
    for name in path.split("."):
        found = found[name]
    assert isinstance(found, str)
    return found


@dataclass(frozen=True)
class Case:
    """What is put into a field, and either what is stored or the code with which it is refused."""

    text: str
    stored: str | None = None
    code: str | None = None


def _bis_number() -> str:
    return next(n for n in (f"854730033{check:02}" for check in range(1, 98)) if ssn.is_valid(n))


NATIONAL_NUMBER: Final = "85073003328"
BIS_NUMBER: Final = _bis_number()


C1: Final = tuple(map(chr, range(0x80, 0xA0)))
"""What Windows-1252 has for quotation marks and dashes becomes these in a file that says it is ISO-8859-1."""

_C1: Final = {
    **{f"0x{ord(sign):x}": f"Ab{sign}cd" for sign in C1},
    "the beginning": "\x85Abcd",
    "the end": "Abcd\x85",
    "an end of blanks": "Abcd \x85 ",
}


def cases(field: TextField) -> dict[str, Case]:
    """What can be put into a field of one or several lines."""
    most, lines = field.most, field.is_prose
    numbers = {
        "national number": f"nr {NATIONAL_NUMBER}",
        "punctuated number": "(85.07.30-033.28)",
        "number with no-break blanks": "85\u00a007\u00a030\u202f033\u00a028 x",
        "number with Unicode hyphens": "85\u201107\u201130 \u2013 033/28",
        "number with an invisible sign": "850730\u200b03328",
        "BIS number": f"bis:{BIS_NUMBER}",
    }
    return {
        "plain": Case("Ab cd", "Ab cd"),
        "line break": Case("Ab\ncd", "Ab\ncd" if lines else "Ab cd"),
        "tab": Case("Ab\tcd", "Ab cd"),
        "double blank": Case("Ab  cd", "Ab  cd" if lines else "Ab cd"),
        "no-break blank": Case("Ab\u00a0cd", "Ab\u00a0cd" if lines else "Ab cd"),
        "line separator": Case("Ab\u2028cd", "Ab\ncd" if lines else "Ab cd"),
        **{f"control at {name}": Case(text, code="invalidText") for name, text in _C1.items()},
        "blanks at the ends": Case("\u00a0 Ab cd\u2003\n", "Ab cd"),
        "decomposed": Case("Cafe\u0301 Zoe\u0308", "Café Zoë"),
        "fits when composed": Case("e\u0301" * most, "é" * most),
        "fits without the ends": Case(" " * most + "x" * most, "x" * most),
        "too long": Case("x" * (most + 1), code="tooLong"),
        "too long when composed": Case("e\u0301" * (most + 1), code="tooLong"),
        "control": Case("Ab\x86cd", code="invalidText"),
        "noncharacter": Case("Ab\ufdd0cd", code="invalidText"),
        "only blank": Case("\u00a0\u3000\u2028", code=field.when_empty),
        "only invisible": Case("\u200b\u2060\u00ad\ufe0f", code=field.when_empty),
        "empty cells": Case("\u2800\u3164\u115f", code=field.when_empty),
        "eleven digits that are no number": Case("85073003329", "85073003329"),
        "digits of a longer number": Case(f"1{NATIONAL_NUMBER}", f"1{NATIONAL_NUMBER}"),
        "a date and a number": Case("2024-06-16/120", "2024-06-16/120"),
        **{name: Case(text, code="nationalNumberInText") for name, text in numbers.items()},
    }


CONTROLS: Final = ("\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1f")
"""What no XML file can hold, so that the two other channels must refuse it."""
