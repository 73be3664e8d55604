"""The named schemas: those of what is sent, from the models that check it, and those of what is answered."""

from typing import Any, Final

from pydantic import TypeAdapter

from services.gateway.api.answers.problems import Problem
from services.gateway.intake.models import (
    EmploymentCancellation,
    EmploymentChange,
    EntitlementCancellation,
    TrainingCancellation,
    TrainingCorrection,
)

_TEMPLATE: Final = "#/components/schemas/{model}"
# What the address of a change or a cancellation tells already need not be said again.
_GIVEN_BY_ADDRESS: Final = frozenset({"ssin", "enterpriseNumber"})
_AT_AN_ADDRESS: Final = (
    TrainingCorrection,
    TrainingCancellation,
    EmploymentChange,
    EmploymentCancellation,
    EntitlementCancellation,
)
_VALUES: Final = frozenset({"const", "default", "enum", "examples", "required"})

_models: dict[str, Any] = {"Problem": Problem}


def named(model: Any) -> dict[str, str]:
    """Refer to the schema of this model, which the description then holds."""
    name: str = model.__name__
    assert _models.setdefault(name, model) is model, f"two models are called {name}"
    return {"$ref": _TEMPLATE.format(model=name)}


def schemas() -> dict[str, Any]:
    """Collect the named schemas: dict[name, schema]."""
    adapters = [(name, "validation", TypeAdapter(model)) for name, model in _models.items()]
    _, defined = TypeAdapter.json_schemas(adapters, ref_template=_TEMPLATE)  # type: ignore[arg-type]
    found = {name: plain(schema) for name, schema in sorted(defined["$defs"].items())}
    for model in _AT_AN_ADDRESS:
        schema = found[model.__name__]
        schema["required"] = [name for name in schema["required"] if name not in _GIVEN_BY_ADDRESS]
    return found


def plain(schema: Any) -> Any:
    """Simplify a schema for generators of code: no titles that only repeat a name, no unions that help nobody.

    Text is taken for a number too, and nothing (`null`) never is: a class of its own for either would be in the way.
    """
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in schema:
        kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if kinds[0].get("type") == "number" or len(kinds) == 1:
            return plain({name: part for name, part in schema.items() if name not in ("anyOf", "default")} | kinds[0])
    if schema.get("format") == "date":
        # Software has a type for days, which knows of no pattern.
        schema = {name: part for name, part in schema.items() if name != "pattern"}
    return {
        name: {field: plain(part) for field, part in value.items()}
        if name in ("properties", "$defs")
        else value
        if name in _VALUES
        else plain(value)
        for name, value in schema.items()
        if name != "title"
    }
