"""Between a training's form and its declaration, both ways."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from services.gateway.web.kit.forms import nested, typed_text
from services.gateway.web.kit.typed_values import typed_day, typed_duration

CONTENT_FIELDS = (
    "title",
    "startDate",
    "endDate",
    "durationHours",
    "durationMinutes",
    "kind",
    "provider.name",
    "status",
    "context",
    "rightType",
    "chargedDurationHours",
    "chargedDurationMinutes",
    "description",
    "provider.enterpriseNumber",
    "provider.internal",
    "certificate.awarded",
    "certificate.validUntil",
    "result",
    "financing",
    "language",
    "location",
    "modality",
    "theme",
)
"""Names of the form's fields: the API's paths, except that a duration is typed as hours and minutes.

Errors about a duration name the fields `duration` and `chargedDuration`. An empty `status` means: by its dates,
planned while its end lies ahead and completed afterwards. `provider.internal` and `certificate.awarded` are ticked
with the value `true`.
"""
MAIN_FIELDS = frozenset(CONTENT_FIELDS[:7]) | {"duration", "employees"}
DEFAULTS = {"context": "professional", "rightType": "legal"}
"""What a new form holds before anything is typed."""


def declared_fields(form: FormData) -> dict[str, Any]:
    """Read the form's content as the API would have it: without what is empty, hours and minutes as a duration."""
    flat: dict[str, Any] = {
        name: typed_text(form, name) for name in CONTENT_FIELDS if not name.endswith(("Hours", "Minutes"))
    }
    flat |= {name: typed_day(form, name) for name in ("startDate", "endDate", "certificate.validUntil")}
    flat |= {name: typed_duration(form, name) for name in ("duration", "chargedDuration")}
    fields = nested(flat)
    if "certificate" in fields:
        fields["certificate"].setdefault("awarded", "false")
    return fields


def form_values(content: Mapping[str, Any]) -> dict[str, str]:
    """Write a training's content as the form shows it."""
    values = dict(DEFAULTS)
    for name in CONTENT_FIELDS:
        value: Any = content
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is not None:
            values[name] = {True: "true", False: ""}.get(value, str(value)) if isinstance(value, bool) else str(value)
    values |= _hours_and_minutes("duration", content.get("minutes"))
    values |= _hours_and_minutes("chargedDuration", content.get("chargedMinutes"))
    return values


def _hours_and_minutes(name: str, minutes: int | None) -> dict[str, str]:
    if minutes is None:
        return {}
    return {f"{name}Hours": str(minutes // 60), f"{name}Minutes": str(minutes % 60)}
