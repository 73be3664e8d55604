"""The fields of an enterprise in a form, as the API names them."""

from typing import Any

from starlette.datastructures import FormData

from services.gateway.web.kit.forms import typed_text
from shared.numbers import plain_number

FIELD_NAMES = {
    f"sizes[0].{name}": f"sizes.{name}" for name in ("workers", "basis", "validFrom")
} | {"jointCommittees[0]": "jointCommittees"}  # fmt: skip


def committee_codes(text: str) -> list[str]:
    """Split codes typed in one field, with commas or semicolons between them."""
    return [code for code in (part.strip(" \t\r\n") for part in text.replace(";", ",").split(",")) if code]


def enterprise_fields(form: FormData) -> dict[str, Any]:
    """Read what the form says of an enterprise, as the API would have it."""
    fields: dict[str, Any] = {
        name: typed_text(form, name) for name in ("enterpriseNumber", "name") if typed_text(form, name)
    }
    if "enterpriseNumber" in fields:
        fields["enterpriseNumber"] = plain_number(fields["enterpriseNumber"])
    fields["jointCommittees"] = committee_codes(typed_text(form, "jointCommittees"))
    size = {name: typed_text(form, f"sizes.{name}") for name in ("workers", "basis", "validFrom")}
    if size["workers"]:
        fields["sizes"] = [{name: value.replace(",", ".") for name, value in size.items() if value}]
    return fields
