"""The fields of an enterprise in a form, as the API names them."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import FormData

from services.gateway.web.kit.forms import FieldError, typed_text
from services.gateway.web.kit.joint_committees import doubtful, question
from services.gateway.web.kit.typed_values import typed_day, typed_decimal
from shared.i18n import Language
from shared.numbers import plain_number

QUARTER_FIELDS = (
    "quarters.year",
    "quarters.quarter",
    "quarters.fullTimeEquivalents",
    "quarters.heads",
    "quarters.agencyFullTimeEquivalents",
    "quarters.agencyHeads",
)
"""The fields of one declared quarter."""


def committee_codes(text: str) -> list[str]:
    """Split codes typed in one field, with commas or semicolons between them."""
    return [code for code in (part.strip(" \t\r\n") for part in text.replace(";", ",").split(",")) if code]


def committees_asked(
    form: FormData, fields: dict[str, Any], language: Language, sure: Iterable[str], errors: Iterable[FieldError]
) -> tuple[FieldError, ...]:
    """Ask about committees that nobody knows, unless what was typed is no committee at all."""
    wrong = any((error.field or "").startswith("jointCommittees") for error in errors)
    return () if wrong or not doubtful(form, fields["jointCommittees"], sure) else question(language)


def enterprise_fields(form: FormData, language: Language) -> dict[str, Any]:
    """Read what the form says of an enterprise, as the API would have it."""
    fields: dict[str, Any] = {
        name: typed_text(form, name) for name in ("enterpriseNumber", "name") if typed_text(form, name)
    }
    if "enterpriseNumber" in fields:
        fields["enterpriseNumber"] = plain_number(fields["enterpriseNumber"])
    fields["jointCommittees"] = committee_codes(typed_text(form, "jointCommittees"))
    size = {
        "workers": typed_decimal(form, "sizes.workers", language),
        "basis": typed_text(form, "sizes.basis"),
        "validFrom": typed_day(form, "sizes.validFrom"),
    }
    if size["workers"]:
        fields["sizes"] = [{name: value for name, value in size.items() if value}]
    quarter = {name.removeprefix("quarters."): typed_decimal(form, name, language) for name in QUARTER_FIELDS}
    if any(quarter.values()):
        fields["quarters"] = [{name: value for name, value in quarter.items() if value}]
    return fields
