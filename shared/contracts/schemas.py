"""The JSON Schema of each event type, made from its contract."""

from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from shared.contracts.topics import TOPICS, Topic

Schema = dict[str, Any]


class _WithoutMadeUpTitles(GenerateJsonSchema):
    """`validUntil` needs no title "Validuntil"."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def event_types(topic: Topic) -> dict[str, Any]:
    """Get the contracts of a topic by their CloudEvents type."""
    union = get_args(topic.event)[0]  # Annotated[A | B, …] or Annotated[A, …]
    return {get_args(get_type_hints(event)["type"])[0]: event for event in get_args(union) or (union,)}


@cache
def schemas() -> dict[str, Schema]:
    """Generate the JSON Schema (2020-12) of every event: dict[type, schema]; what a reader may rely on.

    Fields that it does not name are allowed: a newer release may have added them.
    """
    return {type_: _schema(type_, event) for topic in TOPICS.values() for type_, event in event_types(topic).items()}


def _schema(type_: str, event: Any) -> Schema:
    made = TypeAdapter(event).json_schema(schema_generator=_WithoutMadeUpTitles)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:fla:schema:{type_}", **made}
