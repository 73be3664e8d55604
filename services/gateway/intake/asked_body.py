"""A JSON body that asks something: checked against its model, with every issue at once."""

from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from services.gateway.intake.validation import Bounds, bounds_in, explained
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly


def _without_defaults(schema: dict[str, Any]) -> None:
    """Remove the defaults: what stands in a field that was left out is no value of it, and no null means anything."""
    for described in schema["properties"].values():
        described.pop("default", None)


class AskedBody(BaseModel):
    """What a body asks. Fields that may be left out have a default of their type, which nobody reads."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)


@cache
def _bounds(model: type[AskedBody]) -> Bounds:
    return dict(bounds_in(model.model_json_schema()))


def checked_body(
    model: type[AskedBody], content: dict[str, Any], days: tuple[str, ...]
) -> tuple[dict[str, Any], list[Anomaly]]:
    """Read the fields that were sent, and list all that is wrong with them. `days`: the fields that are dates."""
    try:
        asked = model.model_validate(content).model_dump(by_alias=True, exclude_unset=True)
    except ValidationError as error:
        return {}, [explained(one, _bounds(model)) for one in error.errors(include_url=False, include_input=False)]
    return asked, [anomaly("invalidDate", name) for name in days if name in asked and not _is_day(asked[name])]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
