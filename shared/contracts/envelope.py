"""CloudEvents 1.0 in structured JSON: the envelope of every event."""

from datetime import UTC, datetime
from typing import Any, Literal, NotRequired

import orjson
from typing_extensions import TypedDict

from shared.contracts.vocabulary import Moment, Uuid

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"


class Envelope(TypedDict):
    """What every event carries beside its own `type` and `data`.

    `actor` is who acted (`person:<id>` or `client:<id>` or `service:<name>`), `party` the enterprise number acted for,
    `submissionid` the submission that led to it. All extension names follow CloudEvents' lower-case rule.
    """

    specversion: Literal["1.0"]
    id: Uuid
    source: str
    subject: str
    time: Moment
    dataschema: str
    actor: str
    party: str
    submissionid: NotRequired[str]
    traceparent: NotRequired[str]


def now() -> str:
    """Get the present moment in UTC as contracts write it, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def event(
    type_: str,
    data: Any,
    *,
    id_: str,
    source: str,
    subject: str,
    actor: str,
    party: str,
    time: str,
    submission: str | None = None,
    traceparent: str | None = None,
) -> dict[str, Any]:
    """Build an event for `encode`. `type_` is like `be.fla.training.registered.v1`; its schema is named after it."""
    envelope: dict[str, Any] = {
        "specversion": "1.0",
        "id": id_,
        "source": source,
        "type": type_,
        "subject": subject,
        "time": time,
        "dataschema": f"urn:fla:schema:{type_}",
        "actor": actor,
        "party": party,
        "data": data,
    }
    if submission is not None:
        envelope["submissionid"] = submission
    if traceparent is not None:
        envelope["traceparent"] = traceparent
    return envelope


def encode(event_: dict[str, Any]) -> bytes:
    """Encode an event as it travels."""
    return orjson.dumps(event_)
