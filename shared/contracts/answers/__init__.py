"""What services answer each other by internal HTTP: one module a service, and what several answers are made of.

The service builds the struct and encodes it; the gateway's client (`services/gateway/questions`) decodes it by its
type. A field that a newer service added is ignored by an older gateway; a field that is None is absent on the wire.
Spelling on the wire is camel case, as in the events.

Types: days are dates; amounts of days are Decimals, text on the wire. Ids and enterprise numbers are text, as they are
keys and parts of addresses. Moments are text too, ISO 8601 in UTC with `+00:00`: msgspec would write `Z`, and the
public API hands them on as they are. What is kept as an event brought it (terms, sizes, a training's content) is the
event's own type. One test holds both sides: `tests/integration/gateway/questions/test_internal_answers.py`.
"""
