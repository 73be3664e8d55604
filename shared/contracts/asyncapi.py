"""The AsyncAPI 3 document: every topic, every event, and who sends and receives them."""

import inspect
import sys
from typing import Any

from shared.contracts.schemas import event_types
from shared.contracts.topics import FOR_EVER, TOPICS, Topic

SENDERS = {
    "fla.training-submissions.v1": ("gateway",),
    "fla.employer-submissions.v1": ("gateway",),
    "fla.trainings.v1": ("registration",),
    "fla.employments.v1": ("entitlements",),
    "fla.entitlements.v1": ("entitlements",),
    "fla.outcomes.v1": ("registration", "entitlements"),
}
RECEIVERS = {
    "fla.training-submissions.v1": ("registration",),
    "fla.employer-submissions.v1": ("entitlements",),
    "fla.trainings.v1": ("entitlements", "dashboard"),
    "fla.employments.v1": ("gateway", "registration", "dashboard"),
    "fla.entitlements.v1": ("dashboard",),
    "fla.outcomes.v1": ("gateway",),
}


def document() -> dict[str, Any]:
    """Get the whole document; payloads refer to the schemas beside it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Federal Learning Account: events",
            "version": "1.0.0",
            "description": (
                "Facts travel between the services as CloudEvents 1.0 in structured JSON. A record's key decides its "
                "order: all that is about one person is in one partition. Apply only what is newer than what you have: "
                "each aggregate carries its version. Ignore fields that you do not know."
            ),
            "license": {"name": "EUPL-1.2"},
        },
        "defaultContentType": "application/cloudevents+json",
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka"}},
        "channels": {_id(topic): _channel(topic) for topic in TOPICS.values()},
        "operations": {
            f"{service}-{action}-{_id(topic)}": {"action": action, "channel": {"$ref": f"#/channels/{_id(topic)}"}}
            for topic in TOPICS.values()
            for action, services in (("send", SENDERS[topic.name]), ("receive", RECEIVERS[topic.name]))
            for service in services
        },
        "components": {
            "messages": {
                type_: _message(type_, event)
                for topic in TOPICS.values()
                for type_, event in event_types(topic).items()
            }
        },
    }


def _id(topic: Topic) -> str:
    return topic.name.removeprefix("fla.").removesuffix(".v1")


def _channel(topic: Topic) -> dict[str, Any]:
    module = sys.modules[next(iter(event_types(topic).values())).__module__]
    return {
        "address": topic.name,
        "description": " ".join((inspect.getdoc(module) or "").split()),
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in event_types(topic)},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "topicConfiguration": {
                    "cleanup.policy": ["delete"],
                    "retention.ms": FOR_EVER if topic.retention_ms == FOR_EVER else topic.retention_ms,
                },
            }
        },
    }


def _message(type_: str, event: Any) -> dict[str, Any]:
    return {
        "name": type_,
        "title": event.__name__,
        "summary": inspect.cleandoc(event.__dict__.get("__doc__") or _data_doc(event))
        .split("\n\n")[0]
        .replace("\n", " "),
        "contentType": "application/cloudevents+json",
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"schemas/{type_}.json"},
        },
    }


def _data_doc(event: Any) -> str:
    return inspect.getdoc(event.__annotations__["data"]) or ""
