"""From declared fields to checked ones, or to anomalies: pure, and the same for every channel."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.gateway.intake.declared import Declared
from services.gateway.intake.models import MODELS
from services.gateway.intake.rules import RULES
from shared.anomalies import anomaly, is_error
from shared.contracts.vocabulary import Anomaly

_PUNCTUATION = str.maketrans("", "", " .-/")
_NUMBERS = ("ssin", "enterpriseNumber")

_TYPE_NAMES = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "an object",
    "list_type": "a list",
    "decimal_type": "a number",
}
_NUMBER_ERRORS = frozenset({"int_parsing", "int_from_float", "decimal_parsing", "finite_number"})
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


def validate(declared: Declared, today: str) -> tuple[dict[str, Any] | None, list[Anomaly]]:
    """The checked fields and their warnings, or None and what is wrong. `today`: the local day, ISO.

    Numbers may carry their usual punctuation (`85.07.30-033.28`, `BE 0403.019.261` without the letters).
    """
    fields = declared.fields
    for name in _NUMBERS:
        value = fields.get(name)
        if type(value) is str and not value.isdigit():
            fields = {**fields, name: value.translate(_PUNCTUATION).removeprefix("BE")}
    try:
        checked: dict[str, Any] = MODELS[declared.kind].validate_python(fields)
    except ValidationError as error:
        return None, [_explain(detail) for detail in error.errors(include_url=False, include_input=False)]
    found = RULES[declared.kind](checked, today)
    if any(map(is_error, found)):
        return None, found
    return checked, found


def _explain(detail: ErrorDetails) -> Anomaly:  # noqa: PLR0911 - a table in the form of ifs
    """The anomaly that a pydantic error stands for; it never repeats the value."""
    field = _path(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing" or (kind in ("string_too_short", "too_short") and context.get("min_length") == 1):
        return anomaly("requiredInput", field)
    if kind == "extra_forbidden":
        return anomaly("unknownInput", field)
    if kind == "literal_error":
        return anomaly("notInList", field, allowed=str(context["expected"]).replace("'", "").replace(" or ", ", "))
    if kind in {"string_pattern_mismatch", "string_too_short"}:
        name = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "")
        return anomaly(_PATTERN_CODES.get(name, "invalidText"), field)
    if kind in ("string_too_long", "too_long"):
        return anomaly("tooLong", field, maximum=context["max_length"])
    if kind in _NUMBER_ERRORS:
        return anomaly("invalidNumber", field)
    if kind.startswith(("greater_than", "less_than", "decimal_")):
        return anomaly("outOfRange", field, **_bounds(context))
    return anomaly("wrongType", field, expected=_TYPE_NAMES.get(kind, "another kind of value"))


def _bounds(context: dict[str, Any]) -> dict[str, str]:
    minimum = context.get("ge", context.get("gt", 0))
    maximum = context.get("le", context.get("lt", "…"))
    return {"minimum": str(minimum), "maximum": str(maximum)}


def _path(location: tuple[int | str, ...]) -> str:
    """`("terms", 0, "workingTime")` -> `terms[0].workingTime`."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    return path
