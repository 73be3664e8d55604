"""From declared fields to checked ones, or to anomalies: pure, and the same for every channel."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.gateway.intake.declared import DeclarationKind, Declared
from services.gateway.intake.models import LENIENT_MODELS, MODELS, MODELS_OF_KNOWN_PERSON, OPTIONAL, ORDER
from services.gateway.intake.rules import RULES
from services.gateway.limits import LONGEST_FIELD_NAME, MOST_ISSUES
from shared.anomalies import anomaly, is_error
from shared.contracts.vocabulary import Anomaly
from shared.i18n import N_
from shared.numbers import without_national_numbers
from shared.text import is_refused
from shared.text_types import ANOMALY
from shared.value_types import compact

_TYPE_NAMES = {
    "string_type": N_("text"),
    "int_type": N_("a whole number"),
    "int_from_float": N_("a whole number"),
    "bool_type": N_("true or false"),
    "bool_parsing": N_("true or false"),
    "dict_type": N_("an object"),
    "list_type": N_("a list"),
    "decimal_type": N_("a number"),
}
_OTHER_TYPE = N_("another kind of value")
_CODES = {
    "missing": "requiredInput",
    "extra_forbidden": "unknownInput",
    "literal_error": "notInList",
    "enum": "notInList",
    "string_too_long": "tooLong",
    "string_too_short": "tooShort",
    "string_pattern_mismatch": "invalidText",
    "string_unicode": "invalidText",
    "too_long": "tooManyItems",
    "date_parsing": "invalidDate",
    "date_from_datetime_parsing": "invalidDate",
    "date_from_datetime_inexact": "invalidDate",
    "date_type": "invalidDate",
    "uuid_parsing": "invalidId",
    "uuid_type": "invalidId",
    "int_parsing": "invalidNumber",
    "decimal_parsing": "invalidNumber",
    "finite_number": "invalidNumber",
    "int_parsing_size": "outOfRange",
    "greater_than": "outOfRange",
    "greater_than_equal": "outOfRange",
    "less_than": "outOfRange",
    "less_than_equal": "outOfRange",
    "decimal_max_places": "tooManyDecimals",
}
"""pydantic's type of an error -> the anomaly's code; what is missing here is a wrong type."""
_LIMITS = {"string_too_long": "max_length", "too_long": "max_length", "decimal_max_places": "decimal_places"}
_ALTERNATIVES = {
    "weeklyHours": "workingTime",
    "trainingId": "reference",
    "employmentId": "reference",
    "entitlementId": "reference",
}
"""A field -> the one that is required where neither is given."""
_SOME = 10
"""Unknown fields, or items of a list, that are looked at where there are very many."""
_LONGEST_LOOKED_AT = 10_000
_PLACE = re.compile(r"\[\d+\]")

Bounds = Mapping[str, tuple[str, str]]
"""A number's name -> its smallest and largest value, as text."""


def validate(declared: Declared, today: str) -> tuple[dict[str, Any] | None, list[Anomaly]]:
    """Check a declaration's fields. Returns them with their warnings, or None and all that is wrong.

    All at once: where a field is wrong, the rules are still held against the others. `today`: the day in Brussels, ISO.
    """
    models = MODELS if declared.person is None else MODELS_OF_KNOWN_PERSON
    refused: list[str] = []
    # All at once first: 100,000 declarations of a file pass here.
    if is_refused("".join(_texts_of(declared.fields.values()))):
        refused = [path_of(where) for where in islice(_refused_in(declared.fields, ()), MOST_ISSUES)]
    try:
        checked: dict[str, Any] = models[declared.kind].validate_python(declared.fields)
    except ValidationError as error:
        if error.error_count() > MOST_ISSUES:
            wrong = _most_wrong(declared, error.error_count())
        else:
            wrong = _all_wrong(declared, error.errors(include_url=False), today)
        return None, _in_order(declared.kind, _with_refused(refused, wrong))
    if refused:
        return None, _in_order(declared.kind, _with_refused(refused, []))
    found = RULES[declared.kind](checked, today)
    if any(map(is_error, found)):
        return None, _in_order(declared.kind, found)
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


def _most_wrong(declared: Declared, count: int) -> list[Anomaly]:
    """Tell some of very many errors, and how many more there are: to tell them all costs seconds and helps nobody."""
    models = MODELS if declared.person is None else MODELS_OF_KNOWN_PERSON
    try:
        models[declared.kind].validate_python(_some_of(declared.fields))
    except ValidationError as error:
        details = error.errors(include_url=False)
    else:
        details = []
    optional = OPTIONAL[declared.kind]
    found = [explained(detail, _BOUNDS[declared.kind], optional) for detail in details[: MOST_ISSUES - 1]]
    return [*_in_order(declared.kind, found), anomaly("moreIssues", count=count - len(found))]


def _some_of(fields: Any) -> Any:
    """Copy known fields, and the first ones of what else there is."""
    if isinstance(fields, list):
        return [_some_of(one) for one in fields[:_SOME]]
    if not isinstance(fields, dict):
        return fields
    unknown = islice((name for name in fields if name not in _NAMES), _SOME)
    return {name: _some_of(fields[name]) for name in (*(one for one in _NAMES if one in fields), *unknown)}


def _all_wrong(declared: Declared, details: list[ErrorDetails], today: str) -> list[Anomaly]:
    optional = OPTIONAL[declared.kind]
    found = [explained(detail, _BOUNDS[declared.kind], optional) for detail in details]
    wrong = {one.get("field", "") for one in found}
    of_rules = RULES[declared.kind](_right_part(declared, details), today)
    wrong |= {_instead_of(path) for path in wrong}
    found += [one for one in of_rules if not any(_within(one.get("field", ""), path) for path in wrong)]
    return _in_order(declared.kind, found)


def _instead_of(path: str) -> str:
    """Name the field in whose place a wrong one was given: that it is not there needs no telling."""
    parent, dot, name = path.rpartition(".")
    return parent + dot + _ALTERNATIVES.get(name, name)


def _within(path: str, wrong: str) -> bool:
    return path == wrong or path.startswith((f"{wrong}.", f"{wrong}["))


def _right_part(declared: Declared, details: Sequence[ErrorDetails]) -> dict[str, Any]:
    """Read what is right of a declaration, without the fields that these errors are about."""
    left = {name: deepcopy(value) for name, value in declared.fields.items() if name in ORDER[declared.kind]}
    if declared.person is not None:
        left.pop("ssin", None)
    for detail in details:
        if detail["type"] not in ("missing", "extra_forbidden"):
            _take_out(left, detail["loc"])
    try:
        right: dict[str, Any] = LENIENT_MODELS[declared.kind].validate_python(left)
    except ValidationError as error:
        # A value of a list is wrong by itself: the list as a whole is not looked at.
        for detail in error.errors(include_url=False, include_input=False):
            left.pop(str(detail["loc"][0]), None)
        right = LENIENT_MODELS[declared.kind].validate_python(left)
    return right


def _take_out(fields: Any, location: Sequence[int | str]) -> None:
    """Remove the value at this place; in a list an empty object stays, so that the others keep their places."""
    *parents, last = location
    for part in parents:
        try:
            fields = fields[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(fields, dict):
        fields.pop(last, None)
    elif isinstance(fields, list) and isinstance(last, int) and last < len(fields):
        fields[last] = {}


def _in_order(kind: DeclarationKind, found: Iterable[Anomaly]) -> list[Anomaly]:
    """Order what is wrong as the declaration has its fields; what is about none of them comes last."""
    order = ORDER[kind]
    return sorted(found, key=lambda one: order.get(re.split(r"[.\[]", one.get("field", ""))[0], len(order)))


def explained(detail: ErrorDetails, bounds: Bounds | None = None, optional: Container[str] = ()) -> Anomaly:
    """Translate a pydantic error to an anomaly, by its cause; it never repeats the value.

    `optional`: the paths of fields that may be left out, with `[]` for the place in a list.
    """
    field, kind = path_of(detail["loc"]), detail["type"]
    context = dict(detail.get("ctx", {}))
    code = str(context.pop("code")) if kind == ANOMALY else _CODES.get(kind)
    if code == "emptyInput" or _is_empty(detail):
        return anomaly("emptyInput" if _PLACE.sub("[]", field) in optional else "requiredInput", field)
    if code == "notInList":
        return anomaly(code, field, allowed=str(context["expected"]).replace("'", "").replace(" or ", ", "))
    if code == "outOfRange":
        name = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "")
        minimum, maximum = (bounds or {})[name]
        return anomaly(code, field, minimum=minimum, maximum=maximum)
    if code is None:
        return anomaly("wrongType", field, expected=_TYPE_NAMES.get(kind, _OTHER_TYPE))
    if kind == ANOMALY:
        return anomaly(code, field, **context)
    limit = context.get(_LIMITS.get(kind, ""))
    return anomaly(code, field) if limit is None else anomaly(code, field, maximum=limit)


def _is_empty(detail: ErrorDetails) -> bool:
    """Check whether nothing was given: an empty or blank text, or a list of nothing that must have something."""
    value = detail.get("input")
    if isinstance(value, str):
        return not compact(value[:_LONGEST_LOOKED_AT])
    return detail["type"] == "too_short" and not value


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


def _names_in(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for part in schema:
            yield from _names_in(part)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from _names_in(part)


def _plain(number: Any) -> str:
    return format(Decimal(str(number)).normalize(), "f")


_NAMES: Final = sorted({name for model in MODELS.values() for name in _names_in(model.json_schema())})
"""The names of all fields of all declarations."""
_BOUNDS: Final[Mapping[DeclarationKind, Bounds]] = {
    kind: dict(bounds_in(model.json_schema())) for kind, model in MODELS.items()
}
"""Within one kind of declaration fields of one name have the same bounds."""


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
