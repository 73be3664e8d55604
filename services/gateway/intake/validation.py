"""From declared fields to checked ones, or to anomalies: pure, and the same for every channel."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.gateway.intake.declared import Declared
from services.gateway.intake.models import MODELS, MODELS_OF_KNOWN_PERSON
from services.gateway.intake.rules import RULES
from services.gateway.limits import LONGEST_FIELD_NAME
from shared.anomalies import anomaly, is_error
from shared.contracts.vocabulary import Anomaly
from shared.i18n import N_
from shared.numbers import without_national_numbers
from shared.text import is_refused
from shared.text_types import NATIONAL_NUMBER, REFUSED

_TYPE_NAMES = {
    "string_type": N_("text"),
    "int_type": N_("a whole number"),
    "bool_type": N_("true or false"),
    "bool_parsing": N_("true or false"),
    "dict_type": N_("an object"),
    "list_type": N_("a list"),
    "decimal_type": N_("a number"),
}
_OTHER_TYPE = N_("another kind of value")
_NUMBER_ERRORS = frozenset({"int_parsing", "int_parsing_size", "int_from_float", "decimal_parsing", "finite_number"})
_PATTERN_CODES = {
    "ssin": "invalidSsin",
    "enterpriseNumber": "invalidEnterpriseNumber",
    "startDate": "invalidDate",
    "endDate": "invalidDate",
    "validFrom": "invalidDate",
    "validUntil": "invalidDate",
    "jointCommittee": "invalidJointCommittee",
    "jointCommittees": "invalidJointCommittee",
    "collectiveAgreement": "invalidCollectiveAgreement",
    "duration": "invalidDuration",
    "chargedDuration": "invalidDuration",
    "language": "invalidLanguage",
    "theme": "invalidTheme",
}


Bounds = Mapping[str, tuple[str, str]]
"""A number's name -> its smallest and largest value, as text."""


def validate(declared: Declared, today: str) -> tuple[dict[str, Any] | None, list[Anomaly]]:
    """Check a declaration's fields. Returns them with their warnings, or None and what is wrong.

    `today`: the day in Brussels, ISO.
    """
    models = MODELS if declared.person is None else MODELS_OF_KNOWN_PERSON
    refused: list[str] = []
    # All at once first: 100,000 declarations of a file pass here.
    if is_refused("".join(_texts_of(declared.fields.values()))):
        refused = [path_of(where) for where in _refused_in(declared.fields, ())]
    try:
        checked: dict[str, Any] = models[declared.kind].validate_python(declared.fields)
    except ValidationError as error:
        wrong = [explained(detail) for detail in error.errors(include_url=False, include_input=False)]
        return None, _with_refused(refused, wrong)
    if refused:
        return None, _with_refused(refused, [])
    found = RULES[declared.kind](checked, today)
    if any(map(is_error, found)):
        return None, found
    return checked, found


def _texts_of(values: Iterable[Any]) -> list[str]:
    """List all texts among values, however deep."""
    texts: list[str] = []
    for value in values:
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            texts += _texts_of(value.values())
        elif isinstance(value, list):
            texts += _texts_of(value)
    return texts


def _refused_in(value: Any, where: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    """Find the texts with characters that no channel takes: also those of a date or a number, where such a character
    would be trimmed away or called wrong without a word of why."""
    if isinstance(value, str):
        if is_refused(value):
            yield where
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _refused_in(inner, (*where, str(name)))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _refused_in(inner, (*where, at))


def _with_refused(refused: list[str], wrong: list[Anomaly]) -> list[Anomaly]:
    """Say of a refused text that it is one and nothing else; of an unknown field it is enough that it is unknown."""
    unknown = tuple(one.get("field", "") for one in wrong if one["code"] == "unknownInput")
    told = [path for path in refused if not path.startswith(unknown)]
    others = [one for one in wrong if one.get("field") not in told]
    return others + [anomaly("invalidText", path) for path in told]


def explained(detail: ErrorDetails, bounds: Bounds | None = None) -> Anomaly:  # noqa: PLR0911 - a table
    """Translate a pydantic error to an anomaly; it never repeats the value."""
    field = path_of(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing" or (kind in ("string_too_short", "too_short") and context.get("min_length") == 1):
        return anomaly("requiredInput", field)
    if kind == "extra_forbidden":
        return anomaly("unknownInput", field)
    if kind in ("literal_error", "enum"):
        return anomaly("notInList", field, allowed=str(context["expected"]).replace("'", "").replace(" or ", ", "))
    if kind == NATIONAL_NUMBER:
        return anomaly("nationalNumberInText", field)
    if kind in (REFUSED, "string_unicode"):
        return anomaly("invalidText", field)
    name = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    if kind in {"string_pattern_mismatch", "string_too_short"}:
        return anomaly(_PATTERN_CODES.get(name, "invalidText"), field)
    if kind in ("string_too_long", "too_long"):
        return anomaly("tooLong", field, maximum=context["max_length"])
    if kind.startswith("date"):
        return anomaly("invalidDate", field)
    if kind.startswith("uuid"):
        return anomaly("invalidText", field)
    if kind in _NUMBER_ERRORS:
        return anomaly("invalidNumber", field)
    if kind == "decimal_max_places":
        return anomaly("tooManyDecimals", field, maximum=context["decimal_places"])
    if kind.startswith(("greater_than", "less_than", "decimal_max", "decimal_whole")):
        minimum, maximum = (_BOUNDS if bounds is None else bounds)[name]
        return anomaly("outOfRange", field, minimum=minimum, maximum=maximum)
    return anomaly("wrongType", field, expected=_TYPE_NAMES.get(kind, _OTHER_TYPE))


def bounds_in(schema: Any, name: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """List the numbers in a JSON schema with smallest and largest value; pydantic's error tells only one of them."""
    if isinstance(schema, list):
        for part in schema:
            yield from bounds_in(part, name)
    elif isinstance(schema, dict):
        least = schema.get("minimum", schema.get("exclusiveMinimum"))
        if least is not None and "maximum" in schema:
            yield name, (_plain(least), _plain(schema["maximum"]))
        for key, part in schema.items():
            if key in ("properties", "$defs"):
                for inner, described in part.items():
                    yield from bounds_in(described, inner)
            else:
                yield from bounds_in(part, name)


def _plain(number: Any) -> str:
    return format(Decimal(str(number)).normalize(), "f")


_BOUNDS: Final[Bounds] = dict(bound for model in MODELS.values() for bound in bounds_in(model.json_schema()))


def path_of(location: tuple[int | str, ...]) -> str:
    """Write a location as a path: `("terms", 0, "workingTime")` -> `terms[0].workingTime`.

    An unknown field has the name its sender gave it, which is kept with the anomaly: short, without what no database
    keeps, and without a national number.
    """
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    path = without_national_numbers(path)
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in path[:LONGEST_FIELD_NAME])
