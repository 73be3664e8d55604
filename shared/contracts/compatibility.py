"""Whether an event's schema still keeps the promises of the one that was published.

Events stay in Kafka for ever and travel between releases, so under one type name both directions must hold: what was
ever written can still be read, and what is written now can be read by who relied on the published schema.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_LOWER_LIMITS = ("minLength", "minimum", "exclusiveMinimum", "minItems")
_UPPER_LIMITS = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")


def incompatibilities(published: Schema, present: Schema) -> list[str]:
    """List what breaks the promise, a sentence each with the field's path; empty when nothing does.

    Allowed: new optional fields, new values in an enumeration, wider limits, other descriptions.
    """
    return list(_compare(_Node(published, published, "event"), _Node(present, present, "event")))


class _Node:
    """A place in a schema, with the whole schema for its references."""

    def __init__(self, schema: Schema, root: Schema, path: str) -> None:
        while "$ref" in schema:
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        self.schema = schema
        self.root = root
        self.path = path

    def at(self, schema: Schema, step: str) -> "_Node":
        return _Node(schema, self.root, self.path + step)

    def alternatives(self) -> list["_Node"]:
        for word in ("anyOf", "oneOf"):
            if word in self.schema:
                return [self.at(schema, "") for schema in self.schema[word]]
        return [self]

    def types(self) -> set[str]:
        types = self.schema.get("type", ())
        return {types} if isinstance(types, str) else set(types)

    def values(self) -> set[str] | None:
        """Get the values allowed one by one, None when there is no such list."""
        if "const" in self.schema:
            return {repr(self.schema["const"])}
        return {repr(value) for value in self.schema["enum"]} if "enum" in self.schema else None


def _compare(old: _Node, new: _Node) -> Iterator[str]:
    if len(old.alternatives()) > 1 or len(new.alternatives()) > 1:
        for alternative in old.alternatives():
            if not any(not list(_compare(alternative, other)) for other in new.alternatives()):
                yield f"{old.path}: one of its alternatives is no longer allowed"
        return
    yield from _compare_type(old, new)
    yield from _compare_values(old, new)
    yield from _compare_limits(old, new)
    yield from _compare_fields(old, new)
    for word, step in (("items", "[]"), ("additionalProperties", ".*")):
        before, now = old.schema.get(word), new.schema.get(word)
        if isinstance(before, dict) or isinstance(now, dict):
            yield from _compare(old.at(_any_unless(before), step), new.at(_any_unless(now), step))


def _compare_type(old: _Node, new: _Node) -> Iterator[str]:
    if old.types() != new.types():
        yield f"{old.path}: its type was {_words(old.types())} and is {_words(new.types())}"
    if old.schema.get("format") != new.schema.get("format"):
        yield f"{old.path}: its format was {old.schema.get('format')} and is {new.schema.get('format')}"


def _compare_values(old: _Node, new: _Node) -> Iterator[str]:
    before, now = old.values(), new.values()
    if now is None:
        if "const" in old.schema:
            yield f"{old.path}: was always {old.schema['const']!r} and may be anything now"
    elif before is None:
        yield f"{old.path}: only {_words(now)} is allowed now"
    elif gone := before - now:
        yield f"{old.path}: {_words(gone)} is no longer allowed"


def _compare_limits(old: _Node, new: _Node) -> Iterator[str]:
    for names, sign in ((_LOWER_LIMITS, 1), (_UPPER_LIMITS, -1)):
        for name in names:
            before, now = old.schema.get(name), new.schema.get(name)
            if now is not None and (before is None or sign * now > sign * before):
                yield f"{old.path}: {name} was {before} and is {now}"
    if "pattern" in new.schema and new.schema["pattern"] != old.schema.get("pattern"):
        yield f"{old.path}: its pattern was {old.schema.get('pattern')} and is {new.schema['pattern']}"


def _compare_fields(old: _Node, new: _Node) -> Iterator[str]:
    before, now = old.schema.get("properties", {}), new.schema.get("properties", {})
    needed_before, needed_now = set(old.schema.get("required", ())), set(new.schema.get("required", ()))
    for name in before:
        if name not in now:
            yield f"{old.path}.{name}: was removed or renamed"
        else:
            yield from _compare(old.at(before[name], f".{name}"), new.at(now[name], f".{name}"))
    for name in sorted(needed_now - needed_before):
        yield f"{old.path}.{name}: is required now, and events without it exist"
    for name in sorted((needed_before - needed_now) & now.keys()):
        yield f"{old.path}.{name}: was always there and may be missing now"
    if new.schema.get("additionalProperties") is False and old.schema.get("additionalProperties") is not False:
        yield f"{old.path}: no longer allows fields that it does not know"


def _any_unless(schema: Any) -> Schema:
    """Get what a part of a schema allows: anything, unless it says otherwise."""
    return schema if isinstance(schema, dict) else {}


def _words(values: set[str]) -> str:
    return ", ".join(sorted(values)) or "any"
