"""The events that travel between the services: one module per topic, each contract defined once.

Everything here is a `TypedDict` with identifiers, dates and moments as text: pydantic checks it in one pass over the
bytes and what comes out is what goes in, with no objects in between (a decode costs a third of a `BaseModel`'s).
"""
